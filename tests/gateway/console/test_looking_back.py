"""How records stood on a date: as of today they say what they say today, and what they cannot tell they say so."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from flask.testing import FlaskClient

from lastmile.demo import Demo
from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Role
from lastmile.settings import read_settings
from services.gateway.console import pages
from services.gateway.console.detail import Record, show
from services.gateway.console.page import all_pages
from tests.gateway.console.answering import STATION
from tests.gateway.console.conftest import signed_in
from tests.prepared import copied

HERE = f"/stations/{STATION}"
NEW_YEAR, BEFORE_ALL = "2018-01-08", "2001-01-01"
ONLY_TODAY = "只有今天的情况，不能按日期查看"
LISTED = {
    "member": ("/members", "/members?living=false", "/members?sort=-since", "/members?card=lost"),
    "household": ("/households", "/households/exited"),
}
"""Where records are found to which something happened; others on the list to which they lead back."""
LOOKED_AT = 6
"""How many records of a kind are opened, from all over their list."""

FIXED = {HERE + page.path for page in all_pages()}
"""Addresses that are no record's."""


def records() -> Iterator[Record]:
    for module in iter_modules(pages.__path__):
        found = vars(import_module(f"{pages.__name__}.{module.name}"))
        yield from (value for value in found.values() if isinstance(value, Record))


RECORDS = {record.name: record for record in records()}
KEPT_OVER_THE_YEAR = [name for name in RECORDS if name != "roster_import"]
"""Of imports there is none in the year: `roster/test_importing.py` looks at one."""


@pytest.fixture(scope="module")
def year(year_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    home = Embedded(read_settings({}, home=copied(year_home, tmp_path_factory.mktemp("year") / "home")))
    Demo(home.home).set_clock(datetime(2018, 1, 8, 1, 30, tzinfo=UTC))
    yield home
    home.close()


@pytest.fixture(scope="module")
def head(year: Embedded) -> FlaskClient:
    return signed_in(year, Role.STATION_HEAD)


def opened(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.text


def addresses(client: FlaskClient, record: Record) -> list[str]:
    """Some records of the kind, found on their list."""
    (listed,) = (page.path for page in all_pages() if page.name == record.back)
    path = re.escape(HERE + record.path).replace("<key>", r'[^"/?]+')
    found = sorted(set(re.findall(rf'href="({path})"', opened(client, HERE + listed))) - FIXED)
    return found[:: max(1, len(found) // LOOKED_AT)]


def facts(page: str) -> dict[str, str]:
    section = re.search(r'aria-labelledby="facts">(.*?)</section>', page, re.DOTALL)
    assert section
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", section[1], re.DOTALL)
    return {name: re.sub(r"<[^>]*>|\s+", "", said) for name, said in pairs}


def otherwise(client: FlaskClient, record: Record) -> list[object]:
    """Where a record says of today's date other than what it says today."""
    found: list[object] = []
    assert addresses(client, record)
    for address in addresses(client, record):
        today = facts(opened(client, address))
        answer = client.get(f"{address}?as_of={NEW_YEAR}")
        then = facts(answer.text) if answer.status_code == 200 else dict.fromkeys(today, "broken")
        as_today = {name: (said, ONLY_TODAY) for name, said in today.items()}
        found += [(address, name, then[name]) for name, allowed in as_today.items() if then[name] not in allowed]
    return found


@pytest.mark.parametrize("name", KEPT_OVER_THE_YEAR)
def test_as_of_today_a_record_says_what_it_says_today(head: FlaskClient, name: str) -> None:
    assert otherwise(head, RECORDS[name]) == []


@pytest.mark.parametrize("name", KEPT_OVER_THE_YEAR)
def test_before_its_first_event_there_is_no_record(head: FlaskClient, name: str) -> None:
    for address in addresses(head, RECORDS[name]):
        page = opened(head, f"{address}?as_of={BEFORE_ALL}")
        assert "还没有这份记录" in page
        assert 'id="facts"' not in page


@pytest.mark.parametrize("name", KEPT_OVER_THE_YEAR)
def test_a_record_that_does_not_derive_what_its_events_do_not_name_is_found(
    head: FlaskClient, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind = replace(RECORDS[name], as_of=lambda _events, _day: {})
    monkeypatch.setitem(head.application.view_functions, f"console.{name}", lambda key: show(blind, key))
    assert otherwise(head, blind)


STEP = re.compile(r'<span class="what">([^<]*)</span>\s*<span class="by-whom">[^<]*</span><time datetime="([\d-]*)">')
STEPS_OF_A_GRANT = 11


def test_an_application_stands_where_its_last_step_left_it_with_the_chain_up_to_the_date(head: FlaskClient) -> None:
    pages = {address: opened(head, address) for address in addresses(head, RECORDS["application"])}
    address, today = next((a, page) for a, page in pages.items() if len(STEP.findall(page)) == STEPS_OF_A_GRANT)
    states = []
    for _, day in STEP.findall(today):
        then = opened(head, f"{address}?as_of={day}")
        assert STEP.findall(then) == [step for step in STEP.findall(today) if step[1] <= day]
        assert 'class="panel next"' not in then
        states.append(facts(then)["状态"])
    assert states[:4] == ["办理中", "办理中", "办理中", "已审核"]
    assert states[-4:] == ["已列发放单", "已放款", "已到账", "已签领"]
    assert facts(opened(head, f"{address}?as_of={STEP.findall(today)[0][1]}"))["发放单"] == "—"


def test_the_history_of_an_application_holds_what_happened_to_its_payment(head: FlaskClient) -> None:
    shown = opened(head, f"{HERE}/applications/warmth-01-01")
    assert re.findall(r'<strong title="(\w+)">', shown)[:3] == ["GrantSignedFor", "GrantPaid", "PaymentReleased"]


def test_a_household_shows_the_applications_made_by_the_date_each_as_it_stood_then(head: FlaskClient) -> None:
    day, later = "2017-01-04", "warmth-04-01"
    address = re.findall(r'href="([^"]*/households/[^"]*)"', opened(head, f"{HERE}/applications/{later}"))[-1]
    then = opened(head, f"{address}?as_of={day}")
    assert f'href="{HERE}/applications/warmth-01-01?as_of={day}"' in then
    assert later not in then
    assert later in opened(head, address)


def test_a_pay_list_shows_its_lines_as_the_bank_had_left_them_by_the_date(head: FlaskClient) -> None:
    address = f"{HERE}/pay-lists/pay-2017-04-19"
    entered, released, paid, today = (
        facts(opened(head, address + then))
        for then in ("?as_of=2017-04-19", "?as_of=2017-04-20", "?as_of=2017-04-21", "")
    )
    assert [page["状态"] for page in (entered, released, paid, today)] == ["待放款", "银行处理中", "已回单", "已回单"]
    assert (entered["已发放"], today["已发放"]) == ("0.00元", "22,695.00元")
    reversed_later = opened(head, f"{address}?as_of=2017-05-07")
    assert "冲红" not in reversed_later
    assert "冲红" in opened(head, address)


def test_a_line_that_failed_and_stands_on_another_list_since_happened_to_each_list_apart(head: FlaskClient) -> None:
    failed, again = (opened(head, f"{HERE}/pay-lists/pay-2017-01-{day}") for day in ("18", "23"))
    assert "PaymentFailed" in failed
    assert re.findall(r'<strong title="(\w+)">', again) == [
        "GrantSignedFor",
        "GrantPaid",
        "PaymentReleased",
        "PaymentEntered",
    ]
    assert "2017-01-25" not in failed.partition('id="history"')[2]


def test_a_consolation_list_shows_who_stood_on_it_and_who_had_signed_by_the_date(head: FlaskClient) -> None:
    address = f"{HERE}/consolation/may-day-model-workers"
    then, today = opened(head, f"{address}?as_of=2017-04-25"), opened(head, address)
    assert (facts(then)["审批日期"], facts(today)["审批日期"]) == ("—", "2017-04-26")
    assert "2017-05-03" in today
    assert "2017-05-03" not in then
    assert then.count('data-label="签领日期"') == today.count('data-label="签领日期"') > 1


def test_a_list_says_to_whom_each_of_its_events_happened(head: FlaskClient) -> None:
    for page in (
        opened(head, f"{HERE}/pay-lists/pay-2017-01-23"),
        opened(head, f"{HERE}/consolation/may-day-model-workers"),
    ):
        name = re.search(r'<td data-label="(?:申请人|姓名)">(?:<a[^>]*>)?([^<]+)', page)
        assert name
        assert name[1] in page.partition('id="history"')[2]
