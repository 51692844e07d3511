"""The annual report of a station or an area: every line of a layout, computed anew from the entries."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from lastmile.kernel.domain.entry import station_of
from lastmile.kernel.domain.failures import Invalid
from lastmile.kernel.store.log import instant
from services.reporting.extent import Extent, Holdings, extents, snapshot
from services.reporting.figures.engine import Question, Rows, Values, compute
from services.reporting.figures.layout import Layout, Line
from services.reporting.figures.period import Cut
from services.reporting.figures.queries import Files
from services.reporting.figures.shown import counted, shown
from services.reporting.figures.wanted import Wanted, wanted_of
from services.reporting.registered import layout_of
from services.reporting.tail import tail

Report = dict[str, Any]
"""station, year, as_of, known_at, layout {name, hash}, book, figures [{key, value, unit, label_zh, label_en}] and
logs [{log, position, root}]. A value is an integer, a text with fixed decimals, or None where there is none."""


@dataclass(frozen=True)
class Asked:
    """Stations (nine digits) or areas (six), as of a day, as known at an instant."""

    stations: Sequence[str]
    as_of: date | None = None
    known_at: datetime | None = None

    def __post_init__(self) -> None:
        wrong = [code for code in self.stations if not (code.isascii() and code.isdigit() and len(code) in (6, 9))]
        if wrong or not self.stations:
            raise Invalid({"station": [f"{', '.join(wrong) or 'none'}: nine digits for a station, six for an area."]})

    @property
    def cut(self) -> Cut:
        return Cut(self.as_of)

    @property
    def known_at_text(self) -> str | None:
        return instant(self.known_at) if self.known_at else None


def report(
    holdings: Holdings,
    stations: Sequence[str],
    years: Sequence[int],
    as_of: date | None = None,
    known_at: datetime | None = None,
    layout: str | None = None,
) -> list[Report]:
    """The reports of all these stations and years, by station, then year. Raises Invalid; NotFound for a layout."""
    asked = Asked(stations, as_of, known_at)
    layouts = {station: layout_of(holdings, station, layout) for station in stations}
    made: dict[tuple[str, int], Report] = {}
    for chosen in {layout.hash: layout for layout in layouts.values()}.values():
        those = [station for station in stations if layouts[station].hash == chosen.hash]
        for one in _reports(holdings, Asked(those, as_of, known_at), years, chosen):
            made[one["station"], one["year"]] = one
    return [made[station, year] for station in asked.stations for year in years]


def _reports(holdings: Holdings, asked: Asked, years: Sequence[int], layout: Layout) -> list[Report]:
    lines = {line: wanted_of(line, holdings.book) for line in layout.lines}
    wanted = list(dict.fromkeys(part for parts in lines.values() for part in parts))
    with rows_of(holdings, asked) as (_, found, rows):
        targets = targets_of(asked, found)
        values = compute(rows, Question(wanted, targets, years, asked.cut), holdings.book)
    numbers = {part: index for index, part in enumerate(wanted)}
    return [
        {
            "station": station,
            "year": year,
            "as_of": asked.as_of.isoformat() if asked.as_of else None,
            "known_at": asked.known_at_text,
            "layout": {"name": layout.name, "hash": layout.hash},
            "book": holdings.book.hash,
            "figures": [
                _figure(line, parts, values, numbers, station, year, holdings) for line, parts in lines.items()
            ],
            "logs": [_end(extent) for extent in found if extent.log in targets[station]],
        }
        for station in asked.stations
        for year in years
    ]


def logs_now(holdings: Holdings, station: str, known_at: datetime | None) -> list[dict[str, Any]]:
    """The logs as they stand in a report of the station or area that is asked for now."""
    asked = Asked([station], known_at=known_at)
    with snapshot(holdings.database) as connection:
        found = extents(connection, holdings.archive, asked.stations, asked.known_at_text)
    return [_end(extent) for extent in found]


def _end(extent: Extent) -> dict[str, Any]:
    return {"log": extent.log, "position": extent.position, "root": extent.root.hex()}


def targets_of(asked: Asked, found: Sequence[Extent]) -> dict[str, list[str]]:
    """Each station or area asked for with its logs."""
    return {code: [e.log for e in found if station_of(e.log).startswith(code)] for code in asked.stations}


@contextmanager
def rows_of(holdings: Holdings, asked: Asked) -> Iterator[tuple[Connection, list[Extent], Rows]]:
    """What counts: where each log ends, and the columns of its entries up to there; the tail is read meanwhile."""
    with snapshot(holdings.database) as connection, ThreadPoolExecutor(1) as reader:
        found = extents(connection, holdings.archive, asked.stations, asked.known_at_text)
        unsealed = reader.submit(tail, connection, holdings.book, found)
        yield connection, found, Rows(_files(holdings, found), unsealed.result)


def _files(holdings: Holdings, found: Sequence[Extent]) -> Files:
    whole, cut = [], []
    for extent in found:
        for segment in extent.sealed:
            path = holdings.archive.columns_file(extent.log, segment.number, segment.root, holdings.book)
            if segment.whole:
                whole.append((extent.log, path))
            else:
                cut.append((extent.log, path, segment.upto))
    return Files(whole, cut)


def _figure(
    line: Line,
    parts: tuple[Wanted, ...],
    values: Values,
    numbers: dict[Wanted, int],
    station: str,
    year: int,
    holdings: Holdings,
) -> dict[str, Any]:
    counts = [counted(part, values.get((numbers[part], station, year))) for part in parts]
    return {
        "key": line.key,
        "value": shown(line, holdings.book.figures[line.figure], counts),
        "unit": line.unit,
        "label_zh": line.label_zh,
        "label_en": line.label_en,
    }
