"""A bank file needs an account on every line, and a bank's return must fit its pay list."""

import io

import pytest

from lastmile.kernel.domain.identity import Role
from tests.gateway.api.people import CODE
from tests.gateway.console.station import Station
from tests.gateway.console.warmth.giving import approved, carry


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("r.xlsx", b"PK\x03\x04 no zip", "不是能读的"),
        ("r.csv", "业务编号\nx".encode(), "缺少这些列：结果"),
        ("r.csv", b"", "文件是空的"),
        ("r.csv", b"x" * (2 * 1024 * 1024 + 1), "文件太大"),
        ("r.csv", "业务编号,结果\nnobody,成功\n".encode(), "不在这张发放单里"),
        ("r.csv", "业务编号,结果,金额（元）\n{id},成功,1.00\n".encode(), "金额与发放单不符"),
        ("r.csv", "业务编号,结果\n{id},也许\n".encode(), "结果须为"),
        ("r.csv", "业务编号,结果\n{id},成功\n{id},失败\n".encode(), "重复的行"),
    ],
)
def test_a_return_that_is_wrong_is_told_line_by_line_and_books_nothing(
    ready: Station, today: str, name: str, data: bytes, said: str
) -> None:
    application = approved(ready, today)
    accountant, cashier, on = ready.person(Role.ACCOUNTANT), ready.person(Role.CASHIER), {"occurred_on": today}
    accountant.does("/pay-lists/enter", selected=[application], pay_list_id="l1", **on)
    cashier.does("/pay-lists/l1/release", opened="/pay-lists/l1", second_factor_code=CODE, **on)
    data = data.replace(b"{id}", application.encode())
    answer = cashier.send("/pay-lists/l1/return", "/pay-lists/l1", file=(io.BytesIO(data), name))
    assert said in answer.text
    assert "已放款" in cashier.open("/pay-lists/l1")


def test_without_an_account_there_is_no_bank_file_and_the_page_says_whose_is_missing(
    ready: Station, today: str
) -> None:
    clerk, on = ready.person(Role.CLERK), {"occurred_on": today}
    clerk.does("/households/0190-qian/open", category="relative", persons="1", **on)
    path = "/households/0190-qian/apply"
    answer = clerk.send(path, fund_id="own", amount_fen="1000", ground="失业", occurred_on=today)
    application = answer.headers["Location"].rpartition("/")[2]
    carry(ready, application, today)
    ready.person(Role.CHAIR).does(f"/applications/{application}/approve", second_factor_code=CODE, **on)
    accountant = ready.person(Role.ACCOUNTANT)
    accountant.does("/pay-lists/enter", selected=[application], pay_list_id="l1", **on)
    answer = accountant.send("/pay-lists/l1/bank-file", "/pay-lists/l1", format="csv")
    assert answer.status_code == 409
    assert "还没有登记收款账户" in answer.text
