"""The chain of a grant: its steps in their order, who took each, and how an application stood on a date."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.console.detail import Told
from services.gateway.console.history import Event

CHAIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("applied", ("ApplicationMade", "ApplicationResubmitted")),
    ("visited", ("HomeVisited",)),
    ("compared", ("RegistersCompared",)),
    ("reviewed", ("ApplicationReviewed",)),
    ("noticed", ("NoticePublished",)),
    ("unopposed", ("NoticeClosed",)),
    ("approved", ("ApplicationApproved",)),
    ("entered", ("PaymentEntered",)),
    ("released", ("PaymentReleased",)),
    ("paid", ("GrantPaid",)),
    ("signed_for", ("GrantSignedFor",)),
)
"""The steps of a grant in their order, each with the events that take it."""

UNDONE_BY = {
    "NoticeClosed": ("reviewed", "noticed", "unopposed"),
    "ApplicationReturned": ("reviewed", "noticed", "unopposed"),
    "PaymentFailed": ("entered", "released"),
    "TakenOffPayList": ("entered",),
    "PaymentReversed": ("entered", "released", "paid", "signed_for"),
}
"""The steps that are to be taken anew after an event; a closed notice is one only where somebody objected."""

LEADS_TO = {
    "ApplicationMade": "in_hand",
    "ApplicationReviewed": "reviewed",
    "ApplicationReturned": "returned",
    "ApplicationResubmitted": "in_hand",
    "ApplicationRefused": "refused",
    "ApplicationWithdrawn": "withdrawn",
    "NoticePublished": "on_notice",
    "NoticeClosed": "unopposed",
    "ApplicationApproved": "approved",
    "PaymentEntered": "entered",
    "TakenOffPayList": "approved",
    "PaymentReleased": "released",
    "PaymentFailed": "failed",
    "GrantPaid": "paid",
    "GrantSignedFor": "signed_for",
    "PaymentReversed": "reversed",
}
"""The state to which each event leads; others change none."""


def state_after(event: Event) -> str | None:
    if event["type"] == "NoticeClosed" and event["payload"]["objections"]:
        return "in_hand"
    return LEADS_TO.get(event["type"])


def taken(steps: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any] | None]]:
    """Each step of the chain with the event that took it last, None while it is still to come."""
    done: dict[str, Mapping[str, Any]] = {}
    step_of = {event: step for step, events in CHAIN for event in events}
    for step in steps:
        opposed = step["type"] == "NoticeClosed" and step["payload"]["objections"]
        if step["type"] in step_of and not opposed:
            done[step_of[step["type"]]] = step
        if opposed or step["type"] != "NoticeClosed":
            for undone in UNDONE_BY.get(step["type"], ()):
                done.pop(undone, None)
    return [(name, done.get(name)) for name, _ in CHAIN]


def chain_as_of(events: Sequence[Event], _day: str) -> Told:
    """The application after the last of its steps up to a day, and the chain of those."""
    made, states = events[0], [state for event in events if (state := state_after(event))]
    return {
        "steps": [{**event, "on": event["occurred_on"], "by": event["actor"]} for event in events],
        "state": states[-1],
        "applied_on": made["occurred_on"],
        "asked_fen": made["payload"]["amount_fen"],
        "next": [],
    }
