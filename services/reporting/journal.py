"""Following every log into one journal: each entry as it came, and beside it what figures read of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from lastmile.kernel.domain.entry import Entry, entry_hash, service_of
from lastmile.kernel.domain.merkle import Frontier
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import Clock
from lastmile.kernel.store.following import Follower
from lastmile.kernel.store.many_rows import insert_many
from services.reporting.figures.book import Book
from services.reporting.figures.reading import Deriving
from services.reporting.tables import ends, journal

FOLLOWER = "journal"
SERVICES = ("membership", "activities", "relief", "access")


class Journal:
    """Writes entries of all types into the journal and moves the end of their log."""

    def __init__(self, book: Book) -> None:
        self.deriving = Deriving(book)

    def outside(self, _entries: Sequence[Entry]) -> None:
        return None

    def inside(self, connection: Connection, entries: Sequence[Entry], data: Sequence[bytes], _result: None) -> None:
        rows = [self._row(entry, item) for entry, item in zip(entries, data, strict=True)]
        insert_many(connection, journal, [tuple(row[name] for name in _COLUMNS) for row in rows])
        _move_end(connection, rows)

    def _row(self, entry: Entry, data: bytes) -> dict[str, Any]:
        derived = self.deriving.derive(service_of(entry.log), entry.type, entry.occurred_on, entry.payload)
        return {
            "log": entry.log,
            "position": entry.position,
            "event_id": entry.event_id,
            "type": entry.type,
            "occurred_on": entry.occurred_on,
            "recorded_at": entry.recorded_at,
            "book": self.deriving.book,
            "class": derived.class_,
            "month": derived.month,
            "amount1": derived.amount1,
            "amount2": derived.amount2,
            "subject": derived.subject,
            "leaf": entry_hash(data),
            "entry": data,
        }


_COLUMNS = tuple(column.name for column in journal.c)


def journal_follower(database: Database, book: Book, clock: Clock) -> Follower:
    return Follower(FOLLOWER, database, Journal(book), SERVICES, clock)


def _move_end(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """All rows are of one log, next and in order: the follower sees to that."""
    log, last = rows[0]["log"], rows[-1]
    before = connection.execute(select(ends).where(ends.c.log == log)).first()
    frontier = Frontier.from_bytes(before.position, bytes(before.peaks)) if before else Frontier()
    frontier.extend(row["leaf"] for row in rows)
    end = {"position": last["position"], "peaks": frontier.to_bytes(), "recorded_at": last["recorded_at"]}
    if frontier.size != last["position"]:
        raise ValueError(f"{log}: {frontier.size} leaves in the journal where the entry says {last['position']}")
    if before:
        connection.execute(update(ends).where(ends.c.log == log).values(end))
    else:
        connection.execute(insert(ends).values(log=log, **end))
