"""A person's membership at this station: what can have happened to it, and what it is then.

How members come in stands in `admission.py`, how they move in `transfer.py`, how membership ends in `ending.py`.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Id, Sealed, StationCode, Text

Sex = Literal["female", "male"]
Employment = Literal["in_service", "retired", "unemployed"]
Identifying = Annotated[str, Sealed("identity")]

# These shapes are kept for ever.


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """What is written down of whoever becomes a member, however that comes about."""

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
class MemberRegistered(Admitted):
    """A member who was one already when the station's register was opened."""


@event()
class MemberJoined(Admitted):
    """A worker joined a union."""


@event()
class MemberRejoined(Admitted):
    """A former member of this station joined again."""


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
class MemberMovedIn(Admitted):
    """This station accepted a member from another one."""

    from_station: StationCode


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
    since: date
    leaving_for: str | None = None


@dataclass(frozen=True)
class Former:
    """No longer a member here."""

    since: date
    dead: bool = False


@dataclass(frozen=True)
class Erased:
    """A former member whose data was erased."""


MemberState = Unknown | Living | Former | Erased


def evolve(state: MemberState, event: MemberEvent) -> MemberState:
    match event:
        case MemberRegistered() | MemberJoined() | MemberRejoined() | MemberMovedIn():
            return Living(event.union_id, event.occurred_on)
        case MemberTransferred():
            return Living(event.to_union_id, event.occurred_on)
        case TransferRequested():
            return replace(state, leaving_for=event.to_station) if isinstance(state, Living) else state
        case MemberCorrected():
            return state
        case MemberLeft() | MemberExpelled() | MemberMovedOut():
            return Former(event.occurred_on)
        case MemberDied():
            return Former(event.occurred_on, dead=True)
        case PersonErased():
            return Erased()
        case _:
            assert_never(event)


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


class NotAMember(Refused):
    """The person is not a member here now."""


class NoSuchUnion(Refused):
    """The union does not stand at this station."""


class PersonDied(Refused):
    """The register says that this person died."""


class AnErasedPerson(Refused):
    """The person's data was erased."""


def living_member(person_id: str, member: MemberState) -> Living:
    match member:
        case Living():
            return member
        case Unknown():
            raise NotFound(f"no person {person_id} is in the register of this station", person_id=person_id)
        case Former() | Erased():
            raise NotAMember(f"{person_id} is not a member now", person_id=person_id)
        case _:
            assert_never(member)


def refuse_the_dead(member: MemberState) -> None:
    if isinstance(member, Erased):
        raise AnErasedPerson("this person's data was erased")
    if isinstance(member, Former) and member.dead:
        raise PersonDied("the register says that this person died")


def refuse_without_union(union_id: str, stands: bool) -> None:
    if not stands:
        raise NoSuchUnion(f"no union {union_id} stands at this station", union_id=union_id)
