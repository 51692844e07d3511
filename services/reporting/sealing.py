"""Sealing: full segments of the journal become files of the archive, and only then leave the database."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from sqlalchemy import delete, insert, select

from lastmile.kernel.domain.merkle import leaf_hash, root_of
from services.reporting.archive import ENTRIES, Archive, ArchiveDamaged, entries_table
from services.reporting.extent import Holdings, sealed_upto
from services.reporting.tables import columns, ends, journal, segments

SEGMENT_SIZE = 8_192
"""Positions in a segment; a power of two, so that a segment is a whole subtree of the log's Merkle tree."""


def seal(holdings: Holdings, segment_size: int = SEGMENT_SIZE) -> int:
    """Seal every full segment; answers how many. May run beside followers, reports and another sealer."""
    return sum(1 for _ in _sealed(holdings, segment_size))


def _sealed(holdings: Holdings, size: int) -> Iterator[None]:
    with holdings.database.read() as connection:
        known = [(row.log, row.position) for row in connection.execute(select(ends).order_by(ends.c.log))]
        upto = {log: sealed_upto(connection, log) for log, _ in known}
    for log, end in known:
        for first in range(upto[log] + 1, end - size + 2, size):
            if seal_segment(holdings, log, first, size):
                yield


def seal_segment(holdings: Holdings, log: str, first: int, size: int) -> bool:
    """Seal the positions from `first` on. False if another sealer was faster."""
    query = (
        select(*(journal.c[name] for name in ENTRIES.names))
        .where(journal.c.log == log, journal.c.position.between(first, first + size - 1))
        .order_by(journal.c.position)
    )
    with holdings.database.read() as connection:
        rows = connection.execute(query).all()
        if sealed_upto(connection, log) >= first:
            return False
    _check(log, first, size, rows)
    sealed = write_segment(holdings, log, (first - 1) // size, entries_table(rows))
    return _hand_over(holdings, sealed)


def write_segment(holdings: Holdings, log: str, number: int, entries: pa.Table) -> dict[str, Any]:
    """Write both files of a segment; answers its row in `segments`. The entries are those of the whole segment."""
    archive, leaves = holdings.archive, entries["leaf"].to_pylist()
    root = root_of(leaves)
    path = archive.entries_path(log, number, root)
    if path.exists():  # From a sealer that was stopped after it: the same, or something is very wrong.
        _check_same(archive, path, leaves)
    else:
        archive.write(path, entries)
    archive.write_columns(log, number, root, holdings.book, entries)
    recorded, positions = entries["recorded_at"], entries["position"]
    return {
        "log": log,
        "segment": number,
        "first_position": positions[0].as_py(),
        "last_position": positions[-1].as_py(),
        "root": root,
        "last_leaf": leaves[-1],
        "first_recorded_at": recorded[0].as_py(),
        "last_recorded_at": recorded[-1].as_py(),
    }


def _hand_over(holdings: Holdings, row: dict[str, Any]) -> bool:
    """The segment's row comes and the journal's rows go in one transaction."""
    log, first, last = row["log"], row["first_position"], row["last_position"]
    with holdings.database.write() as connection:
        connection.execute(select(ends).where(ends.c.log == log).with_for_update()).all()
        if sealed_upto(connection, log) != first - 1:
            return False
        connection.execute(insert(segments).values(row))
        for table in (columns, journal):
            gone = connection.execute(delete(table).where(table.c.log == log, table.c.position.between(first, last)))
            if gone.rowcount != last - first + 1:
                raise ValueError(f"{log}: {gone.rowcount} rows of {table} where {first} to {last} were sealed")
    return True


def _check(log: str, first: int, size: int, rows: Sequence[Any]) -> None:
    """What is sealed is kept for ever: it must be dense, and each leaf that of its entry."""
    if [row.position for row in rows] != list(range(first, first + size)):
        raise ValueError(f"{log}: the journal has holes between {first} and {first + size - 1}")
    for row in rows:
        if leaf_hash(bytes(row.entry)) != bytes(row.leaf):
            raise ValueError(f"{log} {row.position}: the leaf in the journal is not that of the entry")


def _check_same(archive: Archive, path: Any, leaves: Sequence[bytes]) -> None:
    there = archive.read_entries(path, ["leaf", "entry"])
    if there["leaf"].to_pylist() != leaves or any(
        leaf_hash(entry) != leaf for entry, leaf in zip(there["entry"].to_pylist(), leaves, strict=True)
    ):
        raise ArchiveDamaged(f"{path} is there already and holds other entries; find out why before sealing goes on")
