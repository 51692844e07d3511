"""Trying whatever at a station and holding each outcome against the oracle, and then the log against the rules."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, count
from pathlib import Path
from random import Random
from typing import Any

from lastmile.kernel.domain.failures import Conflict, NotFound, Refused
from tests.relief.oracle import (
    BUDGET_FEN,
    CEILING_FEN,
    COMMANDS,
    KIN,
    NOTHING,
    OPENED_THE_FUND,
    OTHERS,
    PEOPLE,
    REFUSES,
    REVIEWER,
    SELF,
    STATED_THE_POLICY,
    TIMES_A_YEAR,
    WRITES,
    Attempt,
    Oracle,
)
from tests.relief.station import Station, relief_at

CHOICES: tuple[tuple[Any, ...], ...] = (
    ("a1", "a2", "a3", "a4"),
    (*[None] * 70, *COMMANDS, *OTHERS, *["ReturnApplication"] * 4),  # Mostly the next step, so that runs go deep.
    (*[None] * 14, *PEOPLE, SELF, KIN, REVIEWER),
    (1, 2, 2, 3, 3, 3, 4),
    (True, True, True, False),
    ("p1", "p1", "p1", "p2", "p3"),
)
BODIES: dict[str, Any] = {
    "Apply": {"programme": "warmth", "fund_id": "own", "ground": "病"},
    "RecordHomeVisit": {"finding": "in_need"},
    "RecordComparison": {"clear": True},
    "ReturnApplication": {"reason": "paper_missing"},
    "RefuseApplication": {"reason": "not_in_need"},
    "WithdrawApplication": {"reason": "not_wanted"},
    "TakeOffPayList": {"reason": "wrong_list"},
    "ReversePayment": {"reason": "wrong_card"},
}


def new_stations(directory: Path) -> Iterator[Station]:
    """One new station after another, each with a household of its own."""
    with relief_at(f"sqlite:///{directory / 'relief.db'}", directory) as first:
        for number in count(1):
            yield Station(first.service, f"{number:09}")


def drawn(random: Random, attempts: int) -> list[Attempt]:
    """Attempts drawn by lot."""
    return [Attempt(*(random.choice(choice) for choice in CHOICES)) for _ in range(attempts)]


def household(station: Station) -> str:
    return f"{SELF}.{station.code}"


def prepare(station: Station) -> None:
    terms = {"programme": "warmth", "issuer": "区总工会", "document_number": "1", "area": station.code}
    limits = {"ceiling_fen": CEILING_FEN, "notice_days": 0, "times_a_year": TIMES_A_YEAR}
    station.tell(
        "StatePolicy",
        by=STATED_THE_POLICY,
        policy_id="2017",
        valid_from="2017-01-01",
        confirmed=True,
        **terms,
        **limits,
    )
    station.tell("OpenFund", by=OPENED_THE_FUND, fund_id="own", programme="warmth", source="own", budget_fen=BUDGET_FEN)
    station.tell("OpenCase", person_id=household(station), category="deep", persons=3)


def carry(station: Station, attempts: Iterable[Attempt]) -> None:
    """Try them one after the other. Raises AssertionError at the first that comes out otherwise than it ought."""
    oracle = Oracle()
    prepare(station)
    for tried in attempts:
        attempt = oracle.named(tried)
        name, body = oracle.name(attempt), _body(station, oracle, attempt)
        paper = str(oracle.papers[attempt.application_id])
        expected = oracle.tell(attempt)
        by = household(station) if attempt.person == SELF else attempt.person
        lives_with = (household(station),) if attempt.person == KIN else ()
        happened = _happened(station, name, str(by), lives_with, body)
        assert happened == expected, (name, attempt, paper)
    holds(station)


def _body(station: Station, oracle: Oracle, attempt: Attempt) -> dict[str, Any]:
    name, paper = oracle.name(attempt), oracle.papers[attempt.application_id]
    body = {"application_id": attempt.application_id, **BODIES.get(name, {})}
    if name == "Apply":
        body["person_id"] = household(station)
    if name in ("Apply", "ResubmitApplication"):
        body["amount_fen"] = attempt.amount_fen
    if name == "CloseNotice":
        body["objections"] = 0 if attempt.yes else 1
    if name == "BookBankReturn":
        body["paid"] = attempt.yes
        if paper.pay == "released":
            body["pay_list_id"] = paper.lists[-1]
    if name == "EnterPayment":
        body["pay_list_id"] = attempt.pay_list
    return body


def _happened(station: Station, name: str, by: str, lives_with: tuple[str, ...], body: dict[str, Any]) -> str:
    try:
        return WRITES if station.tell(name, by=by, lives_with=lives_with, **body)["event_ids"] else NOTHING
    except (Refused, NotFound):
        return REFUSES
    except Conflict:
        return "stopped by the database alone"


STEP_OF = {
    "ApplicationMade": "handled",
    "HomeVisited": "handled",
    "RegistersCompared": "handled",
    "ApplicationResubmitted": "handled",
    "ApplicationReviewed": "reviewed",
    "ApplicationApproved": "approved",
    "PaymentEntered": "paid",
    "PaymentReleased": "paid",
}


def holds(station: Station) -> None:
    """Read off the log alone, by who acted."""
    actors: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    bound_fen, vouchers = 0, []
    paid: dict[str, int] = defaultdict(int)
    entered_by: dict[str, str] = {}
    for entry in station.entries():
        application_id = str(entry.payload.get("application_id"))
        if entry.type in STEP_OF:
            actors[application_id][STEP_OF[entry.type]].add(entry.actor)
        if entry.type == "ApplicationApproved":
            bound_fen += entry.payload["amount_fen"]
        if entry.type == "ApplicationWithdrawn":
            bound_fen -= entry.payload["released_fen"]
        assert bound_fen <= BUDGET_FEN
        if entry.type in ("GrantPaid", "PaymentReversed"):
            vouchers.append(entry.payload["voucher"])
            paid[application_id] += 1 if entry.type == "GrantPaid" else -1
            assert 0 <= paid[application_id] <= 1
        if entry.type == "PaymentReleased":
            assert entry.actor != entered_by[application_id]
        if entry.type == "PaymentEntered":
            entered_by[application_id] = entry.actor
    for hands in actors.values():
        assert not {household(station), KIN} & set().union(*hands.values())
        for one, other in combinations(hands.values(), 2):
            assert not one & other
    assert vouchers == list(range(1, len(vouchers) + 1))
