"""A member as the register knew them on a date: membership, union, card and honours by the events up to it."""

from collections.abc import Sequence
from typing import Any

from services.gateway.console.asking import ask
from services.gateway.console.detail import Told
from services.gateway.console.history import Event, where_personal

ADMITTED_BY = ("MemberRegistered", "MemberJoined", "MemberRejoined", "MemberMovedIn")
ENDED_BY = ("MemberLeft", "MemberExpelled", "MemberDied", "MemberMovedOut")


def member_as_of(events: Sequence[Event], _day: str) -> Told:
    found = membership(events)
    union = ask("membership", "union", union_id=found["union_id"]) if found.get("union_id") else {}
    return {
        **found,
        "union_name": union.get("name"),
        "community": union.get("community"),
        "card": card(events),
        "honours": honours(events),
        "sealed": where_personal(events),
    }


def membership(events: Sequence[Event]) -> dict[str, Any]:
    """Whether the person was a member, since when, and of which union."""
    found: dict[str, Any] = {"living": False, "since": None, "union_id": None}
    for event in events:
        said, on = event["payload"], event["occurred_on"]
        if event["type"] in ADMITTED_BY:
            found = {"living": True, "since": on, "union_id": said["union_id"]}
        elif event["type"] == "MemberTransferred":
            found["union_id"] = said["to_union_id"]
        elif event["type"] in ENDED_BY:
            found |= {"living": False, "since": on}
        elif event["type"] == "AdmissionUndone":
            before = {"union_id": said.get("former_union_id") or said["union_id"], "since": said.get("former_since")}
            found = {"living": False, **before}
    return found


def card(events: Sequence[Event]) -> dict[str, Any]:
    """The card, or the application for one that waited for its number."""
    held: dict[str, Any] = {"status": "none"}
    waiting: dict[str, Any] | None = None
    for event in events:
        said, on = event["payload"], event["occurred_on"]
        match event["type"]:
            case "CardIssued" | "CardReplaced":
                held, waiting = {"status": "live", "since": on}, None
            case "CardLost":
                held = {"status": "lost", "since": on}
            case "CardUnbound":
                held = {"status": "none"}
            case "CardApplied":
                waiting = {"status": "waiting", "since": on, "application_number": said["application_number"]}
            case "CardApplicationEnded":
                waiting = None
    return waiting or held


def honours(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The honours that the person held, by their title."""
    held: dict[str, dict[str, Any]] = {}
    for event in events:
        said = event["payload"]
        match event["type"]:
            case "HonourRecorded":
                held[said["title"]] = {
                    "title": said["title"],
                    "service": said["service"],
                    "since": event["occurred_on"],
                }
            case "HonoureeRetired":
                held[said["title"]]["service"] = said["service"]
            case "HonourRevoked":
                held.pop(said["title"], None)
    return [held[title] for title in sorted(held)]
