"""Warmth-giving in the console, without scripts: from the household's file to the line that is paid again."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Role
from lastmile.settings import read_settings
from services.gateway.app import make_gateway
from services.gateway.console.showing import STATION_TIME
from services.gateway.session import COOKIE
from tests.gateway.api.conftest import gateway_over
from tests.gateway.api.people import CODE, StandInAccess
from tests.membership.station import identity_number

ACCOUNT = "6222000011112222"


@dataclass
class Person:
    """Somebody of the station at the console, without scripts."""

    client: FlaskClient
    here: str

    def open(self, path: str) -> str:
        """The page at an address of the station, which must be there."""
        answer = self.client.get(self.here + path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def send(self, path: str, opened: str = "", **fields: Any) -> TestResponse:
        """Open the page `opened` (or the address itself), fill in its form and send it to the address."""
        page = self.open(opened or path)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        kept = {
            name: hidden[name]
            for name in ("csrf_token", "command_id", "version", "application_id", "policy_id")
            if name in hidden
        }
        return self.client.post(self.here + path, data={**kept, **fields})

    def does(self, path: str, **fields: Any) -> str:
        """Send a form that is accepted, and see the page to which it leads."""
        answer = self.send(path, **fields)
        assert answer.status_code == 303, (path, errors(answer.text))
        return self.client.get(answer.headers["Location"]).text


def errors(page: str) -> str:
    """What a page says is wrong."""
    return re.sub(r"<[^>]*>|\s+", " ", " ".join(re.findall(r'id="problem">(.*?)</form>', page, re.DOTALL)))[:400]


@dataclass
class Office:
    """A station whose people sign in under their roles."""

    station: str
    access: StandInAccess
    app: Flask

    @property
    def household(self) -> str:
        return f"0190-zhao-{self.station}"

    def person(self, role: Role, person_id: str = "") -> Person:
        token = f"secret of {person_id or role} as {role} at {self.station}"
        self.access.let_in(token, role, self.station, person_id)
        client = self.app.test_client()
        client.set_cookie(COOKIE, token)
        return Person(client, f"/stations/{self.station}")


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Office]]:
    """One new station after another, in one home."""
    home = Embedded(read_settings({}, home=tmp_path_factory.mktemp("home")))
    access = StandInAccess(home.calls, home.composition)
    app = make_gateway(gateway_over(home, access))

    def opened() -> Iterator[Office]:
        for number in count(100):
            home.open_station(f"110102{number}")
            yield Office(f"110102{number}", access, app)

    yield opened()
    home.close()


@pytest.fixture
def office(offices: Iterator[Office]) -> Office:
    return next(offices)


@pytest.fixture
def today() -> str:
    return datetime.now(STATION_TIME).date().isoformat()


@pytest.fixture
def ready(office: Office, today: str) -> Office:
    """Terms, a fund, and an open file with an account, each by another than approves."""
    head = office.person(Role.STATION_HEAD, "founder")
    on = {"occurred_on": today}
    terms = {"document_number": "1号", "issuer": "区总工会", "area": "110102", "valid_from": today}
    head.does("/policies/state", **terms, ceiling_fen="5000", notice_days="0", times_a_year="9", **on)
    head.does("/funds/open", fund_id="own", source="own", budget_fen="20000", **on)
    clerk = office.person(Role.CLERK)
    file = f"/households/{office.household}"
    clerk.does(f"{file}/open", category="deep", persons="3", illness="某病", family="", **on)
    clerk.does(f"{file}/account", holder="赵某", account_number=ACCOUNT, bank="某银行", **on)
    return office


def apply(office: Office, today: str, amount: str = "3000") -> str:
    """The id of an application that the clerk entered."""
    clerk = office.person(Role.CLERK)
    path = f"/households/{office.household}/apply"
    answer = clerk.send(path, fund_id="own", amount_fen=amount, ground="重病", occurred_on=today)
    assert answer.status_code == 303, errors(answer.text)
    return answer.headers["Location"].rpartition("/")[2]


def carry(office: Office, application: str, today: str, until: str = "close") -> None:
    """The chain from the visit to the notice that nobody opposed."""
    clerk, head = office.person(Role.CLERK), office.person(Role.STATION_HEAD)
    at, on = f"/applications/{application}", {"occurred_on": today}
    steps: tuple[tuple[str, Person, str, dict[str, Any]], ...] = (
        ("visit", clerk, "/visit", {"finding": "in_need"}),
        ("compare", clerk, "/compare", {"clear": "true"}),
        ("review", head, "/review", {}),
        ("notice", clerk, "/notice", {}),
        ("close", clerk, "/notice/close", {"objections": "0"}),
    )
    for name, person, path, fields in steps:
        person.does(at + path, **fields, **on)
        if name == until:
            return


def approved(office: Office, today: str, amount: str = "3000") -> str:
    application = apply(office, today, amount)
    carry(office, application, today)
    chair = office.person(Role.CHAIR)
    chair.does(f"/applications/{application}/approve", occurred_on=today, second_factor_code=CODE)
    return application


def test_the_whole_journey_with_a_line_that_fails_and_is_paid_again(ready: Office, today: str) -> None:
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


def returned(headings: list[Any], line: list[Any], result: str, reason: str) -> bytes:
    """The bank's file back, with what came of the line."""
    rows = [headings, [*line[:6], result, reason]]
    return "\n".join(",".join(str(cell) for cell in row) for row in rows).encode("gb18030")


def sent(page: str, today: str) -> dict[str, Any]:
    """What the page of a return that was looked at sends when it is confirmed."""
    csrf = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert csrf is not None
    lines = re.findall(r'name="line" value="([^"]*)"', page)
    return {"csrf_token": csrf[1], "confirmed": "1", "line": lines, "occurred_on": today}


def test_the_same_person_is_stopped_at_each_second_step_and_told_who_takes_it(ready: Office, today: str) -> None:
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


def test_the_notice_shows_a_masked_name_and_nothing_that_is_personal(ready: Office, today: str) -> None:
    application = apply(ready, today)
    carry(ready, application, today, until="notice")
    sheet = ready.person(Role.CLERK).open("/notices/sheet?phone=8888-0000")
    article = sheet[sheet.index("<article") : sheet.index("</article")]
    assert "深度困难" in article
    assert "3,000.00" in article
    assert "8888-0000" in article
    for personal in (ready.household, "赵某", ACCOUNT, "某病", "重病", application):
        assert personal not in article


def test_what_is_out_of_the_ordinary_leaves_the_list_that_is_approved_at_once(ready: Office, today: str) -> None:
    plain, near = apply(ready, today, "3000"), apply(ready, today, "4900")
    for application in (plain, near):
        carry(ready, application, today)
    chair = ready.person(Role.CHAIR)
    page = chair.open("/approvals")
    assert re.findall(r'name="selected" value="([^"]*)"', page) == [plain]
    assert "接近上限" in page
    answer = chair.send("/approvals", selected=[near], second_factor_code=CODE, occurred_on=today)
    assert "请至少选一份" in answer.text
    single = chair.open(f"/applications/{near}/approve")
    assert "肆仟玖佰元整" in single


def test_the_sum_of_what_is_ticked_is_told_anew_in_capitals(ready: Office, today: str) -> None:
    first, second = apply(ready, today, "3000"), apply(ready, today, "2000.50")
    for application in (first, second):
        carry(ready, application, today)
    chair = ready.person(Role.CHAIR)
    assert "伍仟元伍角" in chair.open("/approvals")
    answer = chair.send("/approvals/sum", "/approvals", selected=[second])
    assert "贰仟元伍角" in answer.text
    assert "共 1 笔" in answer.text


def test_a_wrong_second_factor_approves_nothing(ready: Office, today: str) -> None:
    application = apply(ready, today)
    carry(ready, application, today)
    chair = ready.person(Role.CHAIR)
    answer = chair.send("/approvals", selected=[application], second_factor_code="000000", occurred_on=today)
    assert answer.status_code == 422
    assert application in chair.open("/approvals")


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
    ready: Office, today: str, name: str, data: bytes, said: str
) -> None:
    application = approved(ready, today)
    accountant, cashier, on = ready.person(Role.ACCOUNTANT), ready.person(Role.CASHIER), {"occurred_on": today}
    accountant.does("/pay-lists/enter", selected=[application], pay_list_id="l1", **on)
    cashier.does("/pay-lists/l1/release", opened="/pay-lists/l1", second_factor_code=CODE, **on)
    data = data.replace(b"{id}", application.encode())
    answer = cashier.send("/pay-lists/l1/return", "/pay-lists/l1", file=(io.BytesIO(data), name))
    assert said in answer.text
    assert "已放款" in cashier.open("/pay-lists/l1")


def test_without_an_account_there_is_no_bank_file_and_the_page_says_whose_is_missing(ready: Office, today: str) -> None:
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


def test_a_festivals_list_is_prepared_approved_by_another_and_signed_for(ready: Office, today: str) -> None:
    clerk, on = ready.person(Role.CLERK), {"occurred_on": today}
    clerk.does("/consolation/prepare", list_id="ny", occasion="may_day", fund_id="own", **on)
    clerk.does("/consolation/ny/add/0190-li", recipient="model_worker", amount_fen="500", **on)
    chair = ready.person(Role.CHAIR)
    assert "伍佰元整" in chair.open("/consolation/ny")
    chair.does("/consolation/ny/approve", second_factor_code=CODE, **on)
    page = clerk.does("/consolation/ny/sign", opened="/consolation/ny", recipient_id="0190-li")
    assert today in page


def test_who_is_put_on_a_list_is_searched_for_in_no_address(ready: Office, today: str) -> None:
    clerk, on = ready.person(Role.CLERK), {"occurred_on": today}
    clerk.does("/consolation/prepare", list_id="ny", occasion="may_day", fund_id="own", **on)
    joined = {"name": "慕容甲", "identity_number": identity_number(771), "union_id": "u", **on}
    union = {"union_id": "u", "name": "工会", "kind": "single", "community": "c", **on}
    clerk.does("/unions/found", **union)
    clerk.does("/members/join", **joined)
    answer = clerk.send("/consolation/ny/searched", "/consolation/ny", text=joined["identity_number"])
    led_to = answer.headers["Location"]
    assert answer.status_code == 303
    assert "text=" in led_to
    assert joined["identity_number"][-8:] not in led_to
    assert "慕容甲" in clerk.open(led_to.removeprefix(clerk.here))
    assert "慕容甲" not in clerk.open("/consolation/ny?text=慕容甲").partition("</main>")[0].partition("<main")[2]


def test_who_may_not_do_a_thing_is_not_offered_it(ready: Office) -> None:
    auditor = ready.person(Role.DISTRICT_AUDITOR, "auditor")
    assert "/households/find" not in auditor.open("/households")
    assert auditor.client.get(f"{auditor.here}/pay-lists/enter").status_code == 403


def test_a_household_shows_its_file_masked_and_its_applications(ready: Office, today: str) -> None:
    application = apply(ready, today)
    page = ready.person(Role.CLERK).open(f"/households/{ready.household}")
    assert f"/applications/{application}" in page
    assert "某病" not in page
    assert ACCOUNT not in page


def test_dates_far_back_are_refused_at_the_step_that_they_would_precede(ready: Office, today: str) -> None:
    application = apply(ready, today)
    carry(ready, application, today, until="compare")
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    answer = ready.person(Role.STATION_HEAD).send(f"/applications/{application}/review", occurred_on=yesterday)
    assert "日期早于上一步" in answer.text
