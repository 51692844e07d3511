"""Checking that the journal, in the database and in the archive, equals the logs of the services."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Column, Connection, Row, Table, select

from lastmile.kernel.domain.entry import service_of
from lastmile.kernel.domain.merkle import Frontier, leaf_hash, root_of
from lastmile.kernel.store.following import Source, cursors
from services.reporting.archive import ENTRIES, ArchiveDamaged, columns_table, lists_of
from services.reporting.extent import Holdings, snapshot
from services.reporting.figures.reading import Derived, Deriving
from services.reporting.journal import FOLLOWER
from services.reporting.tables import columns, ends, journal, segments

ENTRIES_AT_ONCE = 1_000
_BESIDE_NOTHING = "there is something that figures read and no entry in the journal beside it"
LOG_COLUMNS = (ends.c.log, segments.c.log, journal.c.log, columns.c.log)
_INDEXED = ("log", "position", "event_id", "type", "occurred_on", "recorded_at")
_index = itemgetter(*_INDEXED)


class Kept(NamedTuple):
    """An entry as the journal keeps it: index columns, leaf and bytes, in the order of an entries file."""

    log: str
    position: int
    event_id: str
    type: str
    occurred_on: str
    recorded_at: str
    leaf: bytes
    entry: bytes


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
        kept = {log for column in LOG_COLUMNS for log in _logs(connection, column)}
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
    sealed = connection.execute(select(segments).where(segments.c.log == log).order_by(segments.c.segment)).all()
    owner, recorded_at = _of_owner(source, log), ""
    leaves: list[bytes] = []
    for kept in chain(*(_in_archive(holdings, log, row) for row in sealed), _in_database(connection, holdings, log)):
        expected = len(leaves) + 1
        if kept.position != expected:
            raise Differs(expected, f"the journal holds entry {kept.position} where this one is due")
        if leaf_hash(kept.entry) != kept.leaf:
            raise Differs(expected, "the leaf in the journal is not that of the entry beside it")
        if next(owner, None) != kept.entry:
            raise Differs(expected, "the journal holds another entry than the log of its owner")
        leaves.append(kept.leaf)
        recorded_at = kept.recorded_at
    if len(leaves) != position:
        raise Differs(len(leaves) + 1, f"the journal ends here; {position} entries were followed")
    end = connection.execute(select(ends).where(ends.c.log == log)).first()
    reached = (position, _peaks(sealed, leaves), recorded_at)
    if position and (end is None or (end.position, bytes(end.peaks), end.recorded_at) != reached):
        raise Differs(position, "the end of the log in the journal is not that of its entries")


def _peaks(sealed: Sequence[Row[Any]], leaves: Sequence[bytes]) -> bytes:
    """The tree's perfect subtrees; those of sealed segments were compared with their roots already."""
    frontier = Frontier()
    for row in sealed:
        frontier.append_subtree(bytes(row.root), row.last_position - row.first_position + 1)
    frontier.extend(leaves[frontier.size :])
    return frontier.to_bytes()


def _of_owner(source: Source, log: str) -> Iterator[bytes]:
    after = 0
    while entries := source.entries(log, after, ENTRIES_AT_ONCE):
        yield from entries
        after += len(entries)


def _in_archive(holdings: Holdings, log: str, segment: Any) -> Iterator[Kept]:
    archive, root, first = holdings.archive, bytes(segment.root), segment.first_position
    entries = archive.read_entries(archive.entries_path(log, segment.segment, root))
    lists, derive = lists_of(entries.select(ENTRIES.names)), Deriving(holdings.book).derive
    derived = []
    for kept in map(Kept, *lists.values()):
        derived.append(derive(log, kept.type, kept.occurred_on, _payload(kept)))
        yield kept
    if len(derived) != segment.last_position - first + 1:
        raise Differs(first + len(derived), "the entries file of the segment ends here")
    recorded_at = lists["recorded_at"]
    if (recorded_at[0], recorded_at[-1]) != (segment.first_recorded_at, segment.last_recorded_at):
        raise Differs(first, "the segment says that it was recorded at another time than its entries")
    if root_of(lists["leaf"]) != root:
        raise Differs(first, "the entries file does not have the Merkle root of its name")
    path = archive.columns_path(log, segment.segment, root, holdings.book.hash)
    if path.exists() and not archive.read_columns(path).equals(columns_table(entries["position"], derived)):
        raise Differs(first, f"{path.name} does not follow from the entries of its segment")


def _in_database(connection: Connection, holdings: Holdings, log: str) -> Iterator[Kept]:
    """Entries and what figures read of them, side by side: two walks by key, which no stale statistics can spoil."""
    derive, book = Deriving(holdings.book).derive, holdings.book.hash
    beside = _rows(connection, columns, log, ("position", "book", *Derived._fields))
    for row in _rows(connection, journal, log, Kept._fields):
        kept = Kept._make((*row[:6], bytes(row.leaf), bytes(row.entry)))
        read = next(beside, None)
        if read is None or read.position > kept.position:
            raise Differs(kept.position, "what figures read of the entry is missing beside it")
        if read.position < kept.position:
            raise Differs(read.position, _BESIDE_NOTHING)
        derived = derive(log, kept.type, kept.occurred_on, _payload(kept))
        if read.book == book and tuple(read[2:]) != derived:
            raise Differs(kept.position, "what figures read of it does not follow from the entry beside it")
        yield kept
    if (read := next(beside, None)) is not None:
        raise Differs(read.position, _BESIDE_NOTHING)


def _rows(connection: Connection, table: Table, log: str, names: Sequence[str]) -> Iterator[Row[Any]]:
    query = select(*(table.c[name] for name in names)).where(table.c.log == log).order_by(table.c.position)
    yield from connection.execute(query.execution_options(yield_per=ENTRIES_AT_ONCE))


def _payload(kept: Kept) -> dict[str, Any]:
    """The payload of an entry whose index columns agree with it."""
    try:
        members: dict[str, Any] = orjson.loads(kept.entry)
        told = _index(members)
        payload: dict[str, Any] = members["payload"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Differs(kept.position, "the journal holds bytes that are no entry") from None
    if told != kept[: len(_INDEXED)]:
        wrong = [name for name, value in zip(_INDEXED, told, strict=True) if value != getattr(kept, name)]
        raise Differs(kept.position, f"{', '.join(wrong)} beside the entry in the journal differs from the entry")
    return payload
