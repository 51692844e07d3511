"""The log of a station in a service: an append-only table, dense positions, each entry naming the one before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
)
from uuid6 import uuid7

from lastmile.kernel.domain.canonical import canonical
from lastmile.kernel.domain.entry import NO_ENTRY, Entry, entry_hash, log_name
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.many_rows import arrays, insert_arrays, insert_many
from lastmile.kernel.store.prepared import Prepared

kernel_tables = MetaData()
"""The tables that every service has."""

events = Table(
    "events",
    kernel_tables,
    Column("log", String(60), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String(36), nullable=False),
    Column("stream", String(250), nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", String(80), nullable=False),
    Column("occurred_on", String(10), nullable=False),
    Column("recorded_at", String(27), nullable=False),
    Column("command_id", String(160), nullable=False),
    Column("leaf", LargeBinary(32), nullable=False),
    Column("entry", LargeBinary, nullable=False),
    UniqueConstraint("stream", "version", name="one_version_once"),
)
"""Entries as they were written. Columns beside `entry` only index it; `verify` checks that they agree."""

Index("events_by_recorded_at", events.c.log, events.c.recorded_at)

INDEXED = ("event_id", "stream", "version", "type", "occurred_on", "recorded_at", "command_id")
"""The members of an entry that stand in columns too, beside log and position."""

heads = Table(
    "heads",
    kernel_tables,
    Column("log", String(60), primary_key=True),
    Column("station", String(9), nullable=False),
    Column("origin", String(36), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("leaf", LargeBinary(32), nullable=False),
    Column("recorded_at", String(27), nullable=False),
)
"""One row a log: where it ends. Locked before any other row is written."""


@dataclass
class Head:
    """The end of a log, moved forward by each append of the transaction that holds its lock."""

    log: str
    station: str
    origin: str
    position: int
    leaf: bytes
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it has a place: everything of its entry but position, hash of the entry before and instant."""

    event_id: str
    stream: str
    version: int
    type: str
    schema: int
    occurred_on: str
    actor: str
    role: str
    correlation_id: str
    causation_id: str
    command_id: str
    payload: dict[str, Any]


_HEAD = "SELECT log, station, origin, position, leaf, recorded_at FROM heads WHERE log = ?"
_LOCK_HEAD = {
    "sqlite": Prepared("lock_head", _HEAD),
    "postgresql": Prepared("lock_head", f"{_HEAD} FOR UPDATE"),
}
_MOVE_HEAD = Prepared("move_head", "UPDATE heads SET position = ?, leaf = ?, recorded_at = ? WHERE log = ?")
_APPEND = Prepared("append", f"WITH appended AS ({insert_arrays(events)}) {_MOVE_HEAD.statement}")
"""Entries and the head moved behind them, in one journey to PostgreSQL."""

_STREAMS = {
    "sqlite": Prepared(
        "streams",
        "SELECT e.stream, e.entry FROM json_each(?) AS asked CROSS JOIN events AS e ON e.stream = asked.value "
        "WHERE +e.log = ? ORDER BY e.stream, e.version",  # The plus keeps SQLite from walking through the log.
    ),
    # Asked one by one, the key is looked up however little PostgreSQL knows yet of a table that grows.
    "postgresql": Prepared(
        "streams",
        "SELECT found.stream, found.entry FROM unnest(CAST(? AS text[])) AS asked (stream), LATERAL ("
        "SELECT stream, log, entry FROM events AS e WHERE e.stream = asked.stream ORDER BY e.version OFFSET 0"
        ") AS found WHERE found.log = ?",  # Outside, so that PostgreSQL does not walk through the log.
    ),
}


class NoSuchLog(NotFound):
    """The station has no log in this service yet: `lastmile init` makes it."""


def open_log(connection: Connection, station: str, service: str) -> bool:
    """Make the empty log of a station, unless it is there. True if it was made."""
    log = log_name(station, service)
    if connection.execute(select(heads.c.log).where(heads.c.log == log)).first():
        return False
    row = {
        "log": log,
        "station": station,
        "origin": str(uuid7()),
        "position": 0,
        "leaf": NO_ENTRY,
        "recorded_at": "",
    }
    connection.execute(insert(heads).values(row))
    return True


def lock_head(connection: Connection, log: str) -> Head:
    """The end of the log, locked until the transaction ends (SQLite's write lock is held already)."""
    row = _LOCK_HEAD[connection.dialect.name].execute(connection, (log,)).first()
    if row is None:
        raise NoSuchLog(
            f"no log {log}: make the station with `lastmile init --station {log.partition('/')[0]} --name …`"
        )
    return Head(row.log, row.station, row.origin, row.position, bytes(row.leaf), row.recorded_at)


def append(connection: Connection, head: Head, drafts: Sequence[Draft], now: datetime) -> None:
    """Write the drafts behind `head`, in order, and move the head. The caller holds the head's lock."""
    if not drafts:
        return
    recorded_at = max(instant(now), head.recorded_at)
    rows = []
    position, leaf = head.position, head.leaf
    for draft in drafts:
        position += 1
        data = _entry_bytes(head, draft, position, leaf, recorded_at)
        leaf = entry_hash(data)
        rows.append(
            (
                *(head.log, position, draft.event_id, draft.stream, draft.version, draft.type, draft.occurred_on),
                *(recorded_at, draft.command_id, leaf, data),
            )
        )
    moved = (position, leaf, recorded_at, head.log)
    if connection.dialect.name == "postgresql":
        _APPEND.execute(connection, (*arrays(rows), *moved))
    else:
        insert_many(connection, events, rows)
        _MOVE_HEAD.execute(connection, moved)
    head.position, head.leaf, head.recorded_at = position, leaf, recorded_at


def _entry_bytes(head: Head, draft: Draft, position: int, previous: bytes, recorded_at: str) -> bytes:
    """As Entry(…).to_bytes(), without making the Entry: this is done for every event."""
    return canonical(
        {
            "actor": draft.actor,
            "causation_id": draft.causation_id,
            "command_id": draft.command_id,
            "correlation_id": draft.correlation_id,
            "event_id": draft.event_id,
            "log": head.log,
            "occurred_on": draft.occurred_on,
            "origin": head.origin,
            "payload": draft.payload,
            "position": position,
            "previous": previous.hex(),
            "recorded_at": recorded_at,
            "role": draft.role,
            "schema": draft.schema,
            "stream": draft.stream,
            "type": draft.type,
            "version": draft.version,
        }
    )


def instant(moment: datetime) -> str:
    """The moment in UTC with microseconds, as it stands in entries; such texts sort by time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def ends(connection: Connection) -> list[Head]:
    """The end of every log in this database."""
    rows = connection.execute(select(heads).order_by(heads.c.log))
    return [Head(r.log, r.station, r.origin, r.position, bytes(r.leaf), r.recorded_at) for r in rows]


def entries_after(connection: Connection, log: str, position: int, limit: int) -> list[bytes]:
    """The bytes of up to `limit` entries behind `position`, in order."""
    query = (
        select(events.c.entry)
        .where(events.c.log == log, events.c.position > position)
        .order_by(events.c.position)
        .limit(limit)
    )
    return [bytes(row.entry) for row in connection.execute(query)]


def entry_at(connection: Connection, log: str, position: int) -> bytes | None:
    row = connection.execute(select(events.c.entry).where(events.c.log == log, events.c.position == position)).first()
    return bytes(row.entry) if row else None


def leaves(connection: Connection, log: str, after: int, upto: int) -> Iterator[bytes]:
    """The leaf hashes of the positions in (after, upto], in order."""
    query = (
        select(events.c.leaf)
        .where(events.c.log == log, events.c.position > after, events.c.position <= upto)
        .order_by(events.c.position)
    )
    for row in connection.execute(query):
        yield bytes(row.leaf)


def streams(connection: Connection, log: str, names: Sequence[str]) -> dict[str, list[Entry]]:
    """The entries of each named stream of the log, in order. Streams that are not there are missing."""
    found: dict[str, list[Entry]] = {}
    dialect = connection.dialect.name
    listed = orjson.dumps(names).decode() if dialect == "sqlite" else list(names)
    rows: Any = _STREAMS[dialect].execute(connection, (listed, log))
    for stream, entry in rows:
        found.setdefault(stream, []).append(Entry.from_bytes(bytes(entry)))
    return found


_REFUSAL = "FOR EACH ROW EXECUTE FUNCTION events_refuse_change()"
_RAISE = "BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END"
_FUNCTION = (
    "CREATE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$"
)

REFUSE_CHANGES = {
    "sqlite": (
        f"CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events {_RAISE}",
        f"CREATE TRIGGER events_refuse_delete BEFORE DELETE ON events {_RAISE}",
    ),
    "postgresql": (
        _FUNCTION,
        f"CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events {_REFUSAL}",
        f"CREATE TRIGGER events_refuse_delete BEFORE DELETE ON events {_REFUSAL}",
        "CREATE TRIGGER events_refuse_truncate BEFORE TRUNCATE ON events EXECUTE FUNCTION events_refuse_change()",
    ),
}
"""The triggers that keep the log append-only, by dialect."""

TRIGGERS = {
    "sqlite": ("events_refuse_update", "events_refuse_delete"),
    "postgresql": ("events_refuse_update", "events_refuse_delete", "events_refuse_truncate"),
}


def missing_triggers(connection: Connection) -> list[str]:
    """The names of those triggers that are not there or are switched off."""
    dialect = connection.dialect.name
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'events'::regclass AND tgenabled <> 'D'",
    }[dialect]
    present = {row[0] for row in connection.exec_driver_sql(query)}
    return [name for name in TRIGGERS[dialect] if name not in present]
