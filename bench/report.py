"""`python -m bench.report`: one computation in a fresh process, with its time and its peak memory, as JSON.

`figures DATABASE ARCHIVE` computes all lines of the layout for all stations and years, as `lastmile report` does;
`duckdb ARCHIVE` is one plain group-by over the same Parquet.
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from bench.decade import STATIONS, YEARS
from bench.sealed import columns_files, opened

GROUP_BY = """
SELECT cell, count(*), sum(amount1), sum(amount2) FROM read_parquet({files}) GROUP BY ALL
"""
THREADS = 2


def figures(database_url: str, archive: Path) -> dict[str, Any]:
    """Every line of every station and year, from the sealed segments and the unsealed tail."""
    reporting = opened(database_url, archive)
    started = perf_counter()
    reports = reporting.reports(STATIONS, YEARS)
    took = perf_counter() - started
    swipes = (figure["value"] for one in reports for figure in one["figures"] if figure["key"].endswith("card_swipes"))
    first_year = [one for one in reports if one["year"] == YEARS[0]]
    return {
        "seconds": took,
        "lines": sum(len(one["figures"]) for one in reports),
        "entries": sum(log["position"] for one in first_year for log in one["logs"]),
        "swipes": sum(swipes),
    }


def bare(archive: Path) -> dict[str, Any]:
    """The peer: DuckDB alone, over the sealed columns."""
    files = [str(path) for path in columns_files(archive)]
    started = perf_counter()
    connection = duckdb.connect(config={"threads": THREADS})
    connection.execute(GROUP_BY.format(files=files)).fetchall()
    return {"seconds": perf_counter() - started}


def main() -> None:
    found = figures(sys.argv[2], Path(sys.argv[3])) if sys.argv[1] == "figures" else bare(Path(sys.argv[2]))
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024
    print(json.dumps(found | {"peak_bytes": peak_bytes}))


if __name__ == "__main__":
    main()
