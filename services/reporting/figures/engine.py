"""Computes figures with DuckDB: the only module that builds its SQL.

From the entries' columns it makes a narrow cube (log, class, month → count and sums) and reads counts and sums off it.
Distinct and latest values are computed beside it, from those classes alone that they need.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from services.reporting.figures.book import Book
from services.reporting.figures.period import Cut
from services.reporting.figures.reading import Class, class_of
from services.reporting.figures.wanted import Wanted, terms

MEMORY_LIMIT = "1500MB"

Values = dict[tuple[int, str, int], int]
"""(number of the thing wanted, station or area, year) to its value; nothing stands for 0, or for no latest value."""


@dataclass(frozen=True)
class Rows:
    """Columns of entries: files that count whole, files that count up to a position, and what is not sealed yet."""

    tail: pa.Table
    whole: Sequence[Path] = ()
    cut: Sequence[tuple[Path, int]] = ()


@dataclass(frozen=True)
class Question:
    """What is wanted, for which stations or areas (each with its logs), in which years, up to which day."""

    wanted: Sequence[Wanted]
    targets: Mapping[str, Sequence[str]]
    years: Sequence[int]
    cut: Cut = field(default_factory=Cut)

    def of(self, *ways: str) -> list[tuple[int, Wanted]]:
        return [(index, wanted) for index, wanted in enumerate(self.wanted) if wanted.way in ways]


_ENTRIES = "CREATE TEMP VIEW entries AS SELECT * FROM ({parts}) {up_to_day}"
_TAIL = "SELECT * FROM tail"
_WHOLE = "SELECT * FROM read_parquet([{paths}])"
_UP_TO_POSITION = "SELECT * FROM read_parquet([{paths}]) WHERE position <= {upto:d}"
_UP_TO_DAY = "WHERE occurred_on <= DATE '{day:%Y-%m-%d}'"
_TABLE = "CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM given"
_CUBE = """
CREATE TEMP TABLE cube AS
SELECT log, class, month, count(*) AS n, sum(amount1)::BIGINT AS amount1, sum(amount2)::BIGINT AS amount2
FROM entries WHERE class <> '' GROUP BY ALL
"""
_CELLS = """
CREATE TEMP TABLE cells AS
SELECT wanted, target, month,
    sum(terms.once * n + terms.amount1 * coalesce(cube.amount1, 0) + terms.amount2 * coalesce(cube.amount2, 0))
        AS value
FROM cube JOIN terms USING (class) JOIN targets USING (log) GROUP BY ALL
"""
_SUMS = """
SELECT wanted, target, year, sum(value) FROM cells JOIN windows USING (wanted)
WHERE way = 'cells' AND month BETWEEN first AND last GROUP BY ALL
"""
_MONTHS = """
SELECT wanted, target, year, count(*) FROM cells JOIN windows USING (wanted)
WHERE way = 'months' AND month BETWEEN first AND last AND value > 0 GROUP BY ALL
"""
# Which entries count for which line and year follows from class and month alone: a small table to join with.
_WEIGHTS = """
CREATE TEMP TABLE weights AS
SELECT class, month, wanted, year, terms.once AS weight
FROM (SELECT DISTINCT class, month FROM cube) JOIN terms USING (class) JOIN windows USING (wanted)
WHERE way = 'distinct' AND month BETWEEN first AND last
"""
_DISTINCT = """
SELECT wanted, target, year, count(*) FROM (
    SELECT wanted, target, year, subject
    FROM entries JOIN weights USING (class, month) JOIN targets USING (log)
    WHERE class IN {classes} AND subject IS NOT NULL
    GROUP BY ALL HAVING sum(weight) > 0
) GROUP BY ALL
"""
_LATEST = """
SELECT wanted, target, year, sum(value) FROM (
    SELECT wanted, year, log,
        arg_max(CASE WHEN terms.amount1 <> 0 THEN entries.amount1 ELSE entries.amount2 END,
            (occurred_on, position)) AS value
    FROM entries JOIN terms USING (class) JOIN windows USING (wanted)
    WHERE way = 'latest' AND class IN {classes} AND month BETWEEN first AND last GROUP BY ALL
) JOIN targets USING (log) WHERE value IS NOT NULL GROUP BY ALL
"""


def compute(rows: Rows, question: Question, book: Book) -> Values:
    """Every value wanted, for all stations and years at once."""
    with opened(rows, question) as connection:
        connection.execute(_CUBE)
        classes = [class_of(text) for (text,) in connection.execute("SELECT DISTINCT class FROM cube").fetchall()]
        values = _read_off(connection, question, classes, book)
        values |= _from_entries(connection, question, classes, book)
    return values


def opened(rows: Rows, question: Question) -> duckdb.DuckDBPyConnection:
    """DuckDB with the view `entries` (up to the day asked for) and the tables `targets` and `windows`."""
    spill = str(Path(tempfile.gettempdir()) / "lastmile-figures")
    settings: dict[str, Any] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": spill,
        "preserve_insertion_order": "false",
    }
    connection = duckdb.connect(config=settings)
    _entries(connection, rows, question.cut)
    targets = [(log, target) for target, logs in question.targets.items() for log in logs]
    _table(connection, "targets", {"log": pa.string(), "target": pa.string()}, targets)
    windows = [
        (index, wanted.way, year, *wanted.window(year, question.cut))
        for index, wanted in enumerate(question.wanted)
        for year in question.years
    ]
    numbers = {name: pa.int32() for name in ("year", "first", "last")}
    _table(connection, "windows", {"wanted": pa.int32(), "way": pa.string()} | numbers, windows)
    return connection


def _entries(connection: duckdb.DuckDBPyConnection, rows: Rows, cut: Cut) -> None:
    connection.register("tail", rows.tail)
    parts = [_TAIL]
    if rows.whole:
        parts.append(_WHOLE.format(paths=_paths(rows.whole)))
    parts += [_UP_TO_POSITION.format(paths=_paths([path]), upto=upto) for path, upto in rows.cut]
    up_to_day = _UP_TO_DAY.format(day=cut.as_of) if cut.inside else ""
    connection.execute(_ENTRIES.format(parts=" UNION ALL ".join(parts), up_to_day=up_to_day))


def add_terms(
    connection: duckdb.DuckDBPyConnection,
    wanted: Sequence[tuple[int, Wanted]],
    classes: Iterable[Class],
    book: Book,
) -> list[str]:
    """Make the table `terms`; answers the classes that stand in it."""
    rows = list(terms(wanted, classes, book))
    numbers = {name: pa.int64() for name in ("once", "amount1", "amount2")}
    _table(connection, "terms", {"wanted": pa.int32(), "class": pa.string()} | numbers, rows)
    return sorted({row.class_ for row in rows})


def _read_off(
    connection: duckdb.DuckDBPyConnection, question: Question, classes: Iterable[Class], book: Book
) -> Values:
    add_terms(connection, question.of("cells", "months"), classes, book)
    connection.execute(_CELLS)
    return _values(connection, _SUMS) | _values(connection, _MONTHS)


def _from_entries(
    connection: duckdb.DuckDBPyConnection, question: Question, classes: Sequence[Class], book: Book
) -> Values:
    values: Values = {}
    if needed := add_terms(connection, question.of("distinct"), classes, book):
        connection.execute(_WEIGHTS)
        values |= _values(connection, _DISTINCT.format(classes=texts(needed)))
    if needed := add_terms(connection, question.of("latest"), classes, book):
        values |= _values(connection, _LATEST.format(classes=texts(needed)))
    return values


def _values(connection: duckdb.DuckDBPyConnection, query: str) -> Values:
    return {(wanted, target, year): int(value) for wanted, target, year, value in connection.execute(query).fetchall()}


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, shape: Mapping[str, pa.DataType], rows: Sequence[Sequence[Any]]
) -> None:
    arrays = [pa.array([row[i] for row in rows], kind) for i, kind in enumerate(shape.values())]
    connection.register("given", pa.table(arrays, names=list(shape)))
    connection.execute(_TABLE.format(name=name))
    connection.unregister("given")


def _paths(paths: Iterable[Path]) -> str:
    return ", ".join(_text(str(path)) for path in paths)


def texts(values: Iterable[str]) -> str:
    return f"({', '.join(_text(value) for value in values)})"


def _text(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'"
