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
Entrance = Literal["registered", "joined", "rejoined"]
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

    import_id: Id | None = None


@event()
class MemberJoined(Admitted):
    """A worker joined a union."""

    import_id: Id | None = None


@event()
class MemberRejoined(Admitted):
    """A former member of this station joined again."""

    import_id: Id | None = None


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
class AdmissionUndone:
    """An admission from a roster that should not have been; on the day of that admission, as if it had never been.

    `former_union_id` and `former_since` are what the person was before: a former member who had joined again.
    """

    person_id: Id
    union_id: Id
    import_id: Id
    entrance: Entrance
    sex: Sex
    employment: Employment
    former_union_id: Id | None = None
    former_since: date | None = None
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
    | AdmissionUndone
    | PersonErased
)


@dataclass(frozen=True)
class Unknown:
    """Never a member at this station; `entered` if an admission was undone, whose data is kept."""

    entered: bool = False


@dataclass(frozen=True)
class Former:
    """No longer a member here."""

    since: date
    union_id: str
    dead: bool = False


@dataclass(frozen=True)
class FromRoster:
    """How a member came in by an import, and what they were before: what undoing it needs."""

    import_id: str
    entrance: Entrance
    sex: Sex
    employment: Employment
    before: Former | None = None


@dataclass(frozen=True)
class Living:
    """A member of a union here; `leaving_for` is the station that was asked to accept them."""

    union_id: str
    since: date
    leaving_for: str | None = None
    from_roster: FromRoster | None = None


@dataclass(frozen=True)
class Erased:
    """A former member whose data was erased."""


MemberState = Unknown | Living | Former | Erased


def evolve(state: MemberState, event: MemberEvent) -> MemberState:
    match event:
        case MemberRegistered() | MemberJoined() | MemberRejoined():
            return Living(event.union_id, event.occurred_on, from_roster=_from_roster(state, event))
        case MemberMovedIn():
            return Living(event.union_id, event.occurred_on)
        case MemberTransferred():
            return Living(event.to_union_id, event.occurred_on)
        case TransferRequested():
            return replace(state, leaving_for=event.to_station) if isinstance(state, Living) else state
        case MemberCorrected():
            return state
        case MemberLeft() | MemberExpelled() | MemberMovedOut():
            return Former(event.occurred_on, event.union_id)
        case MemberDied():
            return Former(event.occurred_on, event.union_id, dead=True)
        case AdmissionUndone():
            before = state.from_roster.before if isinstance(state, Living) and state.from_roster else None
            return before or Unknown(entered=True)
        case PersonErased():
            return Erased()
        case _:
            assert_never(event)


def _from_roster(state: MemberState, event: MemberRegistered | MemberJoined | MemberRejoined) -> FromRoster | None:
    if event.import_id is None:
        return None
    entrance: Entrance = "joined"
    if not isinstance(event, MemberJoined):
        entrance = "registered" if isinstance(event, MemberRegistered) else "rejoined"
    before = state if isinstance(state, Former) else None
    return FromRoster(event.import_id, entrance, event.sex, event.employment, before)


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
        AdmissionUndone,
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
