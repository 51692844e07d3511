"""What the station puts on in a month, and how one activity stands."""

from typing import Any

import pytest

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.failures import Forbidden, Invalid, NotFound
from lastmile.kernel.domain.identity import Role
from services.activities.announcing import SwipesStand
from tests.activities.station import CODE, Station


@pytest.fixture
def with_cards(station: Station) -> Station:
    for number, person_id in (("K1", "li"), ("K2", "wang")):
        station.membership.tells("CardIssued", "2017-01-01", person_id=person_id, card_token=station.token(number))
    station.hear()
    return station


def test_a_month_lists_its_activities_with_places_and_swipes(with_cards: Station) -> None:
    with_cards.publish("lecture", places=30)
    with_cards.publish("hike", places=20, planned_on="2017-04-02")
    with_cards.swipe("K1")
    with_cards.swipe("K2")
    assert with_cards.ask("activities_of_month", month="2017-03") == [
        {
            "activity_id": "lecture",
            "title": "春季传染病讲座",
            "kind": "lecture",
            "theme": "spring_infections",
            "community": None,
            "day": "2017-03-20",
            "standing": "published",
            "by_card": True,
            "places": 30,
            "swipes": 2,
        }
    ]


def test_an_activity_belongs_to_the_month_it_was_held_in(station: Station) -> None:
    station.publish(planned_on="2017-03-31")
    station.tell("HoldActivity", activity_id="lecture", occurred_on="2017-04-01")
    assert station.ask("activities_of_month", month="2017-03") == []
    (held,) = station.ask("activities_of_month", month="2017-04")
    assert (held["day"], held["standing"]) == ("2017-04-01", "held")


def test_a_double_swipe_counts_once_and_an_annulled_one_not_at_all(with_cards: Station) -> None:
    with_cards.publish()
    for number in ("K1", "K1", "K2"):
        with_cards.swipe(number)
    assert with_cards.ask("activity", activity_id="lecture")["swipes"] == 2
    with_cards.tell("AnnulSwipe", activity_id="lecture", card_number="K1", reason="not_hers")
    with_cards.swipe("K1")
    assert with_cards.ask("activity", activity_id="lecture")["swipes"] == 1
    assert with_cards.told()[-1] == ("SwipeAnnulled", "2017-03-20")


def test_a_card_that_was_lost_before_the_swipe_is_questioned(with_cards: Station) -> None:
    with_cards.publish()
    with_cards.membership.tells("CardLost", "2017-03-05", card_token=with_cards.token("K1"), person_id="li")
    with_cards.hear()
    with_cards.swipe("K1")
    with_cards.swipe("K2")
    assert [kind for kind, _ in with_cards.told()[2:]] == ["CardSwiped", "SwipeQuestioned", "CardSwiped"]


def test_a_card_number_given_out_again_counts_for_who_held_it_on_the_day(with_cards: Station) -> None:
    with_cards.publish()
    token = with_cards.token("K1")
    with_cards.membership.tells("CardUnbound", "2017-03-10", card_token=token, person_id="li", reason="left")
    with_cards.membership.tells("CardIssued", "2017-03-20", card_token=token, person_id="zhao")
    with_cards.hear()
    with_cards.publish("earlier")
    assert _holder(with_cards, "2017-03-09", "earlier") == "li"
    assert _holder(with_cards, "2017-03-20", "lecture") == "zhao"


def _holder(station: Station, day: str, activity_id: str) -> str:
    swiped_at = station.swipe("K1", activity_id, day)["position"]
    (data,) = station.service.entries(f"{CODE}/activities", swiped_at - 1, 1)
    person_id: str = Entry.from_bytes(data).payload["person_id"]
    return person_id


def test_an_activity_with_swipes_is_cancelled_after_they_are_annulled(with_cards: Station) -> None:
    with_cards.publish()
    with_cards.swipe("K1")
    cancel: dict[str, Any] = {"activity_id": "lecture", "reason": "rain", "occurred_on": "2017-03-20"}
    with pytest.raises(SwipesStand):
        with_cards.tell("CancelActivity", **cancel)
    with_cards.tell("AnnulSwipe", activity_id="lecture", card_number="K1", reason="nobody_came")
    with_cards.tell("CancelActivity", **cancel)
    assert with_cards.ask("activity", activity_id="lecture")["standing"] == "cancelled"


def test_no_shows_are_counted_apart(station: Station) -> None:
    station.publish()
    station.tell("EnrolMember", activity_id="lecture", person_id="li", occurred_on="2017-03-10")
    station.tell("HoldActivity", activity_id="lecture", occurred_on="2017-03-20")
    station.tell("MarkNoShow", activity_id="lecture", person_id="li", occurred_on="2017-03-20")
    counts = station.ask("activity", activity_id="lecture")
    assert (counts["enrolled"], counts["no_shows"], counts["swipes"]) == (0, 1, 0)


def test_wrong_questions_are_refused_by_name(station: Station) -> None:
    with pytest.raises(Invalid, match="month: Not a month"):
        station.ask("activities_of_month", month="2017-13")
    with pytest.raises(NotFound):
        station.ask("activity", activity_id="nothing")


def test_a_malformed_plan_names_each_wrong_field_and_changes_nothing(station: Station) -> None:
    with pytest.raises(Invalid) as refusal:
        station.tell(
            "PlanActivity", activity_id="a b", kind="concert", places=-1, by_card="yes", occurred_on="2017-03-01"
        )
    assert set(refusal.value.fields) == {"activity_id", "title", "kind", "theme", "planned_on", "by_card", "places"}
    assert station.told() == []


def test_a_command_for_another_station_is_refused(station: Station) -> None:
    with pytest.raises(Forbidden):
        station.tell("PublishActivity", Role.CLERK, "110102018", activity_id="lecture", occurred_on="2017-03-01")
