"""Planning, publishing, holding, closing and cancelling an activity."""

from dataclasses import replace
from datetime import date
from typing import Any

from lastmile.kernel.domain.failures import NotFound
from services.activities.activity import (
    ActivityCancelled,
    ActivityClosed,
    ActivityHeld,
    ActivityIsCancelled,
    ActivityNow,
    ActivityPlanned,
    ActivityPublished,
)
from services.activities.announcing import (
    ActivityIdTaken,
    ActivityWasHeld,
    CancelActivity,
    PlanActivity,
    PublishActivity,
    SwipesStand,
)
from services.activities.api import HANDLERS
from services.activities.holding import (
    ActivityNotHeld,
    ActivityNotPublished,
    CloseActivity,
    HeldBeforePublished,
    HoldActivity,
)
from tests.spec import Spec

DAY = date(2017, 3, 20)
PLAN: dict[str, Any] = {
    "activity_id": "hike",
    "title": "健步走",
    "kind": "hike",
    "theme": "spring",
    "community": "c1",
    "planned_on": DAY,
    "by_card": True,
    "places": 40,
    "occurred_on": date(2017, 3, 1),
}
planned = ActivityPlanned(**PLAN)
published = ActivityPublished(activity_id="hike", occurred_on=DAY)
held = ActivityHeld(
    activity_id="hike", kind="hike", theme="spring", community="c1", by_card=True, places=40, occurred_on=DAY
)
closed = ActivityClosed(activity_id="hike", occurred_on=DAY)
cancelled = ActivityCancelled(activity_id="hike", kind="hike", theme="spring", reason="rain", occurred_on=DAY)

plan = PlanActivity(**PLAN)
publish = PublishActivity(activity_id="hike", occurred_on=DAY)
hold = HoldActivity(activity_id="hike", occurred_on=DAY)
close = CloseActivity(activity_id="hike", occurred_on=DAY)
cancel = CancelActivity(activity_id="hike", reason="rain", occurred_on=DAY)
nobody_came = ActivityNow("published", "hike", "spring", places=40, swipes=0)
spec = Spec(HANDLERS)


def test_an_activity_is_planned_published_held_and_closed() -> None:
    spec.when(plan).then(planned)
    spec.given(planned).when(publish).then(published)
    spec.given(planned, published).when(hold).then(held)
    spec.given(planned, published, held).when(close).then(closed)


def test_an_activity_id_is_planned_once() -> None:
    spec.given(planned).when(plan).then_refused(ActivityIdTaken)


def test_an_activity_that_is_not_by_card_offers_no_places_against_the_card() -> None:
    spec.given(replace(planned, by_card=False), published).when(hold).then(replace(held, by_card=False, places=0))


def test_members_are_told_before_an_activity_is_held() -> None:
    spec.given(planned).when(hold).then_refused(ActivityNotPublished)


def test_only_what_was_held_is_closed() -> None:
    spec.given(planned, published).when(close).then_refused(ActivityNotHeld)


def test_an_activity_is_cancelled_before_it_is_held() -> None:
    spec.given(planned).knowing(nobody_came).when(cancel).then(cancelled)
    spec.given(planned, published).knowing(nobody_came).when(cancel).then(cancelled)
    spec.given(planned, published, held).knowing(nobody_came).when(cancel).then_refused(ActivityWasHeld)


def test_swipes_are_annulled_before_their_activity_is_cancelled() -> None:
    somebody_came = replace(nobody_came, swipes=1)
    spec.given(planned, published).knowing(somebody_came).when(cancel).then_refused(SwipesStand)


def test_a_cancelled_activity_is_over() -> None:
    over = spec.given(planned, cancelled)
    over.when(publish).then_refused(ActivityIsCancelled)
    over.when(hold).then_refused(ActivityIsCancelled)
    over.when(close).then_refused(ActivityIsCancelled)
    over.when(plan).then_refused(ActivityIdTaken)


def test_what_was_done_is_not_done_again() -> None:
    spec.given(planned, published).when(publish).then_nothing()
    spec.given(planned, published, held).when(hold).then_nothing()
    spec.given(planned, published, held, closed).when(close).then_nothing()
    spec.given(planned, cancelled).when(cancel).then_nothing()


def test_an_activity_that_nobody_planned_is_not_found() -> None:
    spec.when(publish).then_refused(NotFound)
    spec.when(cancel).then_refused(NotFound)


def test_an_activity_is_not_held_before_it_was_published() -> None:
    the_day_before = replace(hold, occurred_on=date(2017, 3, 19))
    spec.given(planned, published).when(the_day_before).then_refused(HeldBeforePublished)
