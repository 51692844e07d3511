"""Checking one range of a log, in a process of its own if need be: entries, their order, and the checkpoints within."""

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, fields
from hashlib import sha256
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Table, select, type_coerce
from sqlalchemy.types import NullType

from lastmile.kernel.domain.canonical import canonical
from lastmile.kernel.domain.checkpoint import Checkpoint, Verifier
from lastmile.kernel.domain.entry import NO_ENTRY, Entry, NotAnEntry, entry_hash, station_of
from lastmile.kernel.domain.failures import Unavailable
from lastmile.kernel.domain.merkle import Frontier
from lastmile.kernel.store.checkpoints import checkpoints
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.log import INDEXED, events

FINDINGS_NAMED = 100
"""More than these are counted, not named."""

ROWS_AT_ONCE = 1_000

_MEMBERS = len(fields(Entry))
_placed = itemgetter("position", *INDEXED, "previous", "log", "origin")
_typed = itemgetter("position", "version", "schema", "payload", "actor", "role", "correlation_id", "causation_id")
STORED, KEPT, BESIDE = "the stored checkpoint", "a checkpoint that was kept", "the checkpoint beside the key"
"""Who says what the root of a log was."""


@dataclass(frozen=True, order=True)
class Finding:
    """Something that is wrong with a log, at a position of it (0: with the log as a whole)."""

    log: str
    position: int
    what: str

    def __str__(self) -> str:
        return f"{self.log} {f'at {self.position}' if self.position else 'as a whole'}: {self.what}"


@dataclass
class Findings:
    """What was found, the first of it by name and the rest as a count."""

    log: str
    named: list[Finding] = field(default_factory=list)
    unnamed: int = 0

    def add(self, position: Any, what: str) -> None:
        """A position that is no number, as SQLite lets one be, names the log as a whole."""
        position = position if type(position) is int else 0
        if len(self.named) < FINDINGS_NAMED:
            self.named.append(Finding(self.log, position, what))
        else:
            self.unnamed += 1


@dataclass(frozen=True, order=True)
class Claim:
    """That the log had this root at this size, says `source`."""

    size: int
    root: bytes
    source: str


@dataclass(frozen=True)
class Range:
    """What to check: the positions in (after, upto], where `after` is a multiple of a power of two that is no
    less than the length. `older` are checkpoints that someone kept."""

    url: str
    log: str
    verifier: Verifier
    after: int
    upto: int
    older: tuple[Claim, ...] = ()


@dataclass
class Checked:
    """What became of a range. `peaks` are those of its own tree, which ends before `hole`, the first missing position.

    `claims` come with the root of the range's own tree at that size, None behind a hole.
    """

    asked: Range
    findings: Findings
    peaks: list[bytes] = field(default_factory=list)
    claims: list[tuple[Claim, bytes | None]] = field(default_factory=list)
    hole: int | None = None
    last_hash: str | None = None
    last_recorded_at: str = ""


def check_range(asked: Range) -> Checked:
    """Read the range once, from the first row to the last, and check all that can be told from it alone."""
    database = Database(asked.url, pooled=False)
    with closing(database), database.read() as connection:
        return _Reading(asked, connection).checked


def read_any_text(connection: Connection) -> None:
    """Have SQLite show text that is no UTF-8, which someone may have put there, instead of failing. This is slower."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.text_factory = lambda data: data.decode(errors="backslashreplace")


def as_stored(table: Table) -> list[ColumnElement[Any]]:
    """The columns of a table, read as whatever stands there: SQLite keeps values of any type in most columns."""
    return [type_coerce(column, NullType()).label(column.name) for column in table.c]


class _Reading:
    """How far the reading of a range has come, and what the next row must agree with."""

    def __init__(self, asked: Range, connection: Connection) -> None:
        self.asked, self.checked = asked, Checked(asked, Findings(asked.log))
        self.origin = asked.verifier.name.rpartition("/")[2]
        self.station = f"{station_of(asked.log)}/"
        self.next, self.recorded_at = asked.after + 1, ""
        self.previous = None if asked.after else NO_ENTRY.hex()
        self.frontier = Frontier()
        self.claims = sorted([*asked.older, *self._stored_claims(connection)], reverse=True)
        for rows in self._rows(connection):
            self._grow(self._leaves(rows))
        if self.next <= asked.upto:
            self._missing(asked.upto)
        self.checked.peaks = self.frontier.peaks
        self.checked.last_hash, self.checked.last_recorded_at = self.previous, self.recorded_at
        self.checked.claims += [(claim, None) for claim in reversed(self.claims)]

    def _stored_claims(self, connection: Connection) -> Iterator[Claim]:
        query = (
            select(*as_stored(checkpoints))
            .where(
                checkpoints.c.log == self.asked.log,
                checkpoints.c.size > self.asked.after,
                checkpoints.c.size <= self.asked.upto,
            )
            .order_by(checkpoints.c.size)
        )
        for row in connection.execute(query):
            try:
                signed = self.asked.verifier.open_checkpoint(plain(row.note).decode(errors="replace"))
            except ValueError as error:
                self.checked.findings.add(row.size, f"checkpoint of size {row.size}: {error}")
                continue
            if row.size == signed.size:
                yield Claim(signed.size, signed.root, STORED)
            for what in _disagreements(row, signed, self.asked.verifier.name):
                self.checked.findings.add(row.size, f"checkpoint of size {row.size}: {what}")

    def _rows(self, connection: Connection, *, any_text: bool = False) -> Iterator[Sequence[Sequence[Any]]]:
        first = self.next if any_text else max(self.asked.after, 1)
        query = (
            select(*(events.c[name] for name in ("position", *INDEXED, "leaf", "entry")))
            .where(events.c.log == self.asked.log, events.c.position.between(first, self.asked.upto))
            .order_by(events.c.position)
        )
        sqlite = connection.dialect.name == "sqlite"
        # Read by the driver's own cursor: a row of SQLAlchemy's would take as long to make as to check.
        # On PostgreSQL it must have a name, or all rows come at once.
        cursor = connection.connection.cursor(*(() if sqlite else ("verify",)))
        try:
            cursor.execute(str(query.compile(connection.engine, compile_kwargs={"literal_binds": True})))
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield self._behind_the_start(rows)
        except connection.dialect.loaded_dbapi.Error as error:
            if not sqlite:
                raise Unavailable(f"the database went away at {self.next} of {self.asked.log}") from error
            if any_text:
                self.checked.findings.add(self.next, f"the rows from here on cannot be read: {error}")
            else:
                read_any_text(connection)
                yield from self._rows(connection, any_text=True)
        finally:
            cursor.close()

    def _behind_the_start(self, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """Without the row before the range: another range checks it; here it says what the first entry continues."""
        if rows[0][0] != self.asked.after:
            return rows
        data = plain(rows[0][-1])
        self.previous = entry_hash(data).hex()
        with suppress(NotAnEntry):  # Named where that row is checked.
            self.recorded_at = Entry.from_bytes(data).recorded_at
        return rows[1:]

    def _leaves(self, rows: Sequence[Sequence[Any]]) -> list[bytes]:
        """The leaf hashes of the rows, recomputed from their entries. The speed of verify hangs on this loop."""
        log, origin, station = self.asked.log, self.origin, self.station
        loads, placed, typed = orjson.loads, _placed, _typed
        expected, previous, before, leaves = self.next, self.previous, self.recorded_at, list[bytes]()
        for row in rows:
            (position, event_id, stream, version, type_, on, at, command_id, stored, data) = row
            try:
                leaf = sha256(b"\x00" + data).digest()
                members = loads(data)
                number, edition, schema, payload, actor, role, correlation, causation = typed(members)
                holds = (
                    placed(members)
                    == (expected, event_id, stream, version, type_, on, at, command_id, previous, log, origin)
                    and position == expected
                    and (stored == leaf or plain(stored) == leaf)
                    and at >= before
                    and stream.startswith(station)
                    and len(members) == _MEMBERS
                    and type(number) is type(edition) is type(schema) is int
                    and schema > 0
                    and type(payload) is dict
                    and type(actor) is type(role) is type(correlation) is type(causation) is str
                    and ((written := canonical(members)) == data or written == plain(data))
                )
            except (ValueError, TypeError, KeyError, AttributeError):
                holds = False
            if not holds:
                self.next, self.previous, self.recorded_at = expected, previous, before
                if type(position) is not int:
                    self.checked.findings.add(expected, f"an entry stands at position {position!r}")
                    continue
                leaf = self._examine(row)
                at = at if isinstance(at, str) else before
            leaves.append(leaf)
            expected, previous, before = position + 1, leaf.hex(), at
        self.next, self.previous, self.recorded_at = expected, previous, before
        return leaves

    def _examine(self, row: Sequence[Any]) -> bytes:
        """Name what is wrong with a row. Answers the leaf hash of its entry as it stands."""
        position, *_, stored, data = row
        data = plain(data)
        leaf = entry_hash(data)
        if position > self.next:
            self._missing(position - 1)
        found = list(self._wrong(dict(zip(("position", *INDEXED), row, strict=False)), data))
        if plain(stored) != leaf:
            found.append("the stored leaf is not the hash of the entry: one of them was changed")
        if not found and self.previous is not None:
            found.append("the row does not agree with its entry")
        for what in found:
            self.checked.findings.add(position, what)
        return leaf

    def _wrong(self, columns: dict[str, Any], data: bytes) -> Iterator[str]:
        try:
            entry = Entry.from_bytes(data)
        except NotAnEntry as error:
            yield f"the entry cannot be read: {error}"
            return
        for name, value in columns.items():
            if value != getattr(entry, name):
                yield f"column {name} says {value!r}, the entry {getattr(entry, name)!r}"
        if not _is_canonical(entry, data):
            yield "the entry is not written in canonical form"
        if entry.log != self.asked.log or entry.origin != self.origin:
            yield f"the entry is one of {entry.log} with origin {entry.origin}"
        if self.previous not in (None, entry.previous):
            yield "the entry does not name the one before it: one of them was changed"
        if not entry.stream.startswith(self.station):
            yield f"the stream {entry.stream} belongs to another station"
        if entry.recorded_at < self.recorded_at:
            yield f"recorded at {entry.recorded_at}, before the entry before it, {self.recorded_at}"

    def _missing(self, upto: int) -> None:
        first, span = self.next, f"entries {self.next} to {upto} are" if upto > self.next else "the entry is"
        self.checked.findings.add(first, f"{span} missing")
        self.checked.hole = self.checked.hole or first
        self.next, self.previous = upto + 1, None

    def _grow(self, leaves: Sequence[bytes]) -> None:
        """Append the leaves to the range's tree, and note its root wherever a checkpoint claims one."""
        start = 0
        if self.checked.hole is not None:
            leaves = leaves[: max(self.checked.hole - 1 - self.asked.after - self.frontier.size, 0)]
        while self.claims and self.claims[-1].size - self.asked.after <= self.frontier.size + len(leaves) - start:
            claim = self.claims.pop()
            stop = start + claim.size - self.asked.after - self.frontier.size
            self.frontier.extend(leaves[start:stop])
            self.checked.claims.append((claim, self.frontier.root()))
            start = stop
        self.frontier.extend(leaves[start:])


def plain(data: Any) -> bytes:
    """The bytes of a column, whatever the driver makes of them or someone may have put there."""
    return bytes(data) if isinstance(data, bytes | memoryview) else str(data).encode()


def _is_canonical(entry: Entry, data: bytes) -> bool:
    try:
        return entry.to_bytes() == data
    except TypeError:  # An integer that JSON does not carry everywhere.
        return False


def _disagreements(row: Any, signed: Checkpoint, name: str) -> Iterator[str]:
    """What of a stored checkpoint is not what its note says."""
    if signed.origin != name:
        yield f"the note is of {signed.origin}"
    if row.size != signed.size:
        yield f"column size says {row.size}, the note {signed.size}"
    if plain(row.root) != signed.root:
        yield "column root is not that of the note"
    peaks = plain(row.peaks)
    if len(peaks) != 32 * signed.size.bit_count() or Frontier.from_bytes(signed.size, peaks).root() != signed.root:
        yield "column peaks does not lead to the root of the note"
