"""Counting by replay with the `eventsourcing` library: aggregates brought back from their events, in memory."""

from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from bench.measure import rate

EVENTS_AN_AGGREGATE = 20
CREATED = 1


class Walk(Aggregate):
    """An activity to which members come, as that library would have it."""

    def __init__(self, theme: str) -> None:
        self.theme = theme
        self.swipes: dict[str, int] = {}

    @event("Swiped")
    def swipe(self, person: str, month: int) -> None:
        self.swipes[person] = month


class Replay:
    """An application with recorded events, which counts swipes by month."""

    def __init__(self, events: int) -> None:
        self.application = Application[UUID]()  # Its recorder keeps everything in memory: no disk slows it down.
        self.ids: list[UUID] = []
        for number in range(events // EVENTS_AN_AGGREGATE):
            walk = Walk(theme=f"theme-{number % 12}")
            for swipe in range(EVENTS_AN_AGGREGATE - CREATED):
                walk.swipe(person=f"person-{swipe:05d}", month=201_701 + swipe % 12)
            self.application.save(walk)
            self.ids.append(walk.id)

    def rate(self) -> float:
        """Events replayed and counted a second."""
        return rate(len(self.ids) * EVENTS_AN_AGGREGATE, self._count)

    def _count(self) -> None:
        months: dict[tuple[str, int], int] = {}
        for walk_id in self.ids:
            walk: Walk = self.application.repository.get(walk_id)
            for month in walk.swipes.values():
                months[walk.theme, month] = months.get((walk.theme, month), 0) + 1
        assert sum(months.values()) == len(self.ids) * (EVENTS_AN_AGGREGATE - CREATED)
