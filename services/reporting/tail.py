"""The unsealed end of the journal as an Arrow table of the archive's shape, read without a Python value a row."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from sqlalchemy import Connection, select

from services.reporting.archive import COLUMNS, ENTRIES, derived, entries_table, plain_columns
from services.reporting.extent import Extent
from services.reporting.figures.book import Book
from services.reporting.tables import columns, journal

_STALE = "stale"
_SHAPE = pa.schema([*(field for field in COLUMNS if field.name != "subject"), ("subject", pa.string())])

# One text a log: a value each for every row would take five times as long. No value holds a comma or a line break.
_SQLITE = """
SELECT group_concat(concat(cell, ',', position, ',', occurred_on, ',', amount1, ',', amount2, ',', subject,
    ',', book <> ?), char(10))
FROM journal_columns WHERE log = ? AND position > ? AND position <= ? AND (cell <> '' OR book <> ?)
"""
_POSTGRESQL = """
COPY (
    SELECT cell, position, occurred_on, amount1, amount2, subject, CASE WHEN book <> %s THEN 1 ELSE 0 END
    FROM journal_columns JOIN (VALUES {cuts}) AS cut (cut_log, after, upto)
        ON log = cut_log AND position > after AND position <= upto
    WHERE cell <> '' OR book <> %s
) TO STDOUT (FORMAT csv)
"""


def tail(connection: Connection, book: Book, extents: Sequence[Extent]) -> pa.Table:
    """The columns of those entries of the logs' unsealed ends that a figure reads; subjects are texts here."""
    if not extents:
        return _SHAPE.empty_table()
    read = _from_sqlite if connection.dialect.name == "sqlite" else _from_postgresql
    found = pa.concat_tables([_parsed(text) for text in read(connection, book, extents)] or [_parsed(b"")])
    if not pc.any(found[_STALE]).as_py():
        return found.drop_columns([_STALE])
    fresh = found.filter(pc.invert(found[_STALE])).drop_columns([_STALE])
    return pa.concat_tables([fresh, *(_derived_anew(connection, book, extent) for extent in extents)])


def _from_sqlite(connection: Connection, book: Book, extents: Sequence[Extent]) -> list[bytes]:
    texts = []
    for extent in extents:
        places = (extent.log, extent.sealed_upto, extent.position)
        row = connection.exec_driver_sql(_SQLITE, (book.hash, *places, book.hash)).first()
        if row is not None and row[0] is not None:
            texts.append(row[0].encode())
    return texts


def _from_postgresql(connection: Connection, book: Book, extents: Sequence[Extent]) -> list[bytes]:
    cuts = ", ".join(["(%s, %s, %s)"] * len(extents))
    values: list[Any] = [book.hash]
    for extent in extents:
        values += (extent.log, extent.sealed_upto, extent.position)
    driver: Any = connection.connection.dbapi_connection
    with driver.cursor() as cursor:
        statement = cursor.mogrify(_POSTGRESQL.format(cuts=cuts), (*values, book.hash))
        text = BytesIO()
        cursor.copy_expert(statement, text)
    return [text.getvalue()]


def _parsed(text: bytes) -> pa.Table:
    if not text:
        return pa.schema([*_SHAPE, (_STALE, pa.bool_())]).empty_table()
    return pa_csv.read_csv(
        pa.BufferReader(text),
        read_options=pa_csv.ReadOptions(column_names=[*_SHAPE.names, _STALE]),
        convert_options=pa_csv.ConvertOptions(
            column_types={field.name: field.type for field in _SHAPE} | {_STALE: pa.bool_()},
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


def _derived_anew(connection: Connection, book: Book, extent: Extent) -> pa.Table:
    """Those rows of a log's unsealed end that were derived with another book, derived with this one."""
    unsealed = columns.c.position.between(extent.sealed_upto + 1, extent.position)
    of_another = (columns.c.log == extent.log, unsealed, columns.c.book != book.hash)
    same = (journal.c.log == columns.c.log) & (journal.c.position == columns.c.position)
    query = select(*(journal.c[name] for name in ENTRIES.names)).join(columns, same).where(*of_another)
    entries = entries_table(connection.execute(query).all())
    return plain_columns(entries["position"], derived(entries, book)).cast(_SHAPE)
