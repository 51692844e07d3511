"""The history of a record, personal data masked, and the recorded way to read what is masked."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Annotated, Any, TypedDict

from marshmallow import Schema, fields, validate

from lastmile.kernel.domain.aggregate import Aggregate, Handles, stream_name
from lastmile.kernel.domain.answers import Day, Instant, Version
from lastmile.kernel.domain.entry import Entry, log_name
from lastmile.kernel.domain.events import event_type
from lastmile.kernel.domain.failures import Forbidden, NotFound
from lastmile.kernel.domain.revealing import RevealField, reveal, reveal_field
from lastmile.kernel.store import log
from lastmile.kernel.store.execution import Reading
from lastmile.kernel.store.service import Asking, Query

MOST_BESIDE = 500
"""How many other records' events may be asked for along with a record's own."""

SHOWN_FOR = timedelta(minutes=10)
"""How long after its recorded ground a sealed field may be read."""

_NAME = validate.Regexp(r"^[a-z_]{1,40}/.{1,200}\Z", error="Not a record: <aggregate>/<key>.")


class OfRecord(Schema):
    """Which record, as of which day and as known at which instant.

    `beside` names others of the service, each `<aggregate>/<key>`, whose events are told along; it need not be there.
    """

    aggregate = fields.String(required=True, validate=validate.Length(1, 40))
    key = fields.String(required=True, validate=validate.Length(1, 200))
    beside = fields.List(fields.String(validate=_NAME), validate=validate.Length(max=MOST_BESIDE))
    as_of = fields.Date()
    known_at = fields.AwareDateTime()


class OfField(Schema):
    """Which field of which entry."""

    position = fields.Integer(required=True, strict=True, validate=validate.Range(1))
    field = fields.String(required=True, validate=validate.Length(1, 40))


class EventShown(TypedDict):
    """One event of a record; `payload` without the fields that stand sealed, which `sealed` names."""

    event_id: str
    position: int
    version: int
    type: str
    occurred_on: Day
    recorded_at: Instant
    actor: Annotated[str, "The person, or the service, that acted."]
    role: str
    correlation_id: str
    payload: dict[str, Any]
    sealed: list[str]


class History(TypedDict):
    """The events of one record, in the log's order; `version` is its own, whatever was asked for beside; 0 without."""

    stream: str
    version: Version
    events: list[EventShown]


class Revealed(TypedDict):
    """A field in clear; nothing where the person was erased."""

    value: str | None


def with_history(service: str, aggregates: Iterable[Aggregate]) -> tuple[Handles, tuple[Query, Query]]:
    """The command RevealField and the questions `history` and `revealed` for these aggregates of a service."""
    known = {aggregate.name: aggregate for aggregate in aggregates}
    sealed = {
        event_type(kind).name: event_type(kind).sealed for aggregate in known.values() for kind in aggregate.events
    }

    def sealed_at(reading: Reading, command: RevealField, _prepared: None) -> bool:
        data = log.entry_at(reading.connection, log_name(reading.station, service), command.position)
        entry = Entry.from_bytes(data) if data else None
        return entry is not None and command.field in sealed.get(entry.type, {}) and command.field in entry.payload

    def history(asking: Asking) -> dict[str, Any]:
        """The events of one record, as of a day and as known at an instant; those of others beside it among them."""
        asked = asking.parameters
        names = [f"{asked['aggregate']}/{asked['key']}", *asked.get("beside", ())]
        for aggregate in sorted({name.partition("/")[0] for name in names} - known.keys()):
            raise NotFound(f"{service} keeps no {aggregate}: one of {', '.join(sorted(known))}")
        streams = [stream_name(asking.station, *name.split("/", 1)) for name in dict.fromkeys(names)]
        found = log.streams(asking.connection, log_name(asking.station, service), streams)
        if not found:
            raise NotFound(f"there is no {asked['aggregate']} {asked['key']} at this station", key=asked["key"])
        own = found.get(streams[0], [])
        entries = sorted((entry for each in found.values() for entry in each), key=lambda entry: entry.position)
        return {
            "stream": streams[0],
            "version": own[-1].version if own else 0,
            "events": [_shown(entry, sealed.get(entry.type, {})) for entry in entries if _asked_for(entry, asked)],
        }

    def revealed(asking: Asking) -> dict[str, Any]:
        """A sealed field in clear, for whoever recorded its ground just now."""
        position, name = asking.parameters["position"], asking.parameters["field"]
        _recorded(asking, service, position, name)
        data = log.entry_at(asking.connection, log_name(asking.station, service), position)
        assert data is not None, "what was revealed was there"
        entry = Entry.from_bytes(data)
        person_id, purpose = entry.payload["person_id"], sealed[entry.type][name]
        keystore = asking.resources.keystore
        return {"value": keystore.unseal(person_id, purpose, entry.event_id, name, entry.payload[name])}

    handles = Handles(RevealField, reveal, reveal_field, lambda command, _: str(command.position), sealed_at)
    return handles, (Query("history", history, History, OfRecord()), Query("revealed", revealed, Revealed, OfField()))


def _shown(entry: Entry, sealed: Mapping[str, str]) -> dict[str, Any]:
    names = ("event_id", "position", "version", "type", "occurred_on", "recorded_at", "actor", "role", "correlation_id")
    return {
        **{name: getattr(entry, name) for name in names},
        "payload": {name: value for name, value in entry.payload.items() if name not in sealed},
        "sealed": sorted(name for name in entry.payload if name in sealed),
    }


def _asked_for(entry: Entry, asked: Mapping[str, Any]) -> bool:
    known_at = log.instant(asked["known_at"]) if "known_at" in asked else entry.recorded_at
    as_of = asked["as_of"].isoformat() if "as_of" in asked else entry.occurred_on
    return entry.recorded_at <= known_at and entry.occurred_on <= as_of


def _recorded(asking: Asking, service: str, position: int, name: str) -> None:
    """Raises Forbidden unless the asker recorded a ground for reading this field lately."""
    stream = stream_name(asking.station, reveal.name, str(position))
    since = log.instant(asking.resources.clock() - SHOWN_FOR)
    entries = log.streams(asking.connection, log_name(asking.station, service), [stream]).get(stream, [])
    for entry in entries:
        if entry.actor == asking.identity.person_id and entry.payload["field"] == name and entry.recorded_at >= since:
            return
    raise Forbidden(f"{name} at {position} is read after RevealField alone", asked="revealed")
