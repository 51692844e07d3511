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
"""Of imports there is none in the year: `test_roster.py` looks at one."""


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
