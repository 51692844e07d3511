"""Reads the plan of the year and expands it to the acts that the station's people enter, in their order."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from examples.guangnei_2017 import activities_year, membership_year, relief_year
from examples.guangnei_2017.acts import Act, Book, in_order
from examples.guangnei_2017.opening import expand_opening
from examples.guangnei_2017.people import People
from examples.guangnei_2017.roster import Roster

PLAN = Path(__file__).parent / "plan"
MONTHS = tuple(f"2017-{month:02d}" for month in range(1, 13))

EXPANDERS: Mapping[str, Callable[[Book, Mapping[str, Any]], None]] = {
    **membership_year.EXPANDERS,
    **activities_year.EXPANDERS,
    **relief_year.EXPANDERS,
}


@dataclass(frozen=True)
class Station:
    """A station of the plan and who works there: each person with their roles, and whose community some chair."""

    code: str
    name: str
    persons: Mapping[str, tuple[str, ...]]
    communities: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """The year, expanded."""

    stations: tuple[Station, ...]
    people: People
    acts: tuple[Act, ...]

    @property
    def station(self) -> Station:
        """The station whose year was published."""
        return self.stations[0]


def read_plan(folder: Path = PLAN) -> Plan:
    """Every act of the year, in the order of writing down."""
    return expand({path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))})


def expand(tables: Mapping[str, Mapping[str, Any]]) -> Plan:
    """Every act of the plan's parsed files (`stations`, `register`, one a month)."""
    stations = tuple(_station(entry) for entry in tables["stations"]["station"])
    book = Book(People(), Roster(), {station.code: station.persons for station in stations})
    expand_opening(book, tables["register"])
    for month in MONTHS:
        for kind, entries in tables[month].items():
            for number, entry in enumerate(entries, 1):
                book.open_entry(f"{month}:{kind}-{number:02d}", entry.get("station", stations[0].code))
                EXPANDERS[kind](book, entry)
    return Plan(stations, book.people, tuple(in_order(book.acts)))


def _station(entry: Mapping[str, Any]) -> Station:
    persons = {person["key"]: tuple(person["roles"]) for person in entry["person"]}
    communities = {person["key"]: person["community"] for person in entry["person"] if "community" in person}
    return Station(entry["code"], entry["name"], persons, communities)
