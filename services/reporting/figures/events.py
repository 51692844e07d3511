"""The entries behind one value: where they stand and what each weighs."""

from collections.abc import Sequence

import duckdb

from services.reporting.figures.book import Book
from services.reporting.figures.engine import Question, Rows, add_terms, opened, texts
from services.reporting.figures.reading import class_of
from services.reporting.figures.wanted import Wanted

Weighed = list[tuple[str, int, int]]
"""Log, position and weight of each entry."""

_COUNTING = """
FROM entries JOIN terms USING (class) JOIN targets USING (log) JOIN windows USING (wanted)
WHERE class IN {classes} AND month BETWEEN first AND last
"""
_CELLS = """
SELECT log, position, terms.once + terms.amount1 * coalesce(entries.amount1, 0)
    + terms.amount2 * coalesce(entries.amount2, 0) AS weight
{counting} AND weight <> 0
"""
# Of each id that counts, the first event that counts it.
_DISTINCT = """
SELECT first_of.log, first_of.position, 1 FROM (
    SELECT min((occurred_on, log, position)) FILTER (terms.once > 0) AS earliest,
        struct_pack(log := earliest[2], position := earliest[3]) AS first_of
    {counting} AND {what} IS NOT NULL GROUP BY {what} HAVING sum(terms.once) > 0
)
"""
_LATEST = """
SELECT log, latest.position, latest.amount FROM (
    SELECT log, arg_max(struct_pack(position := position, amount := amount), (occurred_on, position)) AS latest
    FROM (
        SELECT log, position, occurred_on,
            CASE WHEN terms.amount1 <> 0 THEN entries.amount1 ELSE entries.amount2 END AS amount
        {counting}
    ) WHERE amount IS NOT NULL GROUP BY log
)
"""


def behind(rows: Rows, question: Question, book: Book) -> Weighed:
    """The entries that make the one thing wanted of the one station (or area) and year asked for."""
    with opened(rows, question) as connection:
        found = connection.execute("SELECT DISTINCT class FROM entries WHERE class <> ''").fetchall()
        needed = add_terms(connection, list(enumerate(question.wanted)), [class_of(text) for (text,) in found], book)
        return _weighed(connection, question.wanted[0], needed) if needed else []


def _weighed(connection: duckdb.DuckDBPyConnection, wanted: Wanted, classes: Sequence[str]) -> Weighed:
    counting = _COUNTING.format(classes=texts(classes))
    match wanted.way:
        case "cells":
            query = _CELLS.format(counting=counting)
        case "latest":
            query = _LATEST.format(counting=counting)
        case way:
            query = _DISTINCT.format(counting=counting, what="month" if way == "months" else "subject")
    return connection.execute(query).fetchall()
