"""What membership does when it hears its own events, at this station or another one."""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from lastmile.kernel.domain.entry import Entry, station_of
from lastmile.kernel.domain.events import heard
from lastmile.kernel.domain.fields import Id, StationCode
from lastmile.kernel.store.listening import Reaction


@heard("membership")
class MemberMovedIn:
    person_id: Id
    from_station: StationCode
    occurred_on: date


@heard("membership")
class MemberMovedOut:
    person_id: Id
    occurred_on: date


@heard("membership")
class MemberLeft:
    person_id: Id
    occurred_on: date


@heard("membership")
class MemberExpelled:
    person_id: Id
    occurred_on: date


@heard("membership")
class MemberDied:
    person_id: Id
    occurred_on: date


@heard("membership")
class PersonErased:
    person_id: Id
    occurred_on: date


Bodies = list[dict[str, Any]]


def _transfer_completed(event: MemberMovedIn, entry: Entry, _connection: Connection) -> Bodies:
    accepted_on = event.occurred_on.isoformat()
    return [{"person_id": event.person_id, "to_station": station_of(entry.log), "occurred_on": accepted_on}]


def _unbinding(reason: str) -> Any:
    def bodies(event: Any, _entry: Entry, _connection: Connection) -> Bodies:
        return [{"person_id": event.person_id, "reason": reason, "occurred_on": event.occurred_on.isoformat()}]

    return bodies


def _source_station(event: MemberMovedIn, _entry: Entry) -> str:
    return event.from_station


REACTIONS = (
    Reaction("when_a_transfer_is_accepted", MemberMovedIn, "CompleteTransfer", _transfer_completed, _source_station),
    Reaction("when_a_member_moved_out", MemberMovedOut, "UnbindCard", _unbinding("moved")),
    Reaction("when_a_member_left", MemberLeft, "UnbindCard", _unbinding("left")),
    Reaction("when_a_member_is_expelled", MemberExpelled, "UnbindCard", _unbinding("expelled")),
    Reaction("when_a_member_died", MemberDied, "UnbindCard", _unbinding("died")),
)
