"""Warmth-giving as the people of a station carry it, from the application to the bank's return."""

import re
from typing import Any

from lastmile.kernel.domain.identity import Role
from tests.gateway.api.people import CODE
from tests.gateway.console.person import Person, words
from tests.gateway.console.station import Station

ACCOUNT = "6222000011112222"


def apply(office: Station, today: str, amount: str = "3000") -> str:
    """The id of an application that the clerk entered."""
    clerk = office.person(Role.CLERK)
    path = f"/households/{office.household}/apply"
    answer = clerk.send(path, fund_id="own", amount_fen=amount, ground="重病", occurred_on=today)
    assert answer.status_code == 303, words(answer.text)
    return answer.headers["Location"].rpartition("/")[2]


def carry(office: Station, application: str, today: str, until: str = "close") -> None:
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


def approved(office: Station, today: str, amount: str = "3000") -> str:
    application = apply(office, today, amount)
    carry(office, application, today)
    chair = office.person(Role.CHAIR)
    chair.does(f"/applications/{application}/approve", occurred_on=today, second_factor_code=CODE)
    return application


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
