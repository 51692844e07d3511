"""Reports that were asked for lately: the same entries, figure book and layout give the same report for ever."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from services.reporting.reports import Report

MOST_REPORTS = 64


class LatelyAsked:
    """Keeps the last reports under what they were computed from, so that a page that many open is computed once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Report] = OrderedDict()
        self._lock = Lock()

    def report(
        self, computed_from: tuple[Hashable, ...], logs: list[dict[str, object]], make: Callable[[], Report]
    ) -> Report:
        """The report kept under `computed_from`, else a new one, kept if it was computed from just these `logs`."""
        with self._lock:
            if computed_from in self._kept:
                self._kept.move_to_end(computed_from)
                return self._kept[computed_from]
        made = make()
        if made["logs"] == logs:  # Entries may have come in between.
            with self._lock:
                self._kept[computed_from] = made
                while len(self._kept) > MOST_REPORTS:
                    self._kept.popitem(last=False)
        return made
