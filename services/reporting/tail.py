"""The unsealed end of the journal as an Arrow table of the archive's shape, read without a Python value a row."""

from collections.abc import Sequence
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from sqlalchemy import Connection, case, func, or_, select

from services.reporting.archive import COLUMNS, ENTRIES, derived, entries_table, plain_columns
from services.reporting.extent import Extent
from services.reporting.figures.book import Book
from services.reporting.figures.reading import NO_CELL
from services.reporting.tables import columns, journal

_STALE = "stale"
_SHAPE = pa.schema([*(field for field in COLUMNS if field.name != "subject"), ("subject", pa.string())])


def tail(connection: Connection, book: Book, extents: Sequence[Extent]) -> pa.Table:
    """The columns of those entries of the logs' unsealed ends that a figure reads; subjects are texts here."""
    if not extents:
        return _SHAPE.empty_table()
    texts = [_text(connection, book, extent) for extent in extents]
    found = pa.concat_tables([_parsed(text) for text in texts])
    if not pc.any(found[_STALE]).as_py():
        return found.drop_columns([_STALE])
    fresh = found.filter(pc.invert(found[_STALE])).drop_columns([_STALE])
    return pa.concat_tables([fresh, *(_derived_anew(connection, book, extent) for extent in extents)])


def _text(connection: Connection, book: Book, extent: Extent) -> bytes:
    """A log's rows as one text that the database makes: a value each for every row would take five times as long.

    No value holds a comma or a line break.
    """
    c, stale = columns.c, case((columns.c.book != book.hash, 1), else_=0)
    values = (c.cell, c.position, c.occurred_on, c.amount1, c.amount2, c.subject, stale)
    line = func.concat(*chain.from_iterable((value, ",") for value in values[:-1]), values[-1])
    query = select(func.string_agg(line, "\n")).where(
        c.log == extent.log,
        c.position > extent.sealed_upto,
        c.position <= extent.position,
        or_(c.cell != NO_CELL, c.book != book.hash),
    )
    return (connection.execute(query).scalar() or "").encode()


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
