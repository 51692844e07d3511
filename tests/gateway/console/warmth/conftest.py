"""A station with terms, a fund and an open file."""

from collections.abc import Iterator

import pytest

from lastmile.kernel.domain.identity import Role
from tests.gateway.console.station import Station
from tests.gateway.console.warmth.giving import ACCOUNT


@pytest.fixture
def office(stations: Iterator[Station]) -> Station:
    return next(stations)


@pytest.fixture
def today(office: Station) -> str:
    return office.today


@pytest.fixture
def ready(office: Station, today: str) -> Station:
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
