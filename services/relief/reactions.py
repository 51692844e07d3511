"""What relief does when it hears that a membership ended, and the event after which it forgets a person."""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from lastmile.kernel.domain.entry import Entry, station_of
from lastmile.kernel.domain.events import heard
from lastmile.kernel.domain.fields import Id
from lastmile.kernel.store.listening import Reaction
from services.relief.case import EndReason
from services.relief.views import applications_open


@heard("membership")
class MemberLeft:
    person_id: Id
    occurred_on: date


@heard("membership")
class MemberMovedOut:
    person_id: Id
    occurred_on: date


@heard("membership")
class MemberExpelled:
    person_id: Id
    occurred_on: date


@heard("membership")
class MemberDied:
    person_id: Id
    occurred_on: date


@heard("membership")
class PersonErased:
    person_id: Id
    occurred_on: date


def _ended(reason: EndReason) -> Any:
    def bodies(event: Any, entry: Entry, connection: Connection) -> list[dict[str, Any]]:
        return [{"person_id": event.person_id, "reason": reason, "occurred_on": event.occurred_on.isoformat()}]

    return bodies


def _on_pay_lists(event: Any, entry: Entry, connection: Connection) -> list[dict[str, Any]]:
    return _of_the_dead(event, entry, connection, ("entered",))


def _not_paid(event: Any, entry: Entry, connection: Connection) -> list[dict[str, Any]]:
    return _of_the_dead(event, entry, connection, applications_open.NOT_WITH_BANK)


def _of_the_dead(event: Any, entry: Entry, connection: Connection, states: tuple[str, ...]) -> list[dict[str, Any]]:
    found = applications_open.of_person(connection, station_of(entry.log), event.person_id, states)
    on = event.occurred_on.isoformat()
    return [{"application_id": application_id, "reason": "died", "occurred_on": on} for application_id in found]


REACTIONS = (
    Reaction("when_a_member_left", MemberLeft, "NoteMembershipEnded", _ended("left")),
    Reaction("when_a_member_moved_out", MemberMovedOut, "NoteMembershipEnded", _ended("moved")),
    Reaction("when_a_member_is_expelled", MemberExpelled, "NoteMembershipEnded", _ended("expelled")),
    Reaction("when_a_member_died", MemberDied, "NoteMembershipEnded", _ended("died")),
    Reaction("when_a_payee_died", MemberDied, "TakeOffPayList", _on_pay_lists),
    Reaction("when_an_applicant_died", MemberDied, "WithdrawApplication", _not_paid),
)
