"""A person's membership at this station: entered, joined, moved, left, expelled, ended by death, joined again."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Id, Sealed, StationCode, Text

Sex = Literal["female", "male"]
Employment = Literal["in_service", "retired", "unemployed"]
Identifying = Annotated[str, Sealed("identity")]

# These shapes are kept for ever.


@event()
class MemberRegistered:
    """A member who was one already when the station's register was opened."""

    person_id: Id
    union_id: Id
    name: Identifying
    identity_number: Identifying
    phone: Identifying | None = None
    sex: Sex
    birth_year: int
    employment: Employment
    occurred_on: date


@event()
class MemberJoined:
    """A worker joined a union."""

    person_id: Id
    union_id: Id
    name: Identifying
    identity_number: Identifying
    phone: Identifying | None = None
    sex: Sex
    birth_year: int
    employment: Employment
    occurred_on: date


@event()
class MemberRejoined:
    """A former member of this station joined again."""

    person_id: Id
    union_id: Id
    name: Identifying
    identity_number: Identifying
    phone: Identifying | None = None
    sex: Sex
    birth_year: int
    employment: Employment
    occurred_on: date


@event()
class MemberCorrected:
    """The name or telephone that stood in the register was wrong."""

    person_id: Id
    name: Identifying | None = None
    phone: Identifying | None = None
    occurred_on: date


@event()
class MemberTransferred:
    """A member moved to another union of this station."""

    person_id: Id
    from_union_id: Id
    to_union_id: Id
    occurred_on: date


@event()
class TransferRequested:
    """A member asked to move to another station; the member counts here until accepted there."""

    person_id: Id
    to_station: StationCode
    occurred_on: date


@event()
class MemberMovedIn:
    """This station accepted a member from another one."""

    person_id: Id
    union_id: Id
    from_station: StationCode
    name: Identifying
    identity_number: Identifying
    phone: Identifying | None = None
    sex: Sex
    birth_year: int
    employment: Employment
    occurred_on: date


@event()
class MemberMovedOut:
    """Another station accepted this station's member, on this day."""

    person_id: Id
    union_id: Id
    to_station: StationCode
    occurred_on: date


@event()
class MemberLeft:
    """A member left of their own will."""

    person_id: Id
    union_id: Id
    occurred_on: date


@event()
class MemberExpelled:
    """A member was expelled by decision."""

    person_id: Id
    union_id: Id
    decision: Text
    occurred_on: date


@event()
class MemberDied:
    """A member died."""

    person_id: Id
    union_id: Id
    occurred_on: date


@event()
class PersonErased:
    """The person's data must no longer be readable; their keys are destroyed because of this."""

    person_id: Id
    ground: Text
    occurred_on: date


MemberEvent = (
    MemberRegistered
    | MemberJoined
    | MemberRejoined
    | MemberCorrected
    | MemberTransferred
    | TransferRequested
    | MemberMovedIn
    | MemberMovedOut
    | MemberLeft
    | MemberExpelled
    | MemberDied
    | PersonErased
)


@dataclass(frozen=True)
class Unknown:
    """Never a member at this station."""


@dataclass(frozen=True)
class Living:
    """A member of a union here; `leaving_for` is the station that was asked to accept them."""

    union_id: str
    leaving_for: str | None = None


@dataclass(frozen=True)
class Former:
    """No longer a member here."""

    dead: bool = False


@dataclass(frozen=True)
class Erased:
    """A former member whose data was erased."""


MemberState = Unknown | Living | Former | Erased


def evolve(state: MemberState, event: MemberEvent) -> MemberState:
    match event:
        case MemberRegistered() | MemberJoined() | MemberRejoined() | MemberMovedIn():
            return Living(event.union_id)
        case MemberTransferred():
            return Living(event.to_union_id)
        case TransferRequested():
            return Living(state.union_id, event.to_station) if isinstance(state, Living) else state
        case MemberCorrected():
            return state
        case MemberLeft() | MemberExpelled() | MemberMovedOut():
            return Former()
        case MemberDied():
            return Former(dead=True)
        case PersonErased():
            return Erased()
        case _:
            assert_never(event)


@command
class RegisterMember:
    """Enter someone who is a member already when the register is opened."""

    union_id: Id
    name: Text
    identity_number: Text
    phone: Text | None = None
    employment: Employment = "in_service"
    occurred_on: date


@command
class JoinMember:
    """Enter a worker who joins; a former member of this station joins again."""

    union_id: Id
    name: Text
    identity_number: Text
    phone: Text | None = None
    employment: Employment = "in_service"
    occurred_on: date


@command
class CorrectMember:
    """Put a wrong name or telephone right."""

    person_id: Id
    name: Text | None = None
    phone: Text | None = None
    occurred_on: date


@command
class TransferMember:
    """Move a member to another union of this station."""

    person_id: Id
    to_union_id: Id
    occurred_on: date


@command
class RequestTransfer:
    """Ask another station to accept a member."""

    person_id: Id
    to_station: StationCode
    occurred_on: date


@command
class AcceptTransfer:
    """Accept a member from another station that asked for it."""

    union_id: Id
    from_station: StationCode
    name: Text
    identity_number: Text
    phone: Text | None = None
    employment: Employment = "in_service"
    occurred_on: date


@command
class CompleteTransfer:
    """End the membership here because the other station accepted the member."""

    person_id: Id
    to_station: StationCode
    occurred_on: date


@command
class LeaveUnion:
    """Enter that a member leaves, as they wrote."""

    person_id: Id
    occurred_on: date


@command
class ExpelMember:
    """Enter that a member is expelled by decision."""

    person_id: Id
    decision: Text
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
    ground: Text
    occurred_on: date


class AlreadyAMember(Refused):
    """A person is a member of one union at a time."""


class MemberElsewhere(Refused):
    """The person is a member at another station: ask that station for a transfer."""


class NotAMember(Refused):
    """The person is not a member here now."""


class NoSuchUnion(Refused):
    """The union does not stand at this station."""


class TransferNotRequested(Refused):
    """The other station has not asked for this transfer."""


class StillAMember(Refused):
    """The data of a living member is needed; membership must end first."""


class PersonDied(Refused):
    """The register says that this person died."""


class AnErasedPerson(Refused):
    """The person's data was erased."""


@dataclass(frozen=True)
class Admission:
    """What an admission depends on: who it is, and what the views know under the lock."""

    person_id: str
    sex: Sex
    birth_year: int
    union_stands: bool
    member_at: str | None = None
    transfer_requested: bool = False


def register_member(command: RegisterMember, member: MemberState, admission: Admission) -> list[MemberEvent]:
    _admissible(command.union_id, member, admission)
    if not isinstance(member, Unknown):
        raise AlreadyAMember("the register of this station knows this person already; use JoinMember")
    return [
        MemberRegistered(
            person_id=admission.person_id,
            union_id=command.union_id,
            name=command.name,
            identity_number=command.identity_number,
            phone=command.phone,
            sex=admission.sex,
            birth_year=admission.birth_year,
            employment=command.employment,
            occurred_on=command.occurred_on,
        )
    ]


def join_member(command: JoinMember, member: MemberState, admission: Admission) -> list[MemberEvent]:
    _admissible(command.union_id, member, admission)
    joined = MemberJoined if isinstance(member, Unknown) else MemberRejoined
    return [
        joined(
            person_id=admission.person_id,
            union_id=command.union_id,
            name=command.name,
            identity_number=command.identity_number,
            phone=command.phone,
            sex=admission.sex,
            birth_year=admission.birth_year,
            employment=command.employment,
            occurred_on=command.occurred_on,
        )
    ]


def accept_transfer(command: AcceptTransfer, member: MemberState, admission: Admission) -> list[MemberEvent]:
    if isinstance(member, Living):
        return []
    _alive(member)
    _union_stands(command.union_id, admission.union_stands)
    if not admission.transfer_requested:
        raise TransferNotRequested(
            f"station {command.from_station} did not ask for this transfer", station=command.from_station
        )
    return [
        MemberMovedIn(
            person_id=admission.person_id,
            union_id=command.union_id,
            from_station=command.from_station,
            name=command.name,
            identity_number=command.identity_number,
            phone=command.phone,
            sex=admission.sex,
            birth_year=admission.birth_year,
            employment=command.employment,
            occurred_on=command.occurred_on,
        )
    ]


def correct_member(command: CorrectMember, member: MemberState) -> list[MemberEvent]:
    _living(command.person_id, member)
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


def transfer_member(command: TransferMember, member: MemberState, union_stands: bool) -> list[MemberEvent]:
    living = _living(command.person_id, member)
    if living.union_id == command.to_union_id:
        return []
    _union_stands(command.to_union_id, union_stands)
    return [
        MemberTransferred(
            person_id=command.person_id,
            from_union_id=living.union_id,
            to_union_id=command.to_union_id,
            occurred_on=command.occurred_on,
        )
    ]


def request_transfer(command: RequestTransfer, member: MemberState) -> list[MemberEvent]:
    living = _living(command.person_id, member)
    if living.leaving_for == command.to_station:
        return []
    return [
        TransferRequested(person_id=command.person_id, to_station=command.to_station, occurred_on=command.occurred_on)
    ]


def complete_transfer(command: CompleteTransfer, member: MemberState) -> list[MemberEvent]:
    match member:
        case Living(union_id=union_id, leaving_for=leaving_for) if leaving_for == command.to_station:
            return [
                MemberMovedOut(
                    person_id=command.person_id,
                    union_id=union_id,
                    to_station=command.to_station,
                    occurred_on=command.occurred_on,
                )
            ]
        case Living():
            raise TransferNotRequested(f"no transfer to station {command.to_station} was requested")
        case Unknown() | Former() | Erased():
            return []
        case _:
            assert_never(member)


def leave_union(command: LeaveUnion, member: MemberState) -> list[MemberEvent]:
    living = _living(command.person_id, member)
    return [MemberLeft(person_id=command.person_id, union_id=living.union_id, occurred_on=command.occurred_on)]


def expel_member(command: ExpelMember, member: MemberState) -> list[MemberEvent]:
    living = _living(command.person_id, member)
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
    living = _living(command.person_id, member)
    return [MemberDied(person_id=command.person_id, union_id=living.union_id, occurred_on=command.occurred_on)]


def erase_person(command: ErasePerson, member: MemberState) -> list[MemberEvent]:
    match member:
        case Former():
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


def _admissible(union_id: str, member: MemberState, admission: Admission) -> None:
    match member:
        case Living():
            raise AlreadyAMember("this person is a member of this station already", person_id=admission.person_id)
        case Unknown() | Former() | Erased():
            _alive(member)
        case _:
            assert_never(member)
    if admission.member_at:
        raise MemberElsewhere(f"this person is a member at station {admission.member_at}; ask it for a transfer")
    _union_stands(union_id, admission.union_stands)


def _alive(member: MemberState) -> None:
    if isinstance(member, Erased):
        raise AnErasedPerson("this person's data was erased")
    if isinstance(member, Former) and member.dead:
        raise PersonDied("the register says that this person died")


def _union_stands(union_id: str, stands: bool) -> None:
    if not stands:
        raise NoSuchUnion(f"no union {union_id} stands at this station", union_id=union_id)


def _living(person_id: str, member: MemberState) -> Living:
    match member:
        case Living():
            return member
        case Unknown():
            raise NotFound(f"no person {person_id} is in the register of this station", person_id=person_id)
        case Former() | Erased():
            raise NotAMember(f"{person_id} is not a member now", person_id=person_id)
        case _:
            assert_never(member)


member = Aggregate(
    "member",
    Unknown(),
    evolve,
    (
        MemberRegistered,
        MemberJoined,
        MemberRejoined,
        MemberCorrected,
        MemberTransferred,
        TransferRequested,
        MemberMovedIn,
        MemberMovedOut,
        MemberLeft,
        MemberExpelled,
        MemberDied,
        PersonErased,
    ),
)
