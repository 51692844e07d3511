"""A follower that only counts what it is given, and a made-up log for it to follow."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import BigInteger, Column, Connection, Table, insert, select

from lastmile.kernel.domain.entry import NO_ENTRY, Entry, entry_hash
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.following import End, Follower
from lastmile.kernel.store.tables import with_kernel_tables
from tests.made_up import made_up
from tests.system.embedded import CODE

LOG = f"{CODE}/membership"
NOW = datetime(2017, 6, 1, tzinfo=UTC)

tables = with_kernel_tables()
applied = Table("applied", tables, Column("position", BigInteger, nullable=False))


class Counting:
    """Notes each entry that it is given, as often as it is given."""

    def outside(self, _entries: Sequence[Entry]) -> None:
        return None

    def inside(self, connection: Connection, entries: Sequence[Entry], _data: Sequence[bytes], _result: None) -> None:
        connection.execute(insert(applied), [{"position": entry.position} for entry in entries])


def counting_follower(
    database: Database, kind: type[Follower] = Follower
) -> tuple[Follower, Callable[[], dict[int, int]]]:
    """A follower, and how often it was given each position."""
    tables.create_all(database.engine)

    def counted() -> dict[int, int]:
        with database.read() as connection:
            positions = list(connection.execute(select(applied.c.position)).scalars())
        return {position: positions.count(position) for position in sorted(set(positions))}

    return kind("counting", database, Counting(), ["membership"], lambda: NOW), counted


def told_log(length: int) -> list[bytes]:
    """A log of so many entries."""
    data: list[bytes] = []
    for position in range(1, length + 1):
        previous = (entry_hash(data[-1]) if data else NO_ENTRY).hex()
        entry = made_up(LOG, position, "MemberLeft", {"person_id": str(position)}, previous=previous)
        data.append(entry.to_bytes())
    return data


class Told:
    """The owner of these entries."""

    def __init__(self, data: list[bytes]) -> None:
        self.data = data

    def ends(self) -> list[End]:
        return [End(LOG, "origin", len(self.data), entry_hash(self.data[-1]))]

    def entries(self, _log: str, after: int, limit: int) -> list[bytes]:
        return self.data[after : after + limit]
