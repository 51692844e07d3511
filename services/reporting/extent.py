"""Up to where each log counts for a report: its position and root there, and where its entries lie."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow.compute as pc
from sqlalchemy import Connection, func, or_, select

from lastmile.kernel.domain.entry import service_of
from lastmile.kernel.domain.merkle import Frontier
from lastmile.kernel.store.database import Database
from services.reporting.archive import Archive
from services.reporting.figures.book import Book
from services.reporting.journal import SERVICES
from services.reporting.tables import ends, journal, segments


class Holdings(Protocol):
    """What figures are computed from."""

    database: Database
    archive: Archive
    book: Book


@dataclass(frozen=True)
class Segment:
    """A sealed stretch of a log, of which entries up to `upto` count."""

    number: int
    first: int
    last: int
    root: bytes
    upto: int

    @property
    def whole(self) -> bool:
        return self.upto == self.last


@dataclass(frozen=True)
class Extent:
    """A log up to `position`, with its Merkle root there: sealed segments first, the rest in the journal's table."""

    log: str
    position: int
    root: bytes
    sealed: tuple[Segment, ...]

    @property
    def sealed_upto(self) -> int:
        """The last position that lies in the archive; only what stands behind it counts from the database."""
        return self.sealed[-1].last if self.sealed else 0


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """One unchanging view of the database, whatever followers and the sealer do meanwhile."""
    with database.read() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")
        else:
            yield connection.execution_options(isolation_level="REPEATABLE READ")


def extents(connection: Connection, archive: Archive, stations: Sequence[str], known_at: str | None) -> list[Extent]:
    """Every log of these stations (nine digits) or areas (the digits their stations begin with)."""
    of_stations = or_(*(ends.c.log.like(f"{station}%/%") for station in stations))
    found_ends = connection.execute(select(ends).where(of_stations).order_by(ends.c.log))
    heads = {row.log: row for row in found_ends if service_of(row.log) in SERVICES}
    query = select(segments).where(segments.c.log.in_(heads)).order_by(segments.c.log, segments.c.segment)
    sealed: dict[str, list[Segment]] = {}
    recorded: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(query):
        found = Segment(row.segment, row.first_position, row.last_position, bytes(row.root), row.last_position)
        sealed.setdefault(row.log, []).append(found)
        recorded.setdefault(row.log, []).append((row.first_recorded_at, row.last_recorded_at))
    made = []
    for log, head in heads.items():
        if known_at is None or head.recorded_at <= known_at:
            root = Frontier.from_bytes(head.position, bytes(head.peaks)).root()
            made.append(Extent(log, head.position, root, tuple(sealed.get(log, ()))))
        else:
            parts = list(zip(sealed.get(log, ()), recorded.get(log, ()), strict=True))
            made.append(_known(connection, archive, log, parts, known_at))
    return made


def _known(
    connection: Connection,
    archive: Archive,
    log: str,
    parts: Sequence[tuple[Segment, tuple[str, str]]],
    known_at: str,
) -> Extent:
    """The log as far as its owner had recorded it by an instant."""
    frontier, taken = Frontier(), []
    for segment, (first_recorded_at, last_recorded_at) in parts:
        if last_recorded_at <= known_at:
            frontier.append_subtree(segment.root, segment.last - segment.first + 1)
            taken.append(segment)
        elif first_recorded_at <= known_at:
            path = archive.entries_path(log, segment.number, segment.root)
            leaves = _known_leaves(archive, path, known_at)
            frontier.extend(leaves)
            taken.append(Segment(segment.number, segment.first, segment.last, segment.root, frontier.size))
    if all(segment.whole for segment in taken) and len(taken) == len(parts):
        query = (
            select(journal.c.leaf)
            .where(journal.c.log == log, journal.c.recorded_at <= known_at)
            .order_by(journal.c.position)
        )
        frontier.extend(bytes(row.leaf) for row in connection.execute(query))
    return Extent(log, frontier.size, frontier.root(), tuple(taken))


def _known_leaves(archive: Archive, path: Path, known_at: str) -> list[bytes]:
    table = archive.read_entries(path, ["leaf", "recorded_at"])
    known = pc.less_equal(table["recorded_at"].cast("string"), known_at)
    leaves: list[bytes] = table["leaf"].filter(known).to_pylist()
    return leaves


def sealed_upto(connection: Connection, log: str) -> int:
    """The last position of a log that lies in the archive; 0 if none."""
    found = connection.execute(select(func.max(segments.c.last_position)).where(segments.c.log == log)).scalar()
    return found or 0
