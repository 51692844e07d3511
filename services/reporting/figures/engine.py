"""Computes figures: from the entries' columns a narrow cube, and counts and sums read off it.

The cube is month, log, class → count and sums. Distinct and latest values are computed beside it, from the logs of
those services alone that they need.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from services.reporting.figures import queries
from services.reporting.figures.book import Book
from services.reporting.figures.period import Cut
from services.reporting.figures.queries import Files
from services.reporting.figures.reading import Class, class_of
from services.reporting.figures.wanted import Wanted, terms

Values = dict[tuple[int, str, int], int]
"""(number of the thing wanted, station or area, year) to its value; nothing stands for 0, or for no latest value."""


@dataclass(frozen=True)
class Rows:
    """Columns of entries: the sealed ones in files, and what is not sealed yet, which may still be on its way."""

    files: Files
    tail: Callable[[], pa.Table]


@dataclass(frozen=True)
class Question:
    """What is wanted, for which stations or areas (each with its logs), in which years, up to which day."""

    wanted: Sequence[Wanted]
    targets: Mapping[str, Sequence[str]]
    years: Sequence[int]
    cut: Cut = field(default_factory=Cut)

    def of(self, *ways: str) -> list[tuple[int, Wanted]]:
        return [(index, wanted) for index, wanted in enumerate(self.wanted) if wanted.way in ways]


def compute(rows: Rows, question: Question, book: Book) -> Values:
    """Every value wanted, for all stations and years at once."""
    with asked(question) as connection:
        classes = make_cube(connection, rows, rows.files, question.cut)
        values = _read_off(connection, question, classes, book)
        values |= _distinct(connection, rows.files, question, classes, book)
        values |= _latest(connection, rows.files, question, classes, book)
    return values


def asked(question: Question) -> duckdb.DuckDBPyConnection:
    """DuckDB with the tables `targets` and `windows` of a question."""
    connection = queries.opened()
    targets = [(log, target) for target, logs in question.targets.items() for log in logs]
    queries.make_table(connection, "targets", {"log": pa.string(), "target": pa.string()}, targets)
    windows = [
        (index, wanted.way, year, *wanted.window(year, question.cut))
        for index, wanted in enumerate(question.wanted)
        for year in question.years
    ]
    numbers = {name: pa.int32() for name in ("year", "first", "last")}
    queries.make_table(connection, "windows", {"wanted": pa.int32(), "way": pa.string()} | numbers, windows)
    return connection


def make_cube(connection: duckdb.DuckDBPyConnection, rows: Rows, files: Files, cut: Cut) -> list[Class]:
    """Make the table `cube` from these files and the tail; answers the classes that stand in it."""
    connection.execute(queries.CUBE)
    if queries.entries_view(connection, "sealed", cut, files):
        connection.execute(queries.GROUP.format(entries="sealed"))
    connection.register("tail", rows.tail())
    queries.entries_view(connection, "unsealed", cut, tail=True)
    connection.execute(queries.GROUP.format(entries="unsealed"))
    return [class_of(text) for (text,) in connection.execute(queries.CLASSES).fetchall()]


def make_terms(
    connection: duckdb.DuckDBPyConnection, wanted: Sequence[tuple[int, Wanted]], classes: Iterable[Class], book: Book
) -> frozenset[str]:
    """Make the table `terms`; answers the services whose entries it speaks of."""
    rows = list(terms(wanted, classes, book))
    numbers = {name: pa.int64() for name in ("once", "amount1", "amount2")}
    queries.make_table(connection, "terms", {"wanted": pa.int32(), "class": pa.string()} | numbers, rows)
    return frozenset(class_of(row.class_).service for row in rows)


def _read_off(
    connection: duckdb.DuckDBPyConnection, question: Question, classes: Iterable[Class], book: Book
) -> Values:
    make_terms(connection, question.of("cells", "months"), classes, book)
    connection.execute(queries.CELLS)
    return _values(connection, queries.SUMS) | _values(connection, queries.MONTHS)


def _distinct(
    connection: duckdb.DuckDBPyConnection, files: Files, question: Question, classes: Iterable[Class], book: Book
) -> Values:
    services = make_terms(connection, question.of("distinct"), classes, book)
    if not services:
        return {}
    for query in (queries.COUNTED, queries.KEYS, queries.WEIGHTS):
        connection.execute(query)
    queries.entries_view(connection, "of_ids", question.cut, files.of(services), tail=True)
    return _values(connection, queries.DISTINCT.format(entries="of_ids"))


def _latest(
    connection: duckdb.DuckDBPyConnection, files: Files, question: Question, classes: Iterable[Class], book: Book
) -> Values:
    services = make_terms(connection, question.of("latest"), classes, book)
    if not services:
        return {}
    connection.execute(queries.COUNTED)
    queries.entries_view(connection, "of_values", question.cut, files.of(services), tail=True)
    return _values(connection, queries.LATEST.format(entries="of_values"))


def _values(connection: duckdb.DuckDBPyConnection, query: str) -> Values:
    rows: list[Any] = connection.execute(query).fetchall()
    return {(wanted, target, year): int(value) for wanted, target, year, value in rows}
