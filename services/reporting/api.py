"""What reporting is: the journal it follows, the archive it seals into, and the questions it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from lastmile.kernel.store.following import Source, Stop, stops
from lastmile.kernel.store.log_reading import APPLIED, applied
from lastmile.kernel.store.service import Asking, Definition, Query, Resources, Service
from services.reporting import answers, checking, explain, refreshing, registered, reports, sealing
from services.reporting.archive import Archive
from services.reporting.figures.book import Book, product_book
from services.reporting.journal import SERVICES, journal_follower
from services.reporting.lately import LatelyAsked
from services.reporting.permissions import PERMISSIONS
from services.reporting.schemas import AskingExplain, AskingReport, AskingStops
from services.reporting.tables import reporting_tables


def _applied(_reporting: "Reporting", asking: Asking) -> dict[str, int]:
    return applied(asking)


def _report(reporting: "Reporting", asking: Asking) -> reports.Report:
    """The report of a station or an area and a year, computed from the entries."""
    return reporting.report_asked(asking.station, **asking.parameters)


def _explain(reporting: "Reporting", asking: Asking) -> explain.Explanation:
    """The events behind one line of a report: their weights sum to its value."""
    return reporting.explain(station=asking.station, **asking.parameters)


def _stops(reporting: "Reporting", asking: Asking) -> list[dict[str, Any]]:
    """The logs of the station at which following stopped."""
    return [vars(stop) for stop in reporting.stops() if stop.log.startswith(asking.station)]


ANSWERS = {"applied": _applied, "report": _report, "explain": _explain, "stops": _stops}


def _unbound(question: str) -> Callable[[Asking], Any]:
    def answer(_asking: Asking) -> Any:
        raise TypeError("only a Reporting answers: it knows the archive")

    answer.__doc__ = ANSWERS[question].__doc__
    return answer


REPORTING = Definition(
    name="reporting",
    tables=reporting_tables,
    migrations=Path(__file__).parent / "migrations",
    permissions=PERMISSIONS,
    journals=SERVICES,
    queries=(
        APPLIED,
        Query("report", _unbound("report"), answers.Report, AskingReport()),
        Query("explain", _unbound("explain"), answers.Explanation, AskingExplain()),
        Query("stops", _unbound("stops"), list[answers.StopShown], AskingStops()),
    ),
)


class Reporting(Service):
    """Reporting, running: its database, its archive directory, its figure book and its follower."""

    def __init__(
        self,
        definition: Definition,
        resources: Resources,
        *,
        archive: Path,
        book: Book | None = None,
        segment_size: int = sealing.SEGMENT_SIZE,
    ) -> None:
        self.archive, self.book = Archive(archive), book or product_book()
        self.segment_size = segment_size
        self._lately = LatelyAsked()
        queries = tuple(replace(query, view=partial(ANSWERS[query.name], self)) for query in definition.queries)
        super().__init__(replace(definition, queries=queries), resources)
        self.followers = [journal_follower(self.database, self.book, resources.clock)]

    def report(
        self,
        station: str,
        year: int,
        as_of: date | None = None,
        known_at: datetime | None = None,
        layout: str | None = None,
    ) -> reports.Report:
        """The report of one station (nine digits) or area (six) and year."""
        (made,) = self.reports([station], [year], as_of, known_at, layout)
        return made

    def report_asked(self, station: str, year: int, **asked: Any) -> reports.Report:
        """As `report`; computed once as long as no entry comes in, however many ask."""
        logs = reports.logs_now(self, station, asked.get("known_at"))
        layout = registered.layout_of(self, station, asked.get("layout"))
        computed_from = (station, year, layout.hash, *sorted(asked.items()), *(tuple(log.values()) for log in logs))
        return self._lately.report(computed_from, logs, lambda: self.report(station, year, **asked))

    def reports(
        self,
        stations: Sequence[str],
        years: Sequence[int],
        as_of: date | None = None,
        known_at: datetime | None = None,
        layout: str | None = None,
    ) -> list[reports.Report]:
        """The reports of many stations and years, computed together."""
        return reports.report(self, stations, years, as_of, known_at, layout)

    def explain(
        self,
        key: str,
        station: str,
        year: int,
        as_of: date | None = None,
        known_at: datetime | None = None,
        layout: str | None = None,
    ) -> explain.Explanation:
        """The events behind one line of that report. Raises NotFound naming an unknown key."""
        return explain.explain(self, reports.Asked([station], as_of, known_at), year, key, layout)

    def register_layout(self, station: str, text: str) -> str:
        """Keep a layout (TOML) for a station or area; answers its name. Raises Invalid naming line and field."""
        return registered.register_layout(self, station, text, self.resources.clock())

    def seal(self) -> int:
        """Derive anew what another figure book derived, then move full segments into the archive; answers how many."""
        refreshing.refresh(self)
        return sealing.seal(self, self.segment_size)

    def check_journal(self, sources: Mapping[str, Source]) -> list[str]:
        """What differs between the journal and the services' logs; nothing if all is well."""
        return checking.check_journal(self, sources)

    def stops(self) -> list[Stop]:
        """The logs at which following stopped, and why."""
        with self.database.read() as connection:
            return stops(connection)

    def replay(self, log: str) -> None:
        """Clear the stop of a log, so that the next pull goes on."""
        for follower in self.followers:
            follower.replay(log)
