"""Checking that the journal, in the database and in the archive, equals the logs of the services."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Column, Connection, select

from lastmile.kernel.domain.entry import service_of
from lastmile.kernel.domain.merkle import Frontier, leaf_hash, root_of
from lastmile.kernel.store.following import Source, cursors
from services.reporting.archive import ArchiveDamaged, derived_columns
from services.reporting.extent import Holdings, snapshot
from services.reporting.figures.reading import Deriving
from services.reporting.journal import FOLLOWER
from services.reporting.tables import ends, journal, segments

ENTRIES_AT_ONCE = 1_000
_INDEXED = ("event_id", "log", "position", "type", "occurred_on", "recorded_at")


@dataclass(frozen=True)
class Kept:
    """An entry as the journal keeps it: its place, its bytes and the leaf stored beside them."""

    position: int
    leaf: bytes
    entry: bytes
    recorded_at: str


class Differs(Exception):
    """The journal is not what it should be, from this position of the log on."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(what)
        self.position = position


def check_journal(holdings: Holdings, sources: Mapping[str, Source]) -> list[str]:
    """The first difference of each log, with its position, in words; nothing if the journal equals the logs.

    A journal that is merely behind is none: it is compared as far as it says that it followed. Checked besides: leaves,
    index columns and derived columns of every entry, subtree roots and columns files of sealed segments, the ends.
    """
    found = []
    with snapshot(holdings.database) as connection:
        query = select(cursors).where(cursors.c.follower == FOLLOWER).order_by(cursors.c.log)
        followed = {row.log: row for row in connection.execute(query)}
        of_owners = {end.log: end.position for source in sources.values() for end in source.ends()}
        kept = {log for column in (ends.c.log, segments.c.log, journal.c.log) for log in _logs(connection, column)}
        for log in sorted({*followed, *kept}):
            if service_of(log) not in sources:
                found.append(f"{log}: the journal holds a log that no service keeps")
                continue
            try:
                position = _followed(followed.get(log), of_owners.get(log, 0))
                _check_log(connection, holdings, log, position, sources[service_of(log)])
            except (Differs, ArchiveDamaged) as error:
                place = f" {error.position}" if isinstance(error, Differs) else ""
                found.append(f"{log}{place}: {error}")
    return found


def _logs(connection: Connection, column: Column[str]) -> Iterator[str]:
    yield from connection.execute(select(column).distinct()).scalars()


def _followed(cursor: Any, end: int) -> int:
    """How far the log was followed, of as many entries as its owner has."""
    position: int = cursor.position if cursor else 0
    if cursor and cursor.stopped_at is not None:
        raise Differs(cursor.stopped_position, f"following stopped here: {cursor.stopped_because}")
    if end < position:
        raise Differs(end + 1, "the journal goes on where the log of its owner ends")
    return position


def _check_log(connection: Connection, holdings: Holdings, log: str, position: int, source: Source) -> None:
    """Walk the journal and the owner's log side by side, up to where the cursor says they were the same."""
    frontier, owner, recorded_at = Frontier(), _of_owner(source, log), ""
    for kept in _kept(connection, holdings, log):
        expected = frontier.size + 1
        if kept.position != expected:
            raise Differs(expected, f"the journal holds entry {kept.position} where this one is due")
        if leaf_hash(kept.entry) != kept.leaf:
            raise Differs(expected, "the leaf in the journal is not that of the entry beside it")
        if next(owner, None) != kept.entry:
            raise Differs(expected, "the journal holds another entry than the log of its owner")
        frontier.append(kept.leaf)
        recorded_at = kept.recorded_at
    if frontier.size != position:
        raise Differs(frontier.size + 1, f"the journal ends here; {position} entries were followed")
    end = connection.execute(select(ends).where(ends.c.log == log)).first()
    reached = (position, frontier.to_bytes(), recorded_at)
    if position and (end is None or (end.position, bytes(end.peaks), end.recorded_at) != reached):
        raise Differs(position, "the end of the log in the journal is not that of its entries")


def _of_owner(source: Source, log: str) -> Iterator[bytes]:
    after = 0
    while entries := source.entries(log, after, ENTRIES_AT_ONCE):
        yield from entries
        after += len(entries)


def _kept(connection: Connection, holdings: Holdings, log: str) -> Iterator[Kept]:
    query = select(segments).where(segments.c.log == log).order_by(segments.c.segment)
    for segment in connection.execute(query).all():
        yield from _in_archive(holdings, log, segment)
    yield from _in_database(connection, holdings, log)


def _in_archive(holdings: Holdings, log: str, segment: Any) -> Iterator[Kept]:
    archive, root = holdings.archive, bytes(segment.root)
    entries = archive.read_entries(archive.entries_path(log, segment.segment, root))
    leaves = entries["leaf"].to_pylist()
    rows = entries.to_pylist()
    for row in rows:
        _check_columns(row, row["entry"])
        yield Kept(row["position"], row["leaf"], row["entry"], row["recorded_at"])
    if len(rows) != segment.last_position - segment.first_position + 1:
        raise Differs(segment.first_position + len(rows), "the entries file of the segment ends here")
    if (rows[0]["recorded_at"], rows[-1]["recorded_at"]) != (segment.first_recorded_at, segment.last_recorded_at):
        raise Differs(segment.first_position, "the segment says that it was recorded at another time than its entries")
    if root_of(leaves) != root:
        raise Differs(segment.first_position, "the entries file does not have the Merkle root of its name")
    columns = archive.columns_path(log, segment.segment, root, holdings.book.hash)
    if columns.exists() and not archive.read_columns(columns).equals(derived_columns(entries, holdings.book)):
        raise Differs(segment.first_position, f"{columns.name} does not follow from the entries of its segment")


def _in_database(connection: Connection, holdings: Holdings, log: str) -> Iterator[Kept]:
    derive, book, service = Deriving(holdings.book).derive, holdings.book.hash, service_of(log)
    query = select(journal).where(journal.c.log == log).order_by(journal.c.position)
    rows = connection.execute(query.execution_options(yield_per=ENTRIES_AT_ONCE))
    for row in map(dict, rows.mappings()):
        entry = bytes(row["entry"])
        payload = _check_columns(row, entry)
        derived = derive(service, row["type"], row["occurred_on"], payload)
        stored = (row["class"], row["month"], row["amount1"], row["amount2"], row["subject"])
        if row["book"] == book and stored != derived:
            raise Differs(row["position"], "what figures read of it does not follow from the entry beside it")
        yield Kept(row["position"], bytes(row["leaf"]), entry, row["recorded_at"])


def _check_columns(row: Mapping[str, Any], entry: bytes) -> dict[str, Any]:
    """The payload of an entry whose index columns agree with it."""
    try:
        members: dict[str, Any] = orjson.loads(entry)
        wrong = [name for name in _INDEXED if members[name] != row[name]]
        payload: dict[str, Any] = members["payload"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Differs(row["position"], "the journal holds bytes that are no entry") from None
    if wrong:
        raise Differs(row["position"], f"{', '.join(wrong)} beside the entry in the journal differs from the entry")
    return payload
