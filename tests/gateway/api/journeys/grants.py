"""The three grants of the journey: their steps as orders, what became of them, and that nothing was written."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from tests.gateway.api.journeys.door import Caller
from tests.gateway.api.journeys.hands import Hands

BEGUN, NOTICE_DAYS = date(2018, 1, 8), 5
OVER = BEGUN + timedelta(days=NOTICE_DAYS + 2)
PLAIN, FAILING, CHANGED = "journey-plain", "journey-failing", "journey-changed"
APPLICATIONS = (PLAIN, FAILING, CHANGED)
WITHOUT_ACCOUNT = CHANGED
"""Whose household has no account on file until the bank file is wanted."""
AMOUNT_FEN, LESS_FEN = 300_000, 250_000
AMOUNT_IN_CAPITALS, SUM_IN_CAPITALS = "叁仟元整", "陆仟元整"
ACCOUNT = "622200001111222"
"""The number of every household's account but for its last digit."""


def step(application_id: str, day: date = OVER, **more: Any) -> dict[str, Any]:
    """One step of one grant."""
    return {"application_id": application_id, "occurred_on": day.isoformat(), **more}


def steps(name: str, **more: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """The same step of all three, for many at once."""
    return [(f"{name}/{each}", step(each, **more)) for each in APPLICATIONS]


@contextmanager
def nothing_written(hands: Hands) -> Iterator[None]:
    """Whatever is tried inside leaves every application as it was."""
    auditor = hands.of("district-auditor", "district_auditor")
    before = [auditor.ask("relief/history", aggregate=kind, key=key) for kind, key in _records(auditor)]
    yield
    assert [auditor.ask("relief/history", aggregate=kind, key=key) for kind, key in _records(auditor)] == before


def _records(auditor: Caller) -> list[tuple[str, str]]:
    shown = [auditor.ask("relief/application", application_id=each) for each in APPLICATIONS]
    return [
        (kind, each["application_id"])
        for each in shown
        for kind in ("application", *(["payment"] if each["pay_list_id"] else []))
    ]


def statuses(outcomes: list[dict[str, Any]]) -> list[str]:
    return [outcome["status"] for outcome in outcomes]


def codes(outcomes: list[dict[str, Any]]) -> list[str]:
    return [outcome["problem"]["code"] if outcome["status"] == "failed" else "done" for outcome in outcomes]
