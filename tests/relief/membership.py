"""Membership as relief hears it: events that were only made up."""

from typing import Any

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.store.listening import Reactions
from services.relief.reactions import REACTIONS
from tests.made_up import made_up
from tests.relief.station import Station


def hears(station: Station, kind: str, position: int, person_id: str) -> list[dict[str, Any]]:
    """Let relief hear an event of membership; what was refused comes back."""
    entry = of_membership(station, kind, position, person_id)
    return Reactions("reactions", REACTIONS, station.service.executor).outside([entry])


def of_membership(station: Station, kind: str, position: int, person_id: str) -> Entry:
    """An event of membership about a person."""
    return made_up(
        f"{station.code}/membership",
        position,
        kind,
        {"person_id": person_id, "union_id": "u1"},
        stream=f"{station.code}/member/{person_id}",
        occurred_on="2017-01-19",
        recorded_at="2017-01-19T00:00:00.000000Z",
    )
