"""From the application to the line that is paid again, step by step and each by another person."""

import io
from datetime import date, timedelta

from python_calamine import CalamineWorkbook

from lastmile.kernel.domain.identity import Role
from tests.gateway.api.people import CODE
from tests.gateway.console.station import Station
from tests.gateway.console.warmth.giving import ACCOUNT, apply, carry, returned, sent


def test_the_whole_journey_with_a_line_that_fails_and_is_paid_again(ready: Station, today: str) -> None:
    application = apply(ready, today)
    carry(ready, application, today)
    chair, on = ready.person(Role.CHAIR), {"occurred_on": today}
    assert "叁仟元整" in chair.open("/approvals")
    answer = chair.send("/approvals", selected=[application], **on)
    assert "请输入动态验证码" in answer.text
    chair.does("/approvals", selected=[application], second_factor_code=CODE, **on)
    accountant, cashier = ready.person(Role.ACCOUNTANT), ready.person(Role.CASHIER)
    page = accountant.does("/pay-lists/enter", selected=[application], pay_list_id="l1", **on)
    assert "叁仟元整" in page
    file = accountant.send("/pay-lists/l1/bank-file", "/pay-lists/l1", format="xlsx")
    (headings, line) = CalamineWorkbook.from_filelike(io.BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert line[1:6] == ["赵某", ACCOUNT, "某银行", "3000.00", application]
    cashier.does("/pay-lists/l1/release", opened="/pay-lists/l1", second_factor_code=CODE, **on)
    failed = returned(headings, line, "失败", "账户已销户")
    looked = cashier.send("/pay-lists/l1/return", "/pay-lists/l1", file=(io.BytesIO(failed), "return.csv"))
    assert "失败 1 笔" in looked.text
    assert (
        "账户已销户"
        in cashier.client.post(
            f"{cashier.here}/pay-lists/l1/return", data=sent(looked.text, today), follow_redirects=True
        ).text
    )
    again = cashier.client.post(
        f"{cashier.here}/pay-lists/l1/return", data=sent(looked.text, today), follow_redirects=True
    )
    assert "没有变化" in again.text
    accountant.does("/pay-lists/enter", selected=[application], pay_list_id="l2", **on)
    cashier.does("/pay-lists/l2/release", opened="/pay-lists/l2", **on)
    paid = returned(headings, line, "成功", "")
    looked = cashier.send("/pay-lists/l2/return", "/pay-lists/l2", file=(io.BytesIO(paid), "return.csv"))
    cashier.client.post(f"{cashier.here}/pay-lists/l2/return", data=sent(looked.text, today))
    page = ready.person(Role.CLERK).does(f"/applications/{application}/sign", **on)
    assert "已签领" in page


def test_the_same_person_is_stopped_at_each_second_step_and_told_who_takes_it(ready: Station, today: str) -> None:
    application = apply(ready, today)
    carry(ready, application, today, until="compare")
    at, on = f"/applications/{application}", {"occurred_on": today}
    clerk_as_head = ready.person(Role.STATION_HEAD, "clerk")
    assert "须由另一位同事办理" in clerk_as_head.open(at)
    answer = clerk_as_head.send(f"{at}/review", **on)
    assert answer.status_code == 409
    assert "请由没有经办过的站长审核" in answer.text
    ready.person(Role.STATION_HEAD).does(f"{at}/review", **on)
    ready.person(Role.CLERK).does(f"{at}/notice", **on)
    ready.person(Role.CLERK).does(f"{at}/notice/close", objections="0", **on)
    head_as_chair = ready.person(Role.CHAIR, "station_head")
    assert "您经手过" in head_as_chair.open("/approvals")
    answer = head_as_chair.send(f"{at}/approve", second_factor_code=CODE, **on)
    assert "主席或副主席审批" in answer.text
    ready.person(Role.CHAIR).does(f"{at}/approve", second_factor_code=CODE, **on)
    clerk_as_accountant = ready.person(Role.ACCOUNTANT, "clerk")
    answer = clerk_as_accountant.send("/pay-lists/enter", selected=[application], pay_list_id="l1", **on)
    assert "不能列单或放款" in answer.text
    ready.person(Role.ACCOUNTANT).does("/pay-lists/enter", selected=[application], pay_list_id="l1", **on)
    accountant_as_cashier = ready.person(Role.CASHIER, "accountant")
    assert "须由另一位出纳放款" in accountant_as_cashier.open("/pay-lists/l1")
    answer = accountant_as_cashier.send("/pay-lists/l1/release", "/pay-lists/l1", second_factor_code=CODE, **on)
    assert "列单的人不能放款" in answer.text


def test_dates_far_back_are_refused_at_the_step_that_they_would_precede(ready: Station, today: str) -> None:
    application = apply(ready, today)
    carry(ready, application, today, until="compare")
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    answer = ready.person(Role.STATION_HEAD).send(f"/applications/{application}/review", occurred_on=yesterday)
    assert "日期早于上一步" in answer.text
