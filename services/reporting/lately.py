"""Reports that were asked for lately: the same entries, figure book and layout give the same report for ever."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from services.reporting.reports import Report

MOST_REPORTS = 64


class LatelyAsked:
    """Keeps the last reports under what they were computed from, so that a page that many open is computed once.

    Whoever asks for the same while it is computed waits for it.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Report] = OrderedDict()
        self._computing: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def report(
        self, computed_from: tuple[Hashable, ...], logs: list[dict[str, object]], make: Callable[[], Report]
    ) -> Report:
        """The report kept under `computed_from`, else a new one, kept if it was computed from just these `logs`."""
        with self._lock:
            if (kept := self._found(computed_from)) is not None:
                return kept
            computing = self._computing.setdefault(computed_from, Lock())
        with computing:
            with self._lock:
                if (kept := self._found(computed_from)) is not None:
                    return kept
            try:
                made = make()
                if made["logs"] == logs:  # Entries may have come in between.
                    self._keep(computed_from, made)
                return made
            finally:
                with self._lock:
                    self._computing.pop(computed_from, None)

    def _found(self, computed_from: Hashable) -> Report | None:
        if computed_from in self._kept:
            self._kept.move_to_end(computed_from)
        return self._kept.get(computed_from)

    def _keep(self, computed_from: Hashable, made: Report) -> None:
        with self._lock:
            self._kept[computed_from] = made
            while len(self._kept) > MOST_REPORTS:
                self._kept.popitem(last=False)
