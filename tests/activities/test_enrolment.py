"""Enrolling in an activity: places, the wait list, withdrawing, not coming."""

from datetime import date
from typing import Any

from lastmile.kernel.domain.failures import NotFound
from services.activities.activity import ActivityNow
from services.activities.api import HANDLERS
from services.activities.enrolment import (
    DidNotCome,
    EnrolMember,
    EnrolmentFacts,
    EnrolmentWithdrawn,
    MarkNoShow,
    MemberEnrolled,
    MemberWaitListed,
    NoPlaceHeld,
    NoShowMarked,
    NotOpenForEnrolment,
    WithdrawEnrolment,
)
from services.activities.holding import ActivityNotHeld
from tests.activities.station import Station
from tests.spec import Spec

WHO: dict[str, Any] = {"activity_id": "hike", "person_id": "li", "occurred_on": date(2017, 3, 20)}
enrolled, waiting = MemberEnrolled(**WHO), MemberWaitListed(**WHO)
withdrawn, absent = EnrolmentWithdrawn(**WHO), NoShowMarked(**WHO)
enrol, withdraw, mark = EnrolMember(**WHO), WithdrawEnrolment(**WHO), MarkNoShow(**WHO)

published = ActivityNow("published", "hike", "spring", places=2, swipes=0)
held = ActivityNow("held", "hike", "spring", places=2, swipes=0)
one_left, none_left = EnrolmentFacts(published, ahead=1), EnrolmentFacts(published, ahead=2)
spec = Spec(HANDLERS)


def test_the_last_place_is_given_and_the_next_member_waits() -> None:
    spec.knowing(one_left).when(enrol).then(enrolled)
    spec.knowing(none_left).when(enrol).then(waiting)


def test_one_who_waits_gets_a_freed_place_on_asking_again() -> None:
    spec.given(waiting).knowing(none_left).when(enrol).then_nothing()
    spec.given(waiting).knowing(one_left).when(enrol).then(enrolled)


def test_a_member_enrols_once_and_again_after_withdrawing() -> None:
    spec.given(enrolled).knowing(one_left).when(enrol).then_nothing()
    spec.given(enrolled, withdrawn).knowing(one_left).when(enrol).then(enrolled)


def test_members_enrol_while_the_activity_is_published() -> None:
    spec.knowing(EnrolmentFacts(held, ahead=0)).when(enrol).then_refused(NotOpenForEnrolment)
    spec.knowing(EnrolmentFacts(None, ahead=0)).when(enrol).then_refused(NotFound)


def test_a_place_or_a_place_in_the_line_is_given_up() -> None:
    spec.given(enrolled).when(withdraw).then(withdrawn)
    spec.given(waiting).when(withdraw).then(withdrawn)
    spec.given(enrolled, withdrawn).when(withdraw).then_nothing()


def test_one_who_had_a_place_and_did_not_come_is_marked() -> None:
    spec.given(enrolled).knowing(held).when(mark).then(absent)
    spec.given(enrolled, absent).knowing(held).when(mark).then_nothing()
    spec.given(enrolled, absent).when(withdraw).then_refused(DidNotCome)


def test_nobody_fails_to_come_who_had_no_place_or_before_the_day() -> None:
    spec.given(waiting).knowing(held).when(mark).then_refused(NoPlaceHeld)
    spec.given(enrolled).knowing(published).when(mark).then_refused(ActivityNotHeld)


def test_places_run_out_and_a_freed_one_goes_to_whoever_waited_first(station: Station) -> None:
    station.publish(places=2)

    def enrols(person_id: str) -> str:
        station.tell("EnrolMember", activity_id="lecture", person_id=person_id, occurred_on="2017-03-10")
        return station.told()[-1][0]

    given = [enrols(person_id) for person_id in ("li", "wang", "zhao", "qian")]
    assert given == ["MemberEnrolled", "MemberEnrolled", "MemberWaitListed", "MemberWaitListed"]
    station.tell("WithdrawEnrolment", activity_id="lecture", person_id="li", occurred_on="2017-03-11")
    assert enrols("sun") == "MemberWaitListed"
    before = station.told()
    enrols("qian")
    assert station.told() == before
    assert enrols("zhao") == "MemberEnrolled"
    counts = station.ask("activity", activity_id="lecture")
    assert (counts["enrolled"], counts["wait_listed"]) == (2, 2)
