"""How membership ends: leaving, expulsion, death; and erasing the data of a former member."""

from datetime import date
from typing import assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import ClearText, Id
from services.membership.dated import refuse_dated_before
from services.membership.member import Erased, Former, Living, MemberState, Unknown, living_member
from services.membership.member_events import MemberDied, MemberEvent, MemberExpelled, MemberLeft, PersonErased


@command
class LeaveUnion:
    """Enter that a member leaves, as they wrote."""

    person_id: Id
    occurred_on: date


@command
class ExpelMember:
    """Enter that a member is expelled by decision."""

    person_id: Id
    decision: ClearText
    occurred_on: date


@command
class RecordDeath:
    """Enter that a member died."""

    person_id: Id
    occurred_on: date


@command
class ErasePerson:
    """Erase a former member's personal data on a legal ground (PIPL, article 47)."""

    person_id: Id
    ground: ClearText
    occurred_on: date


class StillAMember(Refused):
    """The data of a living member is needed; membership must end first."""


def leave_union(command: LeaveUnion, member: MemberState) -> list[MemberEvent]:
    living = living_member(command.person_id, member)
    refuse_dated_before(living.since, command.occurred_on)
    return [MemberLeft(person_id=command.person_id, union_id=living.union_id, occurred_on=command.occurred_on)]


def expel_member(command: ExpelMember, member: MemberState) -> list[MemberEvent]:
    living = living_member(command.person_id, member)
    refuse_dated_before(living.since, command.occurred_on)
    return [
        MemberExpelled(
            person_id=command.person_id,
            union_id=living.union_id,
            decision=command.decision,
            occurred_on=command.occurred_on,
        )
    ]


def record_death(command: RecordDeath, member: MemberState) -> list[MemberEvent]:
    if isinstance(member, Former) and member.dead:
        return []
    living = living_member(command.person_id, member)
    refuse_dated_before(living.since, command.occurred_on)
    return [MemberDied(person_id=command.person_id, union_id=living.union_id, occurred_on=command.occurred_on)]


def erase_person(command: ErasePerson, member: MemberState, member_at: str | None) -> list[MemberEvent]:
    """`member_at` is the station at which the person is a member now."""
    match member:
        case Former() | Unknown(entered=True):
            if member_at is not None:
                raise StillAMember(
                    f"{command.person_id} is a member at station {member_at}", person_id=command.person_id
                )
            return [PersonErased(person_id=command.person_id, ground=command.ground, occurred_on=command.occurred_on)]
        case Erased():
            return []
        case Living():
            raise StillAMember(
                f"{command.person_id} is a member; membership must end first", person_id=command.person_id
            )
        case Unknown():
            raise NotFound(f"no person {command.person_id} was a member here", person_id=command.person_id)
        case _:
            assert_never(member)
