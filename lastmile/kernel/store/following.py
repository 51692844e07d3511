"""Following logs of others: a cursor per log, moved in the same transaction as what was applied."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, String, Table, Text, insert, select, update

from lastmile.kernel.domain.entry import NO_ENTRY, Entry, NotAnEntry, entry_hash, service_of
from lastmile.kernel.domain.failures import Unavailable
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import Clock
from lastmile.kernel.store.log import instant, kernel_tables

ENTRIES_IN_A_TRANSACTION = 200
ENTRIES_IN_A_PULL = 1_000
TRIES_BEFORE_A_STOP = 3

cursors = Table(
    "cursors",
    kernel_tables,
    Column("follower", String(60), primary_key=True),
    Column("log", String(60), primary_key=True),
    Column("origin", String(36), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("leaf", LargeBinary(32), nullable=False),
    Column("stopped_at", String(27)),
    Column("stopped_position", BigInteger),
    Column("stopped_because", Text),
)
"""How far each follower is in each log, and, where it had to stop, since when and why."""


@dataclass(frozen=True)
class End:
    """Where a log ends, as its owner says."""

    log: str
    origin: str
    position: int
    leaf: bytes


class Source(Protocol):
    """The owner of some logs, asked directly or over HTTP."""

    def ends(self) -> list[End]: ...

    def entries(self, log: str, after: int, limit: int) -> list[bytes]: ...


class Applies(Protocol):
    """What a follower does with entries that are next and in order.

    `outside` runs before the transaction and must bear repetition; `inside` runs in the cursor's transaction.
    """

    def outside(self, entries: Sequence[Entry]) -> Any: ...

    def inside(self, connection: Connection, entries: Sequence[Entry], data: Sequence[bytes], result: Any) -> None: ...


@dataclass(frozen=True)
class Stop:
    """A log that a follower stopped at, until `lastmile replay` clears it."""

    follower: str
    log: str
    position: int
    at: str
    because: str


@dataclass
class _Cursor:
    log: str
    origin: str
    position: int
    leaf: bytes
    stopped: bool


class HistoryReplaced(Exception):
    """The entry at `position` does not continue what was applied before: the owner's history is another one."""

    def __init__(self, entry: Entry, applied: int) -> None:
        super().__init__(
            f"entry {entry.position} of {entry.log} does not continue the entry {applied} "
            "that was applied: history was replaced"
        )
        self.position = entry.position


class Follower:
    """Applies the logs of one or more services, each entry once and in order, whatever the broker does."""

    def __init__(self, name: str, database: Database, applies: Applies, services: Iterable[str], clock: Clock) -> None:
        self.name, self.database, self.applies, self.clock = name, database, applies, clock
        self.services = frozenset(services)
        self._tries: dict[tuple[str, int], int] = {}
        self._heard_of: dict[str, int] = {}

    def follows(self, log: str) -> bool:
        return service_of(log) in self.services

    def lag(self) -> int:
        """How many entries this follower has heard of and not applied."""
        with self.database.read() as connection:
            query = select(cursors.c.log, cursors.c.position).where(cursors.c.follower == self.name)
            applied = {row.log: row.position for row in connection.execute(query)}
        return sum(max(0, position - applied.get(log, 0)) for log, position in self._heard_of.items())

    def _hears_of(self, log: str, position: int) -> None:
        self._heard_of[log] = max(position, self._heard_of.get(log, 0))

    def offer(self, data: Sequence[bytes]) -> set[str]:
        """Apply news in any order, repeated or with holes. Answers the logs in which something is missing: pull those.

        Raises NotAnEntry for bytes that are no entry, before anything is applied.
        """
        return self.offer_entries([(Entry.from_bytes(item), item) for item in data])

    def offer_entries(self, found: Sequence[tuple[Entry, bytes]]) -> set[str]:
        """As `offer`, for entries that were read already, each with its bytes."""
        by_log: dict[str, dict[int, tuple[Entry, bytes]]] = {}
        for entry, item in found:
            by_log.setdefault(entry.log, {}).setdefault(entry.position, (entry, item))
        behind = set()
        for log, ours in by_log.items():
            self._hears_of(log, max(ours))
            if self.follows(log) and self._apply(log, [ours[position] for position in sorted(ours)]):
                behind.add(log)
        return behind

    def catch_up(self, source: Source, only: Iterable[str] | None = None) -> int:
        """Pull what the owner has and this follower has not. Answers how many entries were applied."""
        applied, wanted = 0, None if only is None else set(only)
        before = self._cursors()  # Read before the ends are asked for: news may move them on meanwhile.
        for end in source.ends():
            if self.follows(end.log) and (wanted is None or end.log in wanted):
                self._hears_of(end.log, end.position)
                cursor = before.get(end.log)
                if not (cursor and _stands_at(cursor, end)):  # Most logs of many stations do: they cost nothing.
                    applied += self._pull(source, end, cursor)
        return applied

    def _pull(self, source: Source, end: End, before: _Cursor | None) -> int:
        cursor = self._cursor(end.log)
        if cursor.stopped:
            return 0
        if before and (why := _replaced(before, end)):
            self._stop(end.log, before.position, why)
            return 0
        start = cursor.position
        while cursor.position < end.position and not cursor.stopped:
            data = source.entries(end.log, cursor.position, ENTRIES_IN_A_PULL)
            try:
                entries = [(Entry.from_bytes(item), item) for item in data]
            except NotAnEntry as error:
                self._stop(end.log, cursor.position + 1, f"the owner sent bytes that are no entry: {error}")
                break
            reached = cursor.position
            self._apply(end.log, entries)
            cursor = self._cursor(end.log)
            if cursor.position == reached:
                break
        return cursor.position - start

    def _apply(self, log: str, found: Sequence[tuple[Entry, bytes]]) -> bool:
        """True if something is missing before some of them."""
        for start in range(0, len(found), ENTRIES_IN_A_TRANSACTION):
            part = found[start : start + ENTRIES_IN_A_TRANSACTION]
            try:
                missing = self._apply_part(log, part)
            except Unavailable:
                raise
            except HistoryReplaced as error:
                self._stop(log, error.position, str(error))
                return False
            except Exception:
                if not self._one_by_one(log, part):
                    return False
                missing = False
            if missing:
                return True
        return False

    def _one_by_one(self, log: str, part: Sequence[tuple[Entry, bytes]]) -> bool:
        for item in part:
            position = item[0].position
            try:
                self._apply_part(log, [item])
                self._tries.pop((log, position), None)
            except Unavailable:
                raise
            except HistoryReplaced as error:
                self._stop(log, error.position, str(error))
                return False
            except Exception as error:
                tries = self._tries[log, position] = self._tries.get((log, position), 0) + 1
                if tries < TRIES_BEFORE_A_STOP:
                    raise
                self._stop(log, position, f"{type(error).__name__}: {error}")
                return False
        return True

    def _apply_part(self, log: str, found: Sequence[tuple[Entry, bytes]]) -> bool:
        entries, data, missing = self._next(self._cursor(log), found)
        if not entries:
            return missing
        result = self.applies.outside(entries)
        with self.database.write() as connection:
            cursor = self._cursor_row(connection, log, lock=True)
            if cursor.stopped or cursor.position != entries[0].position - 1:
                return False  # Another process of this follower was faster; the cursor tells what is left.
            self.applies.inside(connection, entries, data, result)
            last = {
                "position": entries[-1].position,
                "leaf": entry_hash(data[-1]),
                "origin": entries[-1].origin,
            }
            connection.execute(
                update(cursors).where(cursors.c.follower == self.name, cursors.c.log == log).values(last)
            )
        return missing

    def _next(self, cursor: _Cursor, found: Sequence[tuple[Entry, bytes]]) -> tuple[list[Entry], list[bytes], bool]:
        """Those of `found` (sorted) that continue the cursor, and whether there is a hole before the rest."""
        entries: list[Entry] = []
        data: list[bytes] = []
        if cursor.stopped:
            return entries, data, False
        position, leaf, origin = cursor.position, cursor.leaf, cursor.origin
        for entry, item in found:
            if entry.position <= position:
                continue
            if entry.position > position + 1:
                return entries, data, True
            if entry.previous != leaf.hex() or (origin and entry.origin != origin):
                if entries:
                    return entries, data, True
                raise HistoryReplaced(entry, position)
            entries.append(entry)
            data.append(item)
            position, leaf, origin = entry.position, entry_hash(item), entry.origin
        return entries, data, False

    def _cursors(self) -> dict[str, _Cursor]:
        with self.database.read() as connection:
            rows = connection.execute(select(cursors).where(cursors.c.follower == self.name)).all()
        return {row.log: _as_cursor(row) for row in rows}

    def _cursor(self, log: str) -> _Cursor:
        with self.database.read() as connection:
            row = connection.execute(
                select(cursors).where(cursors.c.follower == self.name, cursors.c.log == log)
            ).first()
        if row is not None:
            return _as_cursor(row)
        with self.database.write() as connection:
            return self._cursor_row(connection, log, lock=False)

    def _cursor_row(self, connection: Connection, log: str, *, lock: bool) -> _Cursor:
        query = select(cursors).where(cursors.c.follower == self.name, cursors.c.log == log)
        row = connection.execute(query.with_for_update() if lock else query).first()
        if row is None:
            first = {"follower": self.name, "log": log, "origin": "", "position": 0, "leaf": NO_ENTRY}
            connection.execute(insert(cursors).values(first))
            return _Cursor(log, "", 0, NO_ENTRY, False)
        return _as_cursor(row)

    def _stop(self, log: str, position: int, because: str) -> None:
        with self.database.write() as connection:
            self._cursor_row(connection, log, lock=True)
            stopped = {
                "stopped_at": instant(self.clock()),
                "stopped_position": position,
                "stopped_because": because,
            }
            connection.execute(
                update(cursors)
                .where(cursors.c.follower == self.name, cursors.c.log == log, cursors.c.stopped_at.is_(None))
                .values(stopped)
            )

    def replay(self, log: str) -> None:
        """Clear the stop of a log, so that the next pull goes on behind what was applied."""
        nothing = {"stopped_at": None, "stopped_position": None, "stopped_because": None}
        with self.database.write() as connection:
            connection.execute(
                update(cursors).where(cursors.c.follower == self.name, cursors.c.log == log).values(nothing)
            )


def _as_cursor(row: Any) -> _Cursor:
    return _Cursor(row.log, row.origin, row.position, bytes(row.leaf), row.stopped_at is not None)


def _stands_at(cursor: _Cursor, end: End) -> bool:
    return (cursor.position, cursor.leaf, cursor.origin) == (end.position, end.leaf, end.origin)


def _replaced(cursor: _Cursor, end: End) -> str | None:
    if cursor.origin and end.origin != cursor.origin:
        return f"the log {end.log} has another origin than the one followed: history was replaced"
    if end.position < cursor.position:
        return (
            f"the log {end.log} ends at {end.position}, below {cursor.position} already applied: history was replaced"
        )
    if end.position == cursor.position and end.position and end.leaf != cursor.leaf:
        return f"the entry {end.position} of {end.log} is not the one that was applied: history was replaced"
    return None


def stops(connection: Connection) -> list[Stop]:
    """The logs at which a follower of this database stopped."""
    query = select(cursors).where(cursors.c.stopped_at.is_not(None)).order_by(cursors.c.follower, cursors.c.log)
    return [
        Stop(row.follower, row.log, row.stopped_position, row.stopped_at, row.stopped_because)
        for row in connection.execute(query)
    ]
