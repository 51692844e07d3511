"""How people become members: entered in the register, joining, joining again; and putting the register right."""

from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Id, Text
from services.membership.dated import refuse_dated_before
from services.membership.member import (
    Erased,
    Former,
    Living,
    MemberState,
    Unknown,
    living_member,
    refuse_the_dead,
    refuse_without_union,
)
from services.membership.member_events import (
    Employment,
    MemberCorrected,
    MemberEvent,
    MemberJoined,
    MemberRegistered,
    MemberRejoined,
    Sex,
)


@dataclass(frozen=True, kw_only=True)
class Admit:
    """What a clerk writes down of whoever becomes a member."""

    union_id: Id
    name: Text
    identity_number: Text
    phone: Text | None = None
    employment: Employment = "in_service"
    occurred_on: date


@command
class RegisterMember(Admit):
    """Enter someone who is a member already when the register is opened."""

    import_id: Id | None = None


@command
class JoinMember(Admit):
    """Enter a worker who joins; a former member of this station joins again."""

    import_id: Id | None = None


@command
class CorrectMember:
    """Put a wrong name or telephone right."""

    person_id: Id
    name: Text | None = None
    phone: Text | None = None
    occurred_on: date


class AlreadyAMember(Refused):
    """A person is a member of one union at a time."""


class ImportNotOpen(Refused):
    """Rows of a roster are entered while its import is open."""


class MemberElsewhere(Refused):
    """The person is a member at another station: ask that station for a transfer."""


@dataclass(frozen=True)
class Admission:
    """What an admission depends on: who it is, and what the views know under the lock."""

    person_id: str
    sex: Sex
    birth_year: int
    union_stands: bool
    member_at: str | None = None
    transfer_requested: bool = False
    import_open: bool = False


def register_member(command: RegisterMember, member: MemberState, admission: Admission) -> list[MemberEvent]:
    _admissible(command.union_id, member, admission)
    _refuse_closed(command.import_id, admission)
    if not isinstance(member, Unknown):
        raise AlreadyAMember("the register of this station knows this person already; use JoinMember")
    return [MemberRegistered(**particulars(command, admission), import_id=command.import_id)]


def join_member(command: JoinMember, member: MemberState, admission: Admission) -> list[MemberEvent]:
    _admissible(command.union_id, member, admission)
    _refuse_closed(command.import_id, admission)
    if isinstance(member, Former):
        refuse_dated_before(member.since, command.occurred_on)
    joined = MemberJoined if isinstance(member, Unknown) else MemberRejoined
    return [joined(**particulars(command, admission), import_id=command.import_id)]


def correct_member(command: CorrectMember, member: MemberState) -> list[MemberEvent]:
    living_member(command.person_id, member)
    if command.name is None and command.phone is None:
        return []
    return [
        MemberCorrected(
            person_id=command.person_id,
            name=command.name,
            phone=command.phone,
            occurred_on=command.occurred_on,
        )
    ]


def particulars(command: Admit, admission: Admission) -> dict[str, Any]:
    return {
        "person_id": admission.person_id,
        "union_id": command.union_id,
        "name": command.name,
        "identity_number": command.identity_number,
        "phone": command.phone,
        "sex": admission.sex,
        "birth_year": admission.birth_year,
        "employment": command.employment,
        "occurred_on": command.occurred_on,
    }


def _refuse_closed(import_id: str | None, admission: Admission) -> None:
    if import_id is not None and not admission.import_open:
        raise ImportNotOpen(f"the import {import_id} was not opened, or was undone", import_id=import_id)


def _admissible(union_id: str, member: MemberState, admission: Admission) -> None:
    match member:
        case Living():
            raise AlreadyAMember("this person is a member of this station already", person_id=admission.person_id)
        case Unknown() | Former() | Erased():
            refuse_the_dead(member)
        case _:
            assert_never(member)
    if admission.member_at:
        raise MemberElsewhere(f"this person is a member at station {admission.member_at}; ask it for a transfer")
    refuse_without_union(union_id, admission.union_stands)
