"""One application, whole: its steps, what changed since it was submitted, what is next and for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate

from lastmile.kernel.domain.aggregate import Aggregate, stream_name
from lastmile.kernel.domain.entry import Entry, log_name
from lastmile.kernel.domain.events import event_type
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store import log
from lastmile.kernel.store.service import Asking
from services.relief.application import Approved, InHand, OnNotice, Paper, Returned, Reviewed, Unopposed
from services.relief.application import application as application_of
from services.relief.payment import Paid, Unpaid
from services.relief.payment import Underway as OnPayList
from services.relief.payment import payment as payment_of
from services.relief.permissions import PERMISSIONS
from services.relief.views.applications import APPLICATIONS
from services.relief.views.applications_open import application, hands
from services.relief.views.cases import case_file
from services.relief.views.funds_left import fund
from services.relief.views.payees import payee
from services.relief.views.policies_in_force import in_force


class OfApplication(Schema):
    """Which application."""

    application_id = fields.String(required=True, validate=validate.Length(1, 80))


@dataclass(frozen=True)
class Chain:
    """An application and its payment as their streams tell."""

    entries: Sequence[Entry]
    application: Any
    payment: Any


def application_shown(asking: Asking) -> dict[str, Any]:
    """One application, whole: its steps, what changed since it was submitted, what is next and for whom."""
    station, application_id = asking.station, asking.parameters["application_id"]
    version = asking.version("application", application_id)
    row = application(asking.connection, station, application_id)
    if row is None:
        raise NotFound(f"there is no application {application_id}", application_id=application_id)
    chain = _chain(asking, application_id)
    file = case_file(asking.connection, station, row.person_id)
    paid_from = fund(asking.connection, station, row.fund_id)
    policy = in_force(asking.connection, station, row.programme, asking.today)
    account = payee(asking.connection, station, row.person_id)
    return {
        **{name: row._mapping[name] for name in APPLICATIONS.shown},
        "version": version,
        "steps": [_step(entry) for entry in chain.entries],
        "changed": changed(chain.entries),
        "next": [
            {
                "command": name,
                "roles": sorted(map(str, PERMISSIONS[name])),
                "barred": sorted(barred),
                "mine": barred.isdisjoint({asking.identity.person_id, *asking.identity.household}),
            }
            for name, barred in _next(asking, application_id, chain, row.person_id)
        ],
        "file": file and {"category": file.category, "persons": file.persons, "open": file.open == 1},
        "fund": paid_from and {"source": paid_from.source, "left_fen": paid_from.budget_fen - paid_from.approved_fen},
        "policy": policy
        and {
            "policy_id": policy.policy_id,
            "document_number": policy.document_number,
            "ceiling_fen": policy.ceiling_fen,
            "notice_days": policy.notice_days,
        },
        "account_recorded_on": account and account.recorded_on,
    }


def _chain(asking: Asking, application_id: str) -> Chain:
    names = [stream_name(asking.station, kind.name, application_id) for kind in (application_of, payment_of)]
    found = log.streams(asking.connection, log_name(asking.station, "relief"), names)
    of_application, of_payment = (found.get(name, []) for name in names)
    entries = sorted([*of_application, *of_payment], key=lambda entry: entry.position)
    return Chain(entries, _state(application_of, of_application), _state(payment_of, of_payment))


def _state(aggregate: Aggregate, entries: Iterable[Entry]) -> Any:
    kinds = {event_type(kind).name: event_type(kind) for kind in aggregate.events}
    state = aggregate.initial
    for entry in entries:
        state = aggregate.evolve(state, kinds[entry.type].load(entry.payload, entry.occurred_on))
    return state


def _step(entry: Entry) -> dict[str, Any]:
    return {
        "event_id": entry.event_id,
        "position": entry.position,
        "type": entry.type,
        "on": entry.occurred_on,
        "recorded_at": entry.recorded_at,
        "by": entry.actor,
        "role": entry.role,
        "payload": {name: value for name, value in entry.payload.items() if name != "ground"},
    }


_SAID = {"ApplicationMade": ("amount_fen",), "ApplicationResubmitted": ("amount_fen",)}
_FOUND = {"HomeVisited": ("finding",), "RegistersCompared": ("clear",)}


def changed(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """What was said otherwise later than at first: amount, finding, comparison; and objections, returns."""
    known: dict[str, Any] = {}
    found: list[dict[str, Any]] = []
    for entry in entries:
        at = {"on": entry.occurred_on, "by": entry.actor}
        for name in (_SAID | _FOUND).get(entry.type, ()):
            value = entry.payload[name]
            if name in known and known[name] != value:
                found.append({"what": name, "before": known[name], "after": value, **at})
            known[name] = value
        if entry.type == "ApplicationReturned":
            found.append({"what": "returned", "before": None, "after": entry.payload["reason"], **at})
        if entry.type == "NoticeClosed" and entry.payload["objections"]:
            found.append({"what": "objections", "before": 0, "after": entry.payload["objections"], **at})
    return found


def _next(asking: Asking, application_id: str, chain: Chain, person_id: str) -> list[tuple[str, frozenset[str]]]:
    """The commands that may come next, each with those who may not give it."""
    own = frozenset({person_id})
    match chain.application:
        case InHand(paper=paper):
            return [(name, own | barred) for name, barred in _in_hand(paper)]
        case Reviewed():
            return [("PublishNotice", own), ("ReturnApplication", own), ("RefuseApplication", own)]
        case OnNotice():
            return [("CloseNotice", own)]
        case Unopposed(paper=paper):
            barred = own | paper.handled_by | paper.reviewed_by | paper.noticed_by | _terms_set_by(asking, paper)
            return [("ApproveApplication", barred), ("ReturnApplication", own), ("RefuseApplication", own)]
        case Returned(paper=paper):
            return [("ResubmitApplication", own | paper.reviewed_by), ("WithdrawApplication", own)]
        case Approved():
            return _paying(own, own | _hands_on(asking, application_id, person_id), chain.payment)
        case _:
            return []


def _in_hand(paper: Paper) -> list[tuple[str, frozenset[str]]]:
    if paper.finding is None:
        return [("RecordHomeVisit", paper.reviewed_by)]
    if paper.clear is None:
        return [("RecordComparison", paper.reviewed_by)]
    if not paper.clear:
        return [("RefuseApplication", frozenset()), ("RecordComparison", paper.reviewed_by)]
    return [
        ("ReviewApplication", paper.handled_by),
        ("ReturnApplication", frozenset()),
        ("RefuseApplication", frozenset()),
    ]


def _paying(own: frozenset[str], hands: frozenset[str], payment: Any) -> list[tuple[str, frozenset[str]]]:
    match payment:
        case Unpaid():
            return [("EnterPayment", hands), ("WithdrawApplication", own)]
        case OnPayList(released_on=None, posting=posting):
            return [("ReleasePayment", hands | {posting.entered_by}), ("TakeOffPayList", own)]
        case OnPayList():
            return [("BookBankReturn", own)]
        case Paid(signed_for=False):
            return [("SignForGrant", own), ("ReversePayment", own)]
        case _:
            return []


def _terms_set_by(asking: Asking, paper: Paper) -> frozenset[str]:
    """Who stated the policy that is in force today, and who opened the fund."""
    policy = in_force(asking.connection, asking.station, paper.programme, asking.today)
    paid_from = fund(asking.connection, asking.station, paper.fund_id)
    return frozenset({policy.stated_by if policy else "", paid_from.opened_by if paid_from else ""} - {""})


def _hands_on(asking: Asking, application_id: str, person_id: str) -> frozenset[str]:
    """Who had a hand in the grant, and who entered the account it goes to."""
    account = payee(asking.connection, asking.station, person_id)
    found = hands(asking.connection, asking.station, application_id)
    return found | {account.recorded_by} if account else found
