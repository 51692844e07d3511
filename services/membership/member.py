"""A person's membership at this station: what it is after what happened to it.

How members come in stands in `admission.py`, how they move in `transfer.py`, how membership ends in `ending.py`.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.failures import NotFound, Refused
from services.membership.member_events import (
    AdmissionUndone,
    Employment,
    Entrance,
    MemberCorrected,
    MemberDied,
    MemberEvent,
    MemberExpelled,
    MemberJoined,
    MemberLeft,
    MemberMovedIn,
    MemberMovedOut,
    MemberRegistered,
    MemberRejoined,
    MemberTransferred,
    PersonErased,
    Sex,
    TransferRequested,
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


member = Aggregate("member", Unknown(), evolve, MemberEvent)


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
