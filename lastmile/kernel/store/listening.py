"""What a service does about events of others: keep a copy in views of its own, or react with a command."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, String, Table, Text, delete, insert

from lastmile.kernel.domain.canonical import canonical
from lastmile.kernel.domain.entry import Entry, service_of, station_of
from lastmile.kernel.domain.events import event_type
from lastmile.kernel.domain.failures import Failure, Unavailable
from lastmile.kernel.domain.identity import service_identity
from lastmile.kernel.store.changes import Changed, Fold, Place, carry_out
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import Executor, Order
from lastmile.kernel.store.keystore import Keystore
from lastmile.kernel.store.log import kernel_tables

refused_reactions = Table(
    "refused_reactions",
    kernel_tables,
    Column("follower", String(60), primary_key=True),
    Column("log", String(60), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("reaction", String(80), primary_key=True),
    Column("code", String(80), nullable=False),
    Column("detail", Text, nullable=False),
)
"""Reactions whose command was refused: recorded, listed, not a stop."""


@dataclass(frozen=True)
class Reaction:
    """When the event `hears` comes, ask `command`, once with each of the bodies made of it.

    `bodies(event, entry, connection)` may read this service's own views; `station(event, entry)` tells at which
    station, None for an event that concerns nobody here.
    """

    name: str
    hears: type
    command: str
    bodies: Callable[[Any, Entry, Connection], Iterable[Mapping[str, Any]]]
    station: Callable[[Any, Entry], str | None] = lambda _event, entry: station_of(entry.log)


class Copies:
    """Keeps views of others' events: the folds run in the cursor's own transaction."""

    def __init__(self, heard: Sequence[type], folds: Sequence[Fold]) -> None:
        self.heard, self.folds = _by_source(heard), folds

    def outside(self, entries: Sequence[Entry]) -> None:
        return None

    def inside(self, connection: Connection, entries: Sequence[Entry], _data: Sequence[bytes], _result: None) -> None:
        changes: list[Changed] = []
        for entry in entries:
            kind = self.heard.get((service_of(entry.log), entry.type))
            if kind is not None:
                event = event_type(kind).load(entry.payload, entry.occurred_on)
                place = Place(
                    entry.log,
                    station_of(entry.log),
                    entry.position,
                    entry.event_id,
                    entry.stream,
                    entry.actor,
                )
                for fold in self.folds:
                    changes += fold(event, place)
        carry_out(connection, changes)


class Reactions:
    """Asks this service's own commands when others' events come; the command id is made of the event's id."""

    def __init__(self, follower: str, reactions: Sequence[Reaction], executor: Executor) -> None:
        self.follower, self.executor = follower, executor
        self.reactions: dict[tuple[str, str], list[Reaction]] = {}
        for reaction in reactions:
            source: str = reaction.hears.__source__  # type: ignore[attr-defined]
            self.reactions.setdefault((source, event_type(reaction.hears).name), []).append(reaction)

    def outside(self, entries: Sequence[Entry]) -> list[dict[str, Any]]:
        refused = []
        with self.executor.database.read() as connection:
            asked = [(entry, *made) for entry in entries for made in self._orders(entry, connection)]
        by_station: dict[str, list[tuple[Entry, Reaction, Order]]] = {}
        for item in asked:
            by_station.setdefault(item[2].station, []).append(item)
        for items in by_station.values():
            outcomes = self.executor.execute_all([order for _, _, order in items])
            for (entry, reaction, _), outcome in zip(items, outcomes, strict=True):
                if isinstance(outcome, Unavailable):
                    raise outcome
                if isinstance(outcome, Failure):
                    refused.append(
                        {
                            "follower": self.follower,
                            "log": entry.log,
                            "position": entry.position,
                            "reaction": reaction.name,
                            "code": outcome.code,
                            "detail": str(outcome),
                        }
                    )
        return refused

    def _orders(self, entry: Entry, connection: Connection) -> Iterable[tuple[Reaction, Order]]:
        for reaction in self.reactions.get((service_of(entry.log), entry.type), ()):
            event = event_type(reaction.hears).load(entry.payload, entry.occurred_on)
            station = reaction.station(event, entry)
            if station is None:
                continue
            for body in map(dict, reaction.bodies(event, entry, connection)):
                order = Order(
                    command_id=f"{reaction.name}:{entry.event_id}:{sha256(canonical(body)).hexdigest()[:16]}",
                    station=station,
                    name=reaction.command,
                    body=body,
                    identity=service_identity(self.executor.service, station),
                    correlation_id=entry.correlation_id,
                    causation_id=entry.event_id,
                )
                yield reaction, order

    def inside(
        self,
        connection: Connection,
        entries: Sequence[Entry],
        _data: Sequence[bytes],
        refused: list[dict[str, Any]],
    ) -> None:
        for row in refused:
            key = (refused_reactions.c[name] == row[name] for name in ("follower", "log", "position", "reaction"))
            connection.execute(delete(refused_reactions).where(*key))
        if refused:
            connection.execute(insert(refused_reactions), refused)


class Erasures:
    """Destroys a person's keys when the event that says so comes; the cursor stands in the key store itself.

    So a key store that was restored from an older copy finds the erasures it forgot.
    """

    def __init__(self, erasure: type, keystore: Keystore, database: Database, clear: Sequence[Table]) -> None:
        self.source: str = erasure.__source__  # type: ignore[attr-defined]
        self.type = event_type(erasure)
        self._keystore, self._database, self._clear = keystore, database, clear

    def outside(self, entries: Sequence[Entry]) -> None:
        erased = [e for e in entries if service_of(e.log) == self.source and e.type == self.type.name]
        for entry in erased:
            self._keystore.erase(self.type.load(entry.payload, entry.occurred_on).person_id, entry.event_id)
        if erased and self._clear:
            self._database.remove_old_pages(*self._clear)

    def inside(self, connection: Connection, entries: Sequence[Entry], _data: Sequence[bytes], _result: None) -> None:
        return None


def _by_source(heard: Sequence[type]) -> dict[tuple[str, str], type]:
    return {(kind.__source__, event_type(kind).name): kind for kind in heard}  # type: ignore[attr-defined]
