"""The table at the end of a run, and bench/results.json."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from bench.measure import Row
from lastmile.kernel.store.database import sqlite_module

PACKAGES = (
    "amqp",
    "duckdb",
    "eventlet",
    "eventsourcing",
    "kombu",
    "marshmallow",
    "nameko",
    "orjson",
    "psycopg2-binary",
    "pyarrow",
    "sqlalchemy",
)


def table(rows: Sequence[Row]) -> Table:
    """What was measured, missed bars first."""
    made = Table(title="medians of this run")
    for name in ("what", "ours", "peer", "the peer", "ratio", "bar", ""):
        made.add_column(name, justify="right" if name in ("ours", "peer", "ratio", "bar") else "left")
    for row in sorted(rows, key=lambda row: {False: 0, True: 1, None: 2}[row.met]):
        notes = "".join(f"\n  {name}: {_note(value)}" for name, value in row.notes.items())
        made.add_row(
            f"{row.what}{notes}",
            f"{number(median(row.ours))} {row.unit}",
            f"{number(median(row.peer))} {row.unit}" if row.peer else "",
            row.peer_name,
            f"{number(row.ratio)} ×" if row.ratio is not None else "",
            str(row.bar or ""),
            {True: "[green]met[/]", False: "[bold red]MISSED[/]", None: ""}[row.met],
        )
    return made


def number(value: float) -> str:
    """Three significant digits, or the whole number from 100 on."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def write_results(path: Path, measured: Mapping[str, Sequence[Row]], order: Sequence[str]) -> bool:
    """Everything a reader needs to compare, nothing that names the machine.

    The rows of other measurements stay. False, and nothing is written, if those are of other versions or cores.
    """
    place = {
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite_module().sqlite_version,
            **{name: version(name) for name in PACKAGES},
        },
        "cores": len(os.sched_getaffinity(0)),
        "architecture": platform.machine(),
    }
    kept = json.loads(path.read_text(encoding="utf-8")) if measured.keys() != set(order) else place | {"rows": []}
    if {name: kept[name] for name in place} != place:
        return False
    rows = [row for row in kept["rows"] if row["measurement"] not in measured]
    rows += [_content(name, row) for name, found in measured.items() for row in found]
    rows.sort(key=lambda row: order.index(row["measurement"]))
    path.write_text(json.dumps(place | {"rows": rows}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return True


def _content(name: str, row: Row) -> dict[str, Any]:
    return {
        "measurement": name,
        "what": row.what,
        "unit": row.unit,
        "ours": {"median": _rounded(median(row.ours)), "repetitions": [_rounded(value) for value in row.ours]},
        "peer": {
            "name": row.peer_name,
            "median": _rounded(median(row.peer)),
            "repetitions": [_rounded(value) for value in row.peer],
        }
        if row.peer
        else None,
        "ratio": _rounded(row.ratio) if row.ratio is not None else None,
        "bar": str(row.bar) if row.bar else None,
        "met": row.met,
        "notes": {key: value if isinstance(value, str) else _rounded(value) for key, value in row.notes.items()},
    }


def _note(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")
