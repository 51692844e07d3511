"""Entries that were only made up: a test says what it is about, the rest is filled in."""

from collections.abc import Mapping
from typing import Any

from lastmile.kernel.domain.entry import NO_ENTRY, Entry, station_of


def made_up(log: str, position: int, kind: str, payload: Mapping[str, Any], **more: Any) -> Entry:
    """The entry at this position of a log; `more` are other members that matter."""
    members: dict[str, Any] = {
        "event_id": f"{log}:{position}",
        "origin": "origin",
        "previous": NO_ENTRY.hex(),
        "stream": f"{station_of(log)}/thing/{position}",
        "version": 1,
        "schema": 1,
        "occurred_on": "2017-03-20",
        "recorded_at": "2017-06-01T00:00:00.000000Z",
        "actor": "clerk",
        "role": "clerk",
        "correlation_id": "c",
        "causation_id": "c",
        "command_id": "c",
    }
    return Entry(log=log, position=position, type=kind, payload=payload, **members | more)
