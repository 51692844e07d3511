"""The station's staff: who is in post at the service station and at the accounting centre."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Id
from services.membership.dated import refuse_dated_before

Office = Literal["service_station", "accounting_centre"]

# These shapes are kept for ever.


@event()
class StaffAppointed:
    """Someone took up a post."""

    staff_id: Id
    office: Office
    occurred_on: date


@event()
class StaffReleased:
    """Someone left the post."""

    staff_id: Id
    office: Office
    occurred_on: date


StaffEvent = StaffAppointed | StaffReleased


@dataclass(frozen=True)
class Away:
    """Not in post."""

    since: date | None = None


@dataclass(frozen=True)
class InPost:
    """In post at an office."""

    office: Office
    since: date


StaffState = Away | InPost


def evolve(state: StaffState, event: StaffEvent) -> StaffState:
    match event:
        case StaffAppointed():
            return InPost(event.office, event.occurred_on)
        case StaffReleased():
            return Away(event.occurred_on)
        case _:
            assert_never(event)


@command
class AppointStaff:
    """Enter that someone took up a post."""

    staff_id: Id
    office: Office
    occurred_on: date


@command
class ReleaseStaff:
    """Enter that someone left their post."""

    staff_id: Id
    occurred_on: date


class InAnotherPost(Refused):
    """One person has one post: release them from the other first."""


def appoint_staff(command: AppointStaff, staff: StaffState) -> list[StaffEvent]:
    match staff:
        case Away(since=since):
            refuse_dated_before(since, command.occurred_on)
            return [StaffAppointed(staff_id=command.staff_id, office=command.office, occurred_on=command.occurred_on)]
        case InPost(office=office):
            if office != command.office:
                raise InAnotherPost(f"{command.staff_id} is in post at the {office}", staff_id=command.staff_id)
            return []
        case _:
            assert_never(staff)


def release_staff(command: ReleaseStaff, staff: StaffState) -> list[StaffEvent]:
    match staff:
        case InPost(office=office, since=since):
            refuse_dated_before(since, command.occurred_on)
            return [StaffReleased(staff_id=command.staff_id, office=office, occurred_on=command.occurred_on)]
        case Away():
            return []
        case _:
            assert_never(staff)


staff = Aggregate("staff", Away(), evolve, StaffEvent)
