"""`make bench`: measure, side by side with the peers. Ends with a table and bench/results.json."""

import argparse
import importlib
import sys
from pathlib import Path
from time import perf_counter

from rich.console import Console

from bench.measure import Row
from bench.place import Place
from bench.shown import table, write_results

RESULTS = Path(__file__).parent / "results.json"

MEASUREMENTS = {
    "append": "one-event commands appended straight to the log, one writer",
    "bulk": "bulk append, 1,000 events a transaction",
    "relay": "relay against a bare publisher with the same confirm window",
    "follower": "follower into the journal, RabbitMQ to PostgreSQL",
    "door": "a command over a service's HTTP door, 8 clients, PostgreSQL",
    "figures": "all lines of the layout for 15 stations and 10 years",
    "verify": "verify, on one core and on two",
    "swipes": "swipe no. 10,000 of one activity against swipe no. 10",
    "rosters": "a roster of 6,000 rows, checked and brought in",
    "pages": "list, search and report pages, ten people at once, 100,000 members more",
}
"""The modules of this package that measure something, each with a function `rows`."""


def main() -> int:
    """Exit code 1 if a bar was missed."""
    asked = _arguments()
    console = Console(width=None if sys.stdout.isatty() else 160)
    if asked.list:
        for name, what in MEASUREMENTS.items():
            console.print(f"{name:10}{what}", highlight=False)
        return 0
    measured: dict[str, list[Row]] = {}
    with Place(quick=asked.quick, repetitions=asked.repetitions) as place:
        for name in asked.only or MEASUREMENTS:
            started = perf_counter()
            console.print(f"{name}: {MEASUREMENTS[name]} …", highlight=False)
            measured[name] = importlib.import_module(f"bench.{name}").rows(place)
            console.print(f"  {perf_counter() - started:.0f} s", highlight=False)
    console.print(table([row for rows in measured.values() for row in rows]))
    if not asked.quick:
        written = write_results(RESULTS, measured, [*MEASUREMENTS])
        said = "written to" if written else "of other versions or another machine, so run the whole bench:"
        console.print(f"{said} {RESULTS.relative_to(Path.cwd())}", highlight=False)
    return int(any(row.met is False for rows in measured.values() for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--list", action="store_true", help="say what can be measured")
    parser.add_argument("--only", action="append", choices=tuple(MEASUREMENTS), help="measure this (may be repeated)")
    parser.add_argument("--quick", action="store_true", help="smaller sizes: to try the bench, not to quote it")
    parser.add_argument("--repetitions", type=int, default=3, help="how often each side is measured; 3 at the least")
    asked = parser.parse_args()
    if asked.repetitions < 3:
        parser.error("--repetitions: 3 at the least, or there is no median to speak of")
    return asked


if __name__ == "__main__":
    sys.exit(main())
