"""The unsealed end of the journal as an Arrow table of the archive's shape, read without a Python value a row."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from sqlalchemy import Connection, and_, or_, select

from services.reporting.archive import COLUMNS, ENTRIES, derived_columns, entries_table
from services.reporting.extent import Extent
from services.reporting.figures.book import Book
from services.reporting.tables import journal

_STALE = "stale"

# One text a log: a value each for every row would take five times as long. No value holds a comma or a line break.
_SQLITE = """
SELECT group_concat(concat(month, '|', log, '|', class, ',', position, ',', occurred_on, ',', amount1, ',', amount2,
    ',', subject, ',', book <> ?), char(10))
FROM journal WHERE log = ? AND position <= ? AND (class <> '' OR book <> ?)
"""
_POSTGRESQL = """
COPY (
    SELECT concat(month, '|', log, '|', class), position, occurred_on, amount1, amount2, subject,
        CASE WHEN book <> %s THEN 1 ELSE 0 END
    FROM journal JOIN (VALUES {cuts}) AS cut (cut_log, upto) ON log = cut_log AND position <= upto
    WHERE class <> '' OR book <> %s
) TO STDOUT (FORMAT csv)
"""


def tail(connection: Connection, book: Book, extents: Sequence[Extent]) -> pa.Table:
    """The columns of those entries of the logs' unsealed ends that a figure reads, in the shape of COLUMNS."""
    if not extents:
        return COLUMNS.empty_table()
    read = _from_sqlite if connection.dialect.name == "sqlite" else _from_postgresql
    found = pa.concat_tables([_parsed(text) for text in read(connection, book, extents)] or [_parsed(b"")])
    if not pc.any(found[_STALE]).as_py():
        return found.drop_columns([_STALE])
    stale = found.filter(found[_STALE])
    fresh = found.filter(pc.invert(found[_STALE])).drop_columns([_STALE])
    return pa.concat_tables([fresh, _derived_anew(connection, book, stale)])


def _from_sqlite(connection: Connection, book: Book, extents: Sequence[Extent]) -> list[bytes]:
    texts = []
    for extent in extents:
        row = connection.exec_driver_sql(_SQLITE, (book.hash, extent.log, extent.position, book.hash)).first()
        if row is not None and row[0] is not None:
            texts.append(row[0].encode())
    return texts


def _from_postgresql(connection: Connection, book: Book, extents: Sequence[Extent]) -> list[bytes]:
    cuts = ", ".join(["(%s, %s)"] * len(extents))
    values: list[Any] = [book.hash]
    for extent in extents:
        values += (extent.log, extent.position)
    driver: Any = connection.connection.dbapi_connection
    with driver.cursor() as cursor:
        statement = cursor.mogrify(_POSTGRESQL.format(cuts=cuts), (*values, book.hash))
        text = BytesIO()
        cursor.copy_expert(statement, text)
    return [text.getvalue()]


def _parsed(text: bytes) -> pa.Table:
    if not text:
        return pa.schema([*COLUMNS, (_STALE, pa.bool_())]).empty_table()
    return pa_csv.read_csv(
        pa.BufferReader(text),
        read_options=pa_csv.ReadOptions(column_names=[*COLUMNS.names, _STALE]),
        convert_options=pa_csv.ConvertOptions(
            column_types={field.name: field.type for field in COLUMNS} | {_STALE: pa.bool_()},
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


def _derived_anew(connection: Connection, book: Book, stale: pa.Table) -> pa.Table:
    """Rows that were derived with another book, derived with this one."""
    spans: dict[str, tuple[int, int]] = {}
    for cell, position in zip(stale["cell"].to_pylist(), stale["position"].to_pylist(), strict=True):
        log = cell.split("|")[1]
        first, last = spans.get(log, (position, position))
        spans[log] = (min(first, position), max(last, position))
    within = or_(
        *(
            and_(journal.c.log == log, journal.c.position.between(first, last))
            for log, (first, last) in sorted(spans.items())
        )
    )
    query = select(*(journal.c[name] for name in ENTRIES.names)).where(within, journal.c.book != book.hash)
    return derived_columns(entries_table(connection.execute(query).all()), book)
