"""Swipes of cards not heard of yet wait, and are settled in whatever order news and swipe come."""

from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import text

from lastmile.kernel.store.changes import Changed, Place
from services.activities.reactions import CopyIsBehind
from services.activities.swipe import UnknownCardSwiped
from services.activities.swiping import SwipeBeforePublished
from tests.activities.conftest import MakeStation
from tests.activities.station import Station
from tests.eventually import eventually

WAITED_AND_SETTLED = [("UnknownCardSwiped", "2017-03-20"), ("CardSwiped", "2017-03-20")]


def issue(station: Station, kind: str = "CardIssued", on: str = "2017-03-01") -> None:
    station.membership.tells(kind, on, person_id="li", card_token=station.token("K1"), card_number="sealed")


def counts(station: Station) -> tuple[int, int]:
    activity = station.ask("activity", activity_id="lecture")
    return activity["swipes"], activity["waiting_swipes"]


def test_a_swipe_of_an_unknown_card_waits_and_counts_for_nobody(station: Station) -> None:
    station.publish()
    station.swipe("K1")
    assert station.told()[2:] == [("UnknownCardSwiped", "2017-03-20")]
    assert counts(station) == (0, 1)


@pytest.mark.parametrize("kind", ["CardIssued", "CardReplaced"])
def test_a_waiting_swipe_is_settled_on_its_own_date_when_the_news_comes(station: Station, kind: str) -> None:
    station.publish()
    station.swipe("K1")
    issue(station, kind)
    station.hear()
    assert station.told()[2:] == WAITED_AND_SETTLED
    assert counts(station) == (1, 0)


def test_every_waiting_swipe_of_the_card_is_settled(station: Station) -> None:
    for activity_id in ("lecture", "hike"):
        station.publish(activity_id)
        station.swipe("K1", activity_id)
        station.swipe("K2", activity_id)
    issue(station)
    station.hear()
    assert [kind for kind, _ in station.told()].count("CardSwiped") == 2
    assert counts(station) == (1, 1)


def test_a_swipe_after_the_news_does_not_wait(station: Station) -> None:
    station.publish()
    issue(station)
    station.hear()
    station.swipe("K1")
    assert station.told()[2:] == [("CardSwiped", "2017-03-20")]


def test_a_swipe_between_the_reaction_and_the_copy_is_not_lost(station: Station) -> None:
    station.publish()
    issue(station)
    with pytest.raises(CopyIsBehind):
        station.hear("reactions")
    station.swipe("K1")
    station.hear("copies")
    station.hear("reactions")
    assert station.told()[2:] == WAITED_AND_SETTLED


def test_a_swipe_between_the_copy_and_the_reaction_counts_once(station: Station) -> None:
    station.publish()
    issue(station)
    station.hear("copies")
    station.swipe("K1")
    station.hear("reactions")
    assert station.told()[2:] == [("CardSwiped", "2017-03-20")]


def test_waiting_for_the_copy_is_no_stop_however_often_it_is_tried(station: Station) -> None:
    station.publish()
    station.swipe("K1")
    issue(station)
    for _ in range(5):
        with pytest.raises(CopyIsBehind):
            station.hear("reactions")
    station.hear()
    assert station.told()[2:] == WAITED_AND_SETTLED


def test_a_swipe_that_is_being_recorded_while_the_news_comes_is_not_lost(
    make_station: MakeStation, postgres_database: str
) -> None:
    """The swipe has read the copy without the card and is not committed yet when copy and reaction run."""
    looked, go_on = Event(), Event()

    def hold_back(event: Any, place: Place) -> list[Changed]:
        if isinstance(event, UnknownCardSwiped):
            looked.set()
            assert go_on.wait(20)
        return []

    station = make_station(postgres_database, hold_back)
    station.publish()
    issue(station)
    swiping = Thread(target=station.swipe, args=("K1",))
    swiping.start()
    assert looked.wait(20)
    station.hear("copies")
    reacting = Thread(target=station.hear, args=("reactions",))
    reacting.start()
    try:
        eventually(lambda: not reacting.is_alive() or waits_for_a_lock(station), describe="the reaction waits")
    finally:
        go_on.set()
        swiping.join()
        reacting.join()
    assert station.told()[2:] == WAITED_AND_SETTLED


def waits_for_a_lock(station: Station) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with station.service.database.read() as connection:
        return bool(connection.execute(text(query)).scalar_one())


def test_a_swipe_from_before_the_card_was_given_out_is_settled_and_questioned(station: Station) -> None:
    station.publish()
    station.swipe("K1")
    issue(station, on="2017-03-25")
    station.hear()
    assert station.told()[2:] == [*WAITED_AND_SETTLED, ("SwipeQuestioned", "2017-03-20")]


def test_a_waiting_swipe_of_a_cancelled_activity_is_refused_without_stopping_the_news(station: Station) -> None:
    station.publish()
    station.publish("hike")
    station.swipe("K1")
    station.swipe("K1", "hike")
    station.tell("CancelActivity", activity_id="lecture", reason="rain", occurred_on="2017-03-19")
    issue(station)
    station.hear()
    assert [kind for kind, _ in station.told()].count("CardSwiped") == 1
    assert counts(station) == (0, 1)
    with station.service.database.read() as connection:
        refused = connection.execute(text("SELECT reaction, code FROM refused_reactions")).all()
    assert [tuple(row) for row in refused] == [("when_a_card_is_issued", "activity-is-cancelled")]


def give_out_two(station: Station) -> None:
    issue(station)
    station.membership.tells("CardLost", "2017-03-10", person_id="li", card_token=station.token("K1"))
    second = {"person_id": "li", "card_token": station.token("K2"), "card_number": "sealed"}
    station.membership.tells("CardReplaced", "2017-03-12", **second)


def test_a_person_with_a_replaced_card_counts_once_at_an_activity(station: Station) -> None:
    station.publish()
    give_out_two(station)
    station.hear()
    for card_number in ("K2", "K1", "K1", "K2"):
        station.swipe(card_number)
    assert station.told()[2:] == [("CardSwiped", "2017-03-20"), ("SwipeQuestioned", "2017-03-20")]
    assert counts(station) == (1, 0)
    station.tell("AnnulSwipe", activity_id="lecture", card_number="K2", reason="wrong_card")
    station.swipe("K1")
    assert counts(station) == (1, 0)


def test_waiting_swipes_of_two_cards_of_one_person_count_once(station: Station) -> None:
    station.publish()
    station.swipe("K1")
    station.swipe("K2")
    give_out_two(station)
    station.hear()
    assert counts(station) == (1, 0)


def test_a_swipe_dated_before_the_activity_was_published_is_refused(station: Station) -> None:
    station.publish()
    with pytest.raises(SwipeBeforePublished):
        station.swipe("K1", on="2017-03-01")
