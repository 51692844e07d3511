"""What happened to a record: its events, and how it stood on a date as they tell."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lastmile.kernel.domain.failures import Failure
from services.gateway.console.asking import ask, code_of, may
from services.gateway.console.showing import shown
from services.gateway.console.texts import t_or

Event = Mapping[str, Any]
"""An event as the question `history` tells it."""

RECORDS_AT_ONCE = 500


def events_of(service: str, names: Sequence[str], as_of: str | None = None) -> list[Event] | None:
    """The events of these records (`<aggregate>/<key>`), the newest last; None for whoever may not see them."""
    if not may(service, "history"):
        return None
    found: list[Event] = []
    for start in range(0, len(names), RECORDS_AT_ONCE):
        own, *beside = names[start : start + RECORDS_AT_ONCE]
        aggregate, _, key = own.partition("/")
        try:
            found += ask(service, "history", aggregate=aggregate, key=key, beside=beside or None, as_of=as_of)["events"]
        except Failure as failure:
            if code_of(failure) == "forbidden":
                return None
            if code_of(failure) != "not-found":
                raise
    return sorted(found, key=lambda event: int(event["position"]))


def said_by(events: Sequence[Event]) -> dict[str, Any]:
    """What the events say, a later word over an earlier one."""
    return {name: value for event in events for name, value in event["payload"].items()}


def where_personal(events: Sequence[Event]) -> dict[str, int]:
    """Each sealed field with the position of the event that said it last."""
    return {name: event["position"] for event in events for name in event["sealed"]}


def described(event: Event) -> Iterator[tuple[str, str]]:
    """What an event says, as label and value; the ids of the record itself say nothing new."""
    for name, value in event["payload"].items():
        if isinstance(value, list | dict):
            continue
        kind = "money" if name.endswith("_fen") else "yes-no" if isinstance(value, bool) else "text"
        words = name if t_or(f"{name}.{value}", "") else ""
        yield t_or(f"field.{name}", name), shown(value, kind, words)
