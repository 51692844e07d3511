"""Swiping a card at an activity: known, unknown, questioned, settled, annulled."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lastmile.kernel.domain.events import command_type
from lastmile.kernel.domain.failures import Invalid, NotFound
from services.activities.activity import ActivityIsCancelled, ActivityNow
from services.activities.api import HANDLERS
from services.activities.hand_out import CorrectHandOut
from services.activities.swipe import CardSwiped, SwipeAnnulled, SwipeQuestioned, UnknownCardSwiped
from services.activities.swiping import (
    AnnulSwipe,
    Holder,
    NotOpenForSwipes,
    RecordSwipe,
    SettleSwipe,
    SwipeBeforePublished,
    SwipeFacts,
    SwipeStillWaits,
)
from tests.spec import Spec

DAY = date(2017, 3, 20)
WHERE: dict[str, Any] = {"activity_id": "hike", "card_token": "token"}
WHAT: dict[str, Any] = {"kind": "hike", "theme": "spring"}
swiped = CardSwiped(**WHERE, **WHAT, person_id="li", occurred_on=DAY)
unknown = UnknownCardSwiped(**WHERE, **WHAT, occurred_on=DAY)
questioned = SwipeQuestioned(**WHERE, reason="card_not_live", occurred_on=DAY)
second_card = SwipeQuestioned(**WHERE, reason="second_card", occurred_on=DAY)
annulled = SwipeAnnulled(**WHERE, **WHAT, person_id="li", reason="lent_to_a_friend", occurred_on=DAY)

record = RecordSwipe(activity_id="hike", card_number="K1", occurred_on=DAY)
settle = SettleSwipe(**WHERE, person_id="li", occurred_on=DAY)
annul = AnnulSwipe(activity_id="hike", card_number="K1", reason="lent_to_a_friend")
open_activity = ActivityNow("published", "hike", "spring", places=40, swipes=0)
known = SwipeFacts("token", open_activity, Holder("li", live=True))
unheard = replace(known, holder=None)
counted = replace(known, by_another_card=True)
spec = Spec(HANDLERS)


def test_a_known_card_counts_for_its_holder() -> None:
    spec.knowing(known).when(record).then(swiped)


def test_an_unknown_card_waits_until_it_is_settled() -> None:
    spec.knowing(unheard).when(record).then(unknown)
    spec.given(unknown).knowing(known).when(settle).then(swiped)


def test_settling_does_not_need_the_copy_to_name_the_holder() -> None:
    spec.given(unknown).knowing(unheard).when(settle).then(swiped)


def test_a_card_that_was_not_live_counts_and_is_questioned() -> None:
    lost = replace(known, holder=Holder("li", live=False))
    spec.knowing(lost).when(record).then(swiped, questioned)
    spec.given(unknown).knowing(lost).when(settle).then(swiped, questioned)


@pytest.mark.parametrize("before", [(unknown,), (swiped,), (swiped, questioned), (swiped, annulled)])
def test_the_same_card_is_swiped_once_at_an_activity(before: tuple[object, ...]) -> None:
    spec.given(*before).knowing(known).when(record).then_nothing()


def test_a_swipe_is_settled_once() -> None:
    spec.given(unknown, swiped).knowing(known).when(settle).then_nothing()
    spec.given(unknown, swiped, annulled).knowing(known).when(settle).then_nothing()
    spec.knowing(known).when(settle).then_refused(NotFound)


@pytest.mark.parametrize("standing", ["planned", "closed", "cancelled"])
def test_cards_are_swiped_at_published_and_held_activities_only(standing: Any) -> None:
    held = replace(known, activity=replace(open_activity, standing="held"))
    shut = replace(known, activity=replace(open_activity, standing=standing))
    spec.knowing(held).when(record).then(swiped)
    spec.knowing(shut).when(record).then_refused(NotOpenForSwipes)
    spec.knowing(replace(known, activity=None)).when(record).then_refused(NotFound)


def test_a_waiting_swipe_is_settled_after_closing_but_not_after_cancelling() -> None:
    closed = replace(known, activity=replace(open_activity, standing="closed"))
    cancelled = replace(known, activity=replace(open_activity, standing="cancelled"))
    spec.given(unknown).knowing(closed).when(settle).then(swiped)
    spec.given(unknown).knowing(cancelled).when(settle).then_refused(ActivityIsCancelled)


def test_an_annulment_repeats_the_swipe_and_takes_its_date() -> None:
    spec.given(swiped).knowing("token").when(annul).then(annulled)
    spec.given(swiped, questioned).knowing("token").when(annul).then(annulled)
    spec.given(swiped, annulled).knowing("token").when(annul).then_nothing()


def test_only_a_swipe_that_counts_is_annulled() -> None:
    spec.given(unknown).knowing("token").when(annul).then_refused(SwipeStillWaits)
    spec.knowing("token").when(annul).then_refused(NotFound)


def test_a_person_counts_once_at_an_activity_whichever_cards_they_swipe() -> None:
    spec.knowing(counted).when(record).then(second_card)
    spec.given(unknown).knowing(replace(counted, holder=None)).when(settle).then(second_card)


def test_a_second_card_is_questioned_once() -> None:
    spec.given(second_card).knowing(counted).when(record).then_nothing()
    spec.given(second_card).knowing(counted).when(settle).then_nothing()
    spec.given(second_card).knowing("token").when(annul).then_nothing()


def test_a_second_card_counts_after_the_first_ones_swipe_was_annulled() -> None:
    spec.given(second_card).knowing(known).when(record).then(swiped)


def test_no_card_is_swiped_before_the_activity_was_published() -> None:
    later = replace(known, activity=replace(open_activity, published_on=date(2017, 3, 21)))
    spec.knowing(later).when(record).then_refused(SwipeBeforePublished)
    spec.knowing(replace(known, activity=replace(open_activity, published_on=DAY))).when(record).then(swiped)


@pytest.mark.parametrize(
    ("command", "body"),
    [
        (AnnulSwipe, {"activity_id": "hike", "card_number": "K1"}),
        (CorrectHandOut, {"list_id": "films", "recipient_id": "li", "quantity": 1}),
    ],
)
def test_the_reason_for_putting_right_is_a_code_word(command: Any, body: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        command_type(command).parse(body | {"reason": "借给张某"}, actor="head", today=DAY)
