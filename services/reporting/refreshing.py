"""After the figure book changed: deriving anew what figures read, so that reports need not do it each time."""

from sqlalchemy import Connection, delete, select

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.store.many_rows import insert_many
from services.reporting.extent import Holdings
from services.reporting.figures.reading import Deriving
from services.reporting.journal import columns_row
from services.reporting.tables import columns, ends, journal, segments

ENTRIES_IN_A_TRANSACTION = 1_000


def refresh(holdings: Holdings) -> int:
    """Make the columns files that are missing and the rows of other books; answers how many entries that were."""
    with holdings.database.read() as connection:
        sealed = connection.execute(select(segments).order_by(segments.c.log, segments.c.segment)).all()
        logs = connection.execute(select(ends.c.log).order_by(ends.c.log)).scalars().all()
    made = 0
    for row in sealed:
        if not holdings.archive.columns_path(row.log, row.segment, bytes(row.root), holdings.book.hash).exists():
            holdings.archive.columns_file(row.log, row.segment, bytes(row.root), holdings.book)
            made += row.last_position - row.first_position + 1
    for log in logs:
        while some := _refresh_rows(holdings, log):
            made += some
    return made


def _refresh_rows(holdings: Holdings, log: str) -> int:
    """Derive some rows of a log anew, while neither follower nor sealer writes it."""
    of_another = select(columns.c.position).where(columns.c.log == log, columns.c.book != holdings.book.hash)
    with holdings.database.read() as connection:
        if connection.execute(of_another.limit(1)).first() is None:
            return 0
    with holdings.database.write() as connection:
        connection.execute(select(ends).where(ends.c.log == log).with_for_update()).all()
        positions = connection.execute(of_another.limit(ENTRIES_IN_A_TRANSACTION)).scalars().all()
        _derive_anew(connection, Deriving(holdings.book), log, list(positions))
    return len(positions)


def _derive_anew(connection: Connection, deriving: Deriving, log: str, positions: list[int]) -> None:
    query = select(journal.c.entry).where(journal.c.log == log, journal.c.position.in_(positions))
    entries = [Entry.from_bytes(bytes(data)) for data in connection.execute(query).scalars()]
    connection.execute(delete(columns).where(columns.c.log == log, columns.c.position.in_(positions)))
    if entries:
        insert_many(connection, columns, [columns_row(entry, deriving) for entry in entries])
