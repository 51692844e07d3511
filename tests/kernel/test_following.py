"""Following a log: each entry once and in order, however it comes; another history stops the log."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event

from lastmile.kernel.domain.entry import Entry, entry_hash
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.following import End, Follower, Source, stops
from lastmile.kernel.store.listening import Copies
from tests.kernel.sample import LOG, Sample

EVENTS = 12


class Listing:
    """Keeps the positions that were applied."""

    def __init__(self) -> None:
        self.applied: list[int] = []

    def outside(self, entries: Sequence[Entry]) -> None:
        return None

    def inside(self, connection: Connection, entries: Sequence[Entry], data: Sequence[bytes], result: Any) -> None:
        self.applied += [entry.position for entry in entries]


class InBetween:
    """An owner whose news comes to the follower just after it said where its log ends."""

    def __init__(self, owner: Source, follower: Follower, news: Sequence[bytes], end: End) -> None:
        self._owner, self._follower, self._news, self._end = owner, follower, news, end

    def ends(self) -> list[End]:
        self._follower.offer(self._news)
        return [self._end]

    def entries(self, log: str, after: int, limit: int) -> list[bytes]:
        return self._owner.entries(log, after, limit)


@pytest.fixture
def listing() -> Listing:
    return Listing()


@pytest.fixture
def follower(sample: Sample, listing: Listing) -> Follower:
    sample.fill(EVENTS, signed_every=EVENTS)
    return Follower("listing", sample.database, listing, ["sample"], lambda: datetime.now(UTC))


def stopped(database: Database) -> list[str]:
    with database.read() as connection:
        return [stop.because for stop in stops(connection)]


def test_pulling_applies_each_entry_once(sample: Sample, follower: Follower, listing: Listing) -> None:
    assert follower.catch_up(sample.service) == EVENTS
    assert follower.catch_up(sample.service) == 0
    assert listing.applied == list(range(1, EVENTS + 1))
    assert follower.lag() == 0


def test_a_log_at_whose_end_it_stands_costs_one_look_at_all_cursors(sample: Sample, follower: Follower) -> None:
    follower.catch_up(sample.service)
    ends = sample.service.ends()
    asked: list[str] = []
    event.listen(sample.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert follower.catch_up(InBetween(sample.service, follower, [], ends[0])) == 0
    assert len(asked) == 1


def test_repeated_and_shuffled_news_is_applied_once_and_in_order(
    sample: Sample, follower: Follower, listing: Listing
) -> None:
    data = sample.data()
    for news in (data[5:8], data[2:6], data[:3], data[::-1], data):
        follower.offer(news)
    assert listing.applied == list(range(1, EVENTS + 1))


def test_a_hole_in_the_news_is_told_and_pulled(sample: Sample, follower: Follower, listing: Listing) -> None:
    data = sample.data()
    assert follower.offer([data[0], data[4]]) == {LOG}
    assert follower.lag() == 4
    follower.catch_up(sample.service, only=[LOG])
    assert listing.applied == list(range(1, EVENTS + 1))


def test_news_that_comes_while_the_owner_is_asked_is_no_other_history(
    sample: Sample, follower: Follower, listing: Listing
) -> None:
    data, (end,) = sample.data(), sample.service.ends()
    follower.offer(data[:4])
    early = End(LOG, end.origin, 4, entry_hash(data[3]))
    follower.catch_up(InBetween(sample.service, follower, data, early))
    assert stopped(sample.database) == []
    assert listing.applied == list(range(1, EVENTS + 1))


def test_a_log_that_ends_below_what_was_applied_stops(sample: Sample, follower: Follower, listing: Listing) -> None:
    follower.catch_up(sample.service)
    (end,) = sample.service.ends()
    follower.catch_up(InBetween(sample.service, follower, [], End(LOG, end.origin, 3, b"\0" * 32)))
    assert len(stopped(sample.database)) == 1
    assert "ends at 3, below 12" in stopped(sample.database)[0]
    follower.replay(LOG)
    assert stopped(sample.database) == []


def test_an_event_type_that_nobody_declared_moves_the_cursor(sample: Sample, follower: Follower) -> None:
    ignoring = Follower("ignoring", sample.database, Copies((), ()), ["sample"], lambda: datetime.now(UTC))
    assert ignoring.catch_up(sample.service) == EVENTS
