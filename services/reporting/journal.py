"""Following every log into one journal: each entry as it came, and beside it what figures read of it."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from lastmile.kernel.domain.entry import Entry, entry_hash
from lastmile.kernel.domain.merkle import Frontier
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import Clock
from lastmile.kernel.store.following import Follower
from lastmile.kernel.store.many_rows import Row, insert_many
from services.reporting.figures.book import Book
from services.reporting.figures.reading import Deriving
from services.reporting.tables import columns, ends, journal

FOLLOWER = "journal"
SERVICES = ("membership", "activities", "relief", "access")


class Journal:
    """Writes entries of all types into the journal and moves the end of their log."""

    def __init__(self, book: Book) -> None:
        self.deriving = Deriving(book)

    def outside(self, _entries: Sequence[Entry]) -> None:
        return None

    def inside(self, connection: Connection, entries: Sequence[Entry], data: Sequence[bytes], _result: None) -> None:
        leaves = [entry_hash(item) for item in data]
        insert_many(connection, journal, list(map(_row, entries, leaves, data)))
        insert_many(connection, columns, [columns_row(entry, self.deriving) for entry in entries])
        _move_end(connection, entries, leaves)


def columns_row(entry: Entry, deriving: Deriving) -> Row:
    """What figures read of an entry, as a row of the table beside the journal."""
    derived = deriving.derive(entry.log, entry.type, entry.occurred_on, entry.payload)
    return (entry.log, entry.position, deriving.book, *derived)


def _row(entry: Entry, leaf: bytes, data: bytes) -> Row:
    told = (entry.log, entry.position, entry.event_id, entry.type, entry.occurred_on, entry.recorded_at)
    return (*told, leaf, data)


def journal_follower(database: Database, book: Book, clock: Clock) -> Follower:
    return Follower(FOLLOWER, database, Journal(book), SERVICES, clock)


def _move_end(connection: Connection, entries: Sequence[Entry], leaves: Sequence[bytes]) -> None:
    """All entries are of one log, next and in order: the follower sees to that."""
    log, last = entries[0].log, entries[-1]
    before = connection.execute(select(ends).where(ends.c.log == log)).first()
    frontier = Frontier.from_bytes(before.position, bytes(before.peaks)) if before else Frontier()
    frontier.extend(leaves)
    end = {"position": last.position, "peaks": frontier.to_bytes(), "recorded_at": last.recorded_at}
    if frontier.size != last.position:
        raise ValueError(f"{log}: {frontier.size} leaves in the journal where the entry says {last.position}")
    if before:
        connection.execute(update(ends).where(ends.c.log == log).values(end))
    else:
        connection.execute(insert(ends).values(log=log, **end))
