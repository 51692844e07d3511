"""All lines of the layout for 15 stations and 10 years, against bare DuckDB, against replay, and as they grow."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from bench.decade import STATIONS, YEARS
from bench.measure import Bar, Row, in_turn
from bench.place import Place
from bench.replay import Replay
from bench.sealed import Decade, columns_files, filled

GIGABYTE = 10**9


def rows(place: Place) -> list[Row]:
    """The reports come from PostgreSQL, which holds the unsealed tail, and from the archive."""
    large = _decade(place, place.of(10_000_000, 1_000_000))
    small = _decade(place, large.entries // 10)
    replay = Replay(place.of(200_000, 20_000))
    peaks: list[float] = []
    whole = large.entries

    def ours() -> float:
        found = _figures(large)
        peaks.append(found["peak_bytes"] / GIGABYTE)
        return whole / float(found["seconds"])

    def of_small() -> float:
        return small.entries / float(_figures(small)["seconds"])

    ours()
    mine, bares, tenth, replays = in_turn(place.repetitions, ours, partial(_bare, large), of_small, replay.rate)
    size = f"{whole:,} entries"
    what = f"all lines of the layout, {len(STATIONS)} stations × {len(YEARS)} years, {size}"
    per_entry, per_entry_of_small = [1e6 / value for value in mine], [1e6 / value for value in tenth]
    return [
        Row(
            what=what,
            unit="entries/s",
            ours=mine,
            peer_name="bare DuckDB, one group-by over the sealed columns",
            peer=bares,
            bar=Bar(8_000_000, of="ours"),
            notes={
                "of these not sealed, in PostgreSQL": f"{large.unsealed:,}",
                "files of columns": f"{sum(1 for _ in columns_files(large.archive)):,}",
            },
        ),
        Row(what=f"peak memory of that report, {size}", unit="GB", ours=peaks, bar=Bar(2, of="ours", least=False)),
        Row(
            what=f"time for an entry, {size}",
            unit="µs",
            ours=per_entry,
            peer_name=f"the same for {small.entries:,} entries",
            peer=per_entry_of_small,
            bar=Bar(1.2, least=False),
            notes={"of the fewer not sealed": f"{small.unsealed:,}"},
        ),
        Row(
            what=f"{what}, against replay",
            unit="entries/s",
            ours=mine,
            peer_name="aggregates replayed with the eventsourcing library, in memory",
            peer=replays,
            bar=Bar(50),
        ),
    ]


def _decade(place: Place, entries: int) -> Decade:
    return filled(place.postgresql("reporting"), place.directory("archive"), entries)


def _figures(decade: Decade) -> dict[str, Any]:
    found = _fresh("figures", decade.database_url, decade.archive)
    assert found["entries"] == decade.entries, f"the report counted {found['entries']} of {decade.entries} entries"
    assert found["swipes"] == decade.swipes, f"the report says {found['swipes']} swipes, {decade.swipes} were made"
    return found


def _bare(decade: Decade) -> float:
    return (decade.entries - decade.unsealed) / float(_fresh("duckdb", decade.archive)["seconds"])


def _fresh(*words: str | Path) -> dict[str, Any]:
    """What a fresh process prints."""
    done = subprocess.run([sys.executable, "-m", "bench.report", *words], stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
