"""An owner whose history was replaced: its followers stop and say so; an owner that is merely ahead stops nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.following import End, Follower, Source, stops
from lastmile.settings import LOG_SERVICES
from tests.system.embedded import CODE, TestedHome, copier, drop_copy
from tests.system.repeats import Told, counting_follower, told_log


@dataclass
class Restorable:
    """A home whose membership database can be put back to what it was."""

    home: TestedHome
    url: str

    def __post_init__(self) -> None:
        self._keep, self._put_back = copier(self.url)

    def keep(self) -> None:
        self.home.close()
        self._keep()
        self.home.open()

    def put_back(self) -> None:
        self.home.close()
        self._put_back()
        self.home.open()


@pytest.fixture
def restorable(tmp_path: Path, database_url: str) -> Iterator[Restorable]:
    home = TestedHome(tmp_path / "home", LASTMILE_MEMBERSHIP_DATABASE_URL=database_url)
    home.make_station()
    home.enrol(1, 2)
    home.home.settle()
    made = Restorable(home, database_url)
    made.keep()
    home.enrol(3)
    home.home.settle()
    assert home.stops() == {}
    yield made
    home.close()
    drop_copy(database_url)


def test_when_an_owner_is_restored_from_an_older_copy_its_followers_stop_and_say_so(restorable: Restorable) -> None:
    restorable.put_back()
    restorable.home.home.settle()
    _all_stopped(restorable.home, "ends at")


def test_when_the_restored_owner_has_written_as_much_as_before_its_followers_stop(restorable: Restorable) -> None:
    restorable.put_back()
    restorable.home.enrol(4)
    restorable.home.home.settle()
    _all_stopped(restorable.home, "is not the one that was applied")


def test_when_the_restored_owner_has_written_more_than_before_its_followers_stop(restorable: Restorable) -> None:
    restorable.put_back()
    restorable.home.enrol(4, 5)
    restorable.home.home.settle()
    _all_stopped(restorable.home, "does not continue")


def test_when_the_owner_began_anew_its_followers_stop(restorable: Restorable) -> None:
    followed = {end.log: end for service in LOG_SERVICES for end in restorable.home.home.services[service].ends()}
    again = {log: replace(end, origin="another") for log, end in followed.items()}
    for service in restorable.home.home.services.values():
        for follower in service.followers:
            follower.catch_up(_Says(list(again.values())))
    found = restorable.home.stops()
    assert {key for key, stop in found.items() if stop["log"] == f"{CODE}/membership"} >= followers_of_membership(
        restorable.home
    )
    assert all("another origin" in stop["because"] for stop in found.values())


def test_a_stop_holds_its_own_log_alone_and_what_was_applied_stays(restorable: Restorable) -> None:
    kept = restorable.home.home.reporting.report(CODE, 2017)["logs"]
    restorable.put_back()
    restorable.home.home.settle()
    plan = {"activity_id": "lecture", "title": "讲座", "kind": "lecture", "theme": "health", "by_card": True}
    restorable.home.tell("activities", "PlanActivity", **plan, places=10, planned_on="2017-03-20")
    restorable.home.home.settle()
    now = restorable.home.home.reporting.report(CODE, 2017)["logs"]
    of_membership = [log for log in now if log["log"].endswith("membership")]
    assert of_membership == [log for log in kept if log["log"].endswith("membership")]
    assert [log["position"] for log in now if log["log"].endswith("activities")] == [1]
    assert {stop["log"] for stop in restorable.home.stops().values()} == {f"{CODE}/membership"}


def followers_of_membership(home: TestedHome) -> set[tuple[str, str]]:
    """All that follow its log from another database than its own, which was restored with it."""
    services = home.home.services
    own = services["membership"].database.url
    return {
        (name, follower.name)
        for name, service in services.items()
        for follower in service.followers
        if "membership" in follower.services and follower.database.url != own
    }


def _all_stopped(home: TestedHome, because: str) -> None:
    found = home.stops()
    assert len(found) >= 5
    assert set(found) == followers_of_membership(home)
    for (service, follower), stop in found.items():
        assert stop["log"] == f"{CODE}/membership"
        assert "history was replaced" in stop["because"]
        # The key store looks before it opens, and so before anything else could be written.
        assert ("ends at" if follower == "erasures" else because) in stop["because"], service


class _Says:
    """An owner who says where its logs end and has nothing to give."""

    def __init__(self, said: list[End]) -> None:
        self.said = said

    def ends(self) -> list[End]:
        return self.said

    def entries(self, _log: str, _after: int, _limit: int) -> list[bytes]:
        return []


class _AnswersLate:
    """An owner whose answer about its ends arrives after news of what came behind them."""

    def __init__(self, source: Source, follower: Follower, news: Sequence[bytes]) -> None:
        self.source, self.follower, self.news = source, follower, news

    def ends(self) -> list[End]:
        said = self.source.ends()
        self.follower.offer(self.news)
        self.source, self.news = Told([*_of(self.source), *self.news]), ()
        return said

    def entries(self, log: str, after: int, limit: int) -> list[bytes]:
        return self.source.entries(log, after, limit)


def _of(source: Source) -> list[bytes]:
    assert isinstance(source, Told)
    return source.data


def test_news_that_overtakes_an_owners_answer_is_no_replaced_history(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'follower.db'}")
    follower, counted = counting_follower(database)
    data = told_log(5)
    follower.catch_up(Told(data[:3]))
    follower.catch_up(_AnswersLate(Told(data[:4]), follower, data[3:]))
    follower.catch_up(Told(data))
    with database.read() as connection:
        assert stops(connection) == []
    assert counted() == dict.fromkeys(range(1, 6), 1)
    database.close()


def test_a_stop_names_the_entry_that_does_not_continue_not_the_repeats_that_came_with_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'follower.db'}")
    follower, counted = counting_follower(database)
    data = told_log(3)
    follower.offer(data)
    forged = replace(Entry.from_bytes(data[2]), position=4, previous="00" * 32)
    follower.offer([*data[1:], forged.to_bytes()])
    with database.read() as connection:
        (stop,) = stops(connection)
    assert stop.position == 4
    assert "entry 4" in stop.because
    assert counted() == {1: 1, 2: 1, 3: 1}
    database.close()
