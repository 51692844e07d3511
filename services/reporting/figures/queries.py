"""The one module that builds SQL for DuckDB: over columns of entries, in files of the archive and in Arrow.

An entry's `cell` names its month, log and class. Tables that the queries join with: `terms` (wanted, class, once,
amount1, amount2: what an entry of the class adds), `windows` (wanted, way, year, first, last: the months that count)
and `targets` (log, target: whose figures a log makes).
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from lastmile.kernel.domain.entry import service_of
from services.reporting.figures.period import Cut

MEMORY_LIMIT = "1500MB"

_COLUMNS = "cell, position, occurred_on, amount1, amount2, subject"
_FROM_WHOLE = "SELECT {columns} FROM read_parquet([{paths}])"
_FROM_CUT = "SELECT {columns} FROM read_parquet([{paths}]) WHERE position <= {upto:d}"
_FROM_TAIL = "SELECT * REPLACE (subject::UUID AS subject) FROM tail"
_UP_TO_DAY = "SELECT * FROM ({parts}) WHERE occurred_on <= DATE '{day:%Y-%m-%d}'"
_VIEW = "CREATE TEMP VIEW {name} AS {query}"
_TABLE = "CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM given"

# Grouping by one dictionary-coded text is what DuckDB does fastest; the cells are taken apart afterwards.
CUBE = """
CREATE TEMP TABLE cube
    (cell VARCHAR, log VARCHAR, class VARCHAR, month INTEGER, n BIGINT, amount1 BIGINT, amount2 BIGINT)
"""
GROUP = """
INSERT INTO cube
SELECT cell, log, substr(cell, length(month) + length(log) + 3), month::INTEGER, n, amount1, amount2
FROM (
    SELECT *, split_part(cell, '|', 1) AS month, split_part(cell, '|', 2) AS log
    FROM (SELECT cell, count(*) AS n, sum(amount1) AS amount1, sum(amount2) AS amount2 FROM {entries} GROUP BY cell)
    WHERE cell <> ''
)
"""
CLASSES = "SELECT DISTINCT class FROM cube"
CELLS = """
CREATE TEMP TABLE cells AS
SELECT wanted, target, month,
    sum(terms.once * n + terms.amount1 * coalesce(cube.amount1, 0) + terms.amount2 * coalesce(cube.amount2, 0))
        AS value
FROM cube JOIN terms USING (class) JOIN targets USING (log) GROUP BY ALL
"""
SUMS = """
SELECT wanted, target, year, sum(value) FROM cells JOIN windows USING (wanted)
WHERE way = 'cells' AND month BETWEEN first AND last GROUP BY ALL
"""
MONTHS = """
SELECT wanted, target, year, count(*) FROM cells JOIN windows USING (wanted)
WHERE way = 'months' AND month BETWEEN first AND last AND value > 0 GROUP BY ALL
"""
# Which entries count for which line, station and year follows from their cell alone: a small table to join with.
COUNTED = """
CREATE OR REPLACE TEMP TABLE counted AS
SELECT DISTINCT cell, log, month, wanted, target, year,
    terms.once, terms.amount1 AS times1, terms.amount2 AS times2
FROM cube JOIN terms USING (class) JOIN targets USING (log) JOIN windows USING (wanted)
WHERE month BETWEEN first AND last
"""
KEYS = """
CREATE TEMP TABLE keys AS
SELECT (row_number() OVER ())::INTEGER AS key, * FROM (SELECT DISTINCT wanted, target, year FROM counted)
"""
WEIGHTS = "CREATE TEMP TABLE weights AS SELECT cell, key, once FROM counted JOIN keys USING (wanted, target, year)"
DISTINCT = """
SELECT wanted, target, year, count(*) FROM (
    SELECT key FROM {entries} JOIN weights USING (cell)
    WHERE subject IS NOT NULL GROUP BY key, subject HAVING sum(once) > 0
) JOIN keys USING (key) GROUP BY ALL
"""
LATEST = """
SELECT wanted, target, year, sum(value) FROM (
    SELECT wanted, target, year, log,
        arg_max(CASE WHEN times1 <> 0 THEN amount1 ELSE amount2 END, (occurred_on, position)) AS value
    FROM {entries} JOIN counted USING (cell) GROUP BY ALL
) WHERE value IS NOT NULL GROUP BY ALL
"""

_EACH = """
SELECT log, position, once + times1 * coalesce(amount1, 0) + times2 * coalesce(amount2, 0) AS weight
FROM {entries} JOIN counted USING (cell) WHERE weight <> 0
"""
# Of each id that counts, the first event that counts it.
_ONE_AN_ID = """
SELECT first_of.log, first_of.position, 1 FROM (
    SELECT min((occurred_on, log, position)) FILTER (once > 0) AS earliest,
        struct_pack(log := earliest[2], position := earliest[3]) AS first_of
    FROM {entries} JOIN counted USING (cell) WHERE {id} IS NOT NULL GROUP BY {id} HAVING sum(once) > 0
)
"""
_THE_LATEST = """
SELECT log, latest.position, latest.amount FROM (
    SELECT log, arg_max(struct_pack(position := position, amount := amount), (occurred_on, position)) AS latest
    FROM (
        SELECT log, position, occurred_on, CASE WHEN times1 <> 0 THEN amount1 ELSE amount2 END AS amount
        FROM {entries} JOIN counted USING (cell)
    ) WHERE amount IS NOT NULL GROUP BY log
)
"""


@dataclass(frozen=True)
class Files:
    """Columns of sealed entries: files that count whole, each with its log, and files that count up to a position."""

    whole: Sequence[tuple[str, Path]] = ()
    cut: Sequence[tuple[str, Path, int]] = ()

    def of(self, services: Iterable[str]) -> "Files":
        """The files of these services' logs alone."""
        names = frozenset(services)
        return Files(
            [file for file in self.whole if service_of(file[0]) in names],
            [file for file in self.cut if service_of(file[0]) in names],
        )


NO_FILES = Files()


def opened() -> duckdb.DuckDBPyConnection:
    """An empty DuckDB in memory that spills to files before it grows too large."""
    spill = str(Path(tempfile.gettempdir()) / "lastmile-figures")
    settings: dict[str, Any] = {"memory_limit": MEMORY_LIMIT, "temp_directory": spill}
    return duckdb.connect(config=settings | {"preserve_insertion_order": "false"})


def entries_view(
    connection: duckdb.DuckDBPyConnection, name: str, cut: Cut, files: Files = NO_FILES, *, tail: bool = False
) -> bool:
    """Make a view of entries, in files and the table `tail`, up to the day of the cut. False if there is nothing."""
    parts = [_FROM_TAIL] if tail else []
    if files.whole:
        parts.append(_FROM_WHOLE.format(columns=_COLUMNS, paths=_paths(path for _, path in files.whole)))
    for _, path, upto in files.cut:
        parts.append(_FROM_CUT.format(columns=_COLUMNS, paths=_paths([path]), upto=upto))
    if not parts:
        return False
    query = " UNION ALL ".join(parts)
    if cut.inside:
        query = _UP_TO_DAY.format(parts=query, day=cut.as_of)
    connection.execute(_VIEW.format(name=name, query=query))
    return True


def events_behind(entries: str, way: str) -> str:
    """The query for log, position and weight of each entry that makes a value of this way."""
    match way:
        case "cells":
            return _EACH.format(entries=entries)
        case "latest":
            return _THE_LATEST.format(entries=entries)
        case _:
            return _ONE_AN_ID.format(entries=entries, id="month" if way == "months" else "subject")


def make_table(
    connection: duckdb.DuckDBPyConnection, name: str, shape: Mapping[str, pa.DataType], rows: Sequence[Sequence[Any]]
) -> None:
    """Make or replace a small table."""
    arrays = [pa.array([row[i] for row in rows], kind) for i, kind in enumerate(shape.values())]
    connection.register("given", pa.table(arrays, names=list(shape)))
    connection.execute(_TABLE.format(name=name))
    connection.unregister("given")


def _paths(paths: Iterable[Path]) -> str:
    return ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
