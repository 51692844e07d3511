"""A member's enrolment (报名) in an activity: enrolled or on the wait list, withdrawn, did not come."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Id
from services.activities.activity import ActivityNow, found
from services.activities.holding import ActivityNotHeld

# These shapes are kept for ever.


@event()
class MemberEnrolled:
    """A member got a place."""

    activity_id: Id
    person_id: Id
    occurred_on: date


@event()
class MemberWaitListed:
    """No place was left; the member waits for one."""

    activity_id: Id
    person_id: Id
    occurred_on: date


@event()
class EnrolmentWithdrawn:
    """A member gave up the place, or no longer waits for one."""

    activity_id: Id
    person_id: Id
    occurred_on: date


@event()
class NoShowMarked:
    """A member who had a place did not come."""

    activity_id: Id
    person_id: Id
    occurred_on: date


EnrolmentEvent = MemberEnrolled | MemberWaitListed | EnrolmentWithdrawn | NoShowMarked


@dataclass(frozen=True)
class NotEnrolled:
    """Has no place and waits for none."""


@dataclass(frozen=True)
class Enrolled:
    """Has a place."""


@dataclass(frozen=True)
class WaitListed:
    """Waits for a place."""


@dataclass(frozen=True)
class Absent:
    """Had a place and did not come."""


EnrolmentState = NotEnrolled | Enrolled | WaitListed | Absent


def evolve(_state: EnrolmentState, event: EnrolmentEvent) -> EnrolmentState:
    match event:
        case MemberEnrolled():
            return Enrolled()
        case MemberWaitListed():
            return WaitListed()
        case EnrolmentWithdrawn():
            return NotEnrolled()
        case NoShowMarked():
            return Absent()
        case _:
            assert_never(event)


@command
class EnrolMember:
    """Give a member a place, or let them wait; asked again for one who waits, the place if there is one now."""

    activity_id: Id
    person_id: Id
    occurred_on: date


@command
class WithdrawEnrolment:
    """Enter that a member will not come."""

    activity_id: Id
    person_id: Id
    occurred_on: date


@command
class MarkNoShow:
    """Enter that a member who had a place did not come."""

    activity_id: Id
    person_id: Id
    occurred_on: date


class NotOpenForEnrolment(Refused):
    """Members enrol in published activities only."""


class NoPlaceHeld(Refused):
    """Only someone who had a place can fail to come."""


class DidNotCome(Refused):
    """Who did not come cannot withdraw afterwards."""


@dataclass(frozen=True)
class EnrolmentFacts:
    """The activity, and how many of its places are taken or awaited by those before this member."""

    activity: ActivityNow | None
    ahead: int


def enrol_member(command: EnrolMember, enrolment: EnrolmentState, facts: EnrolmentFacts) -> list[EnrolmentEvent]:
    match enrolment:
        case NotEnrolled() | WaitListed():
            activity = found(command.activity_id, facts.activity)
            if activity.standing != "published":
                raise NotOpenForEnrolment(
                    f"the activity {command.activity_id} is {activity.standing}",
                    activity_id=command.activity_id,
                )
            if facts.ahead < activity.places:
                return [
                    MemberEnrolled(
                        activity_id=command.activity_id, person_id=command.person_id, occurred_on=command.occurred_on
                    )
                ]
            return (
                []
                if isinstance(enrolment, WaitListed)
                else [
                    MemberWaitListed(
                        activity_id=command.activity_id, person_id=command.person_id, occurred_on=command.occurred_on
                    )
                ]
            )
        case Enrolled() | Absent():
            return []
        case _:
            assert_never(enrolment)


def withdraw_enrolment(command: WithdrawEnrolment, enrolment: EnrolmentState) -> list[EnrolmentEvent]:
    match enrolment:
        case Enrolled() | WaitListed():
            return [
                EnrolmentWithdrawn(
                    activity_id=command.activity_id, person_id=command.person_id, occurred_on=command.occurred_on
                )
            ]
        case NotEnrolled():
            return []
        case Absent():
            raise DidNotCome(f"{command.person_id} did not come", person_id=command.person_id)
        case _:
            assert_never(enrolment)


def mark_no_show(command: MarkNoShow, enrolment: EnrolmentState, activity: ActivityNow | None) -> list[EnrolmentEvent]:
    match enrolment:
        case Enrolled():
            if found(command.activity_id, activity).standing not in ("held", "closed"):
                raise ActivityNotHeld(f"{command.activity_id} has not been held", activity_id=command.activity_id)
            return [
                NoShowMarked(
                    activity_id=command.activity_id, person_id=command.person_id, occurred_on=command.occurred_on
                )
            ]
        case Absent():
            return []
        case NotEnrolled() | WaitListed():
            raise NoPlaceHeld(f"{command.person_id} had no place", person_id=command.person_id)
        case _:
            assert_never(enrolment)


enrolment = Aggregate("enrolment", NotEnrolled(), evolve, EnrolmentEvent)
