"""The log as outbox: how far each log was published."""

from sqlalchemy import BigInteger, Column, Connection, String, Table, func, insert, select, update

from lastmile.kernel.store.log import heads, kernel_tables

published = Table(
    "published",
    kernel_tables,
    Column("log", String(60), primary_key=True),
    Column("position", BigInteger, nullable=False),
)


def unpublished(connection: Connection) -> list[tuple[str, int]]:
    """Each log that goes on behind what was published, with the position published last."""
    position = func.coalesce(published.c.position, 0)
    query = (
        select(heads.c.log, position.label("position"))
        .outerjoin(published, published.c.log == heads.c.log)
        .where(heads.c.position > position)
        .order_by(heads.c.log)
    )
    return [(row.log, row.position) for row in connection.execute(query)]


def note_published(connection: Connection, log: str, position: int) -> None:
    changed = connection.execute(update(published).where(published.c.log == log).values(position=position))
    if not changed.rowcount:
        connection.execute(insert(published).values(log=log, position=position))
