"""Which events make a line of a report, with their weights: they sum to its value."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, select

from lastmile.kernel.domain.failures import NotFound
from services.reporting.archive import Archive
from services.reporting.extent import Extent, Holdings
from services.reporting.figures.engine import Question
from services.reporting.figures.events import behind
from services.reporting.figures.layout import Line
from services.reporting.figures.shown import counted, shown
from services.reporting.figures.wanted import Wanted, wanted_of
from services.reporting.registered import layout_of
from services.reporting.reports import Asked, rows_of, targets_of
from services.reporting.tables import journal

Explanation = dict[str, Any]
"""key, labels, unit, value and events [{event_id, log, position, type, occurred_on, recorded_at, weight}].

The weights sum to the value: for a distinct figure one event an id, for a latest value that one event. Where the line
is divided by a scale, `scale` says by how much the sum was divided. A ratio has no events itself but `numerator` and
`denominator`, each with figure, labels, unit, value and events.
"""


def explain(holdings: Holdings, asked: Asked, year: int, key: str, layout: str | None = None) -> Explanation:
    """What stands behind one line of the report of a station or an area. Raises NotFound for an unknown key."""
    (station,) = asked.stations
    chosen = layout_of(holdings, station, layout)
    line = chosen.line(key)
    if line is None:
        raise NotFound(f"no line {key} is in the layout {chosen.name}", key=key, layout=chosen.name)
    parts = wanted_of(line, holdings.book)
    explained = [_explain(holdings, asked, year, wanted) for wanted in parts]
    value = shown(line, holdings.book.figures[line.figure], [part["value"] for part in explained])
    named = {"key": key, "label_zh": line.label_zh, "label_en": line.label_en, "unit": line.unit, "value": value}
    if len(parts) == 2:
        numerator, denominator = explained
        return {**named, "events": [], "numerator": numerator, "denominator": denominator}
    return {**named, "events": explained[0]["events"], **_scale(line)}


def _scale(line: Line) -> dict[str, int]:
    return {} if line.scale == 1 else {"scale": line.scale}


def _explain(holdings: Holdings, asked: Asked, year: int, wanted: Wanted) -> dict[str, Any]:
    with rows_of(holdings, asked) as (connection, found, rows):
        question = Question([wanted], targets_of(asked, found), [year], asked.cut)
        weights = behind(rows, question, holdings.book)
        events = _events(connection, holdings.archive, found, weights)
    value = counted(wanted, sum(event["weight"] for event in events) if events else None)
    figure = wanted.figure
    labels = {"label_zh": figure.label_zh, "label_en": figure.label_en, "unit": figure.unit}
    return {"figure": figure.name, **labels, "value": value, "events": events}


def _events(
    connection: Connection, archive: Archive, found: Sequence[Extent], weights: Sequence[tuple[str, int, int]]
) -> list[dict[str, Any]]:
    """The entries at these (log, position, weight), from the archive and from the journal."""
    by_log: dict[str, dict[int, int]] = {}
    for log, position, weight in weights:
        by_log.setdefault(log, {})[position] = weight
    events = []
    for extent in found:
        if wanted := by_log.get(extent.log):
            rows = _sealed_rows(archive, extent, wanted) | _journal_rows(connection, extent, wanted)
            if missing := sorted(wanted.keys() - rows.keys()):
                raise ValueError(f"{extent.log}: entries {missing[:5]} are counted and not to be found")
            events += [rows[position] | {"weight": wanted[position]} for position in sorted(wanted)]
    return sorted(
        events, key=lambda event: (event["occurred_on"], event["recorded_at"], event["log"], event["position"])
    )


_SHOWN = ("event_id", "log", "position", "type", "occurred_on", "recorded_at")


def _sealed_rows(archive: Archive, extent: Extent, wanted: dict[int, int]) -> dict[int, dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for segment in extent.sealed:
        here = [position for position in wanted if segment.first <= position <= segment.last]
        if here:
            path = archive.entries_path(extent.log, segment.number, segment.root)
            table = archive.read_entries(path, _SHOWN)
            chosen = table.take(pa.array([position - segment.first for position in here]))
            rows |= {row["position"]: row for row in chosen.to_pylist()}
    return rows


def _journal_rows(connection: Connection, extent: Extent, wanted: dict[int, int]) -> dict[int, dict[str, Any]]:
    query = select(*(journal.c[name] for name in _SHOWN)).where(
        journal.c.log == extent.log, journal.c.position.between(min(wanted), max(wanted))
    )
    rows = connection.execute(query).mappings()
    return {row["position"]: {name: row[name] for name in _SHOWN} for row in rows if row["position"] in wanted}
