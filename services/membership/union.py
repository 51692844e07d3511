"""A grassroots union: single, or joint with the employers it covers; founded, and ended as `dissolving.py` says."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import ClearText, Id, Text

UnionKind = Literal["single", "joint"]

# These shapes are kept for ever.


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What is written down of a union that enters the register."""

    union_id: Id
    name: Text
    kind: UnionKind
    community: Id
    occurred_on: date


@event()
class UnionRegistered(Entered):
    """A union that stood already when the station's register was opened."""


@event()
class UnionFounded(Entered):
    """A union was founded."""


@event()
class EmployerCovered:
    """A small employer came under a joint union. It is a record of that union, not a union."""

    union_id: Id
    employer_id: Id
    employer_name: Text
    occurred_on: date


@event()
class UnionDissolved:
    """A union was dissolved; its members are retained at its superior or move."""

    union_id: Id
    reason: Text
    occurred_on: date


@event()
class UnionMerged:
    """A union went up in another one."""

    union_id: Id
    into_union_id: Id
    occurred_on: date


UnionEvent = UnionRegistered | UnionFounded | EmployerCovered | UnionDissolved | UnionMerged


@dataclass(frozen=True)
class Unfounded:
    """No such union yet."""


@dataclass(frozen=True)
class Standing:
    """A union at work; `employers` are those it covers."""

    kind: UnionKind
    since: date
    employers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ended:
    """A union that was dissolved or merged."""


UnionState = Unfounded | Standing | Ended


def evolve(state: UnionState, event: UnionEvent) -> UnionState:
    match event:
        case UnionRegistered() | UnionFounded():
            return Standing(event.kind, event.occurred_on)
        case EmployerCovered():
            if not isinstance(state, Standing):
                return state
            return replace(state, employers=state.employers | {event.employer_id})
        case UnionDissolved() | UnionMerged():
            return Ended()
        case _:
            assert_never(event)


@dataclass(frozen=True, kw_only=True)
class EnterUnion:
    """What is asked of a union that enters the register."""

    union_id: Id
    name: ClearText
    kind: UnionKind
    community: Id
    occurred_on: date


@command
class RegisterUnion(EnterUnion):
    """Enter a union that stands already when the register is opened."""


@command
class FoundUnion(EnterUnion):
    """Enter a newly founded union."""


@command
class CoverEmployer:
    """Enter an employer that a joint union covers."""

    union_id: Id
    employer_id: Id
    employer_name: ClearText
    occurred_on: date


class UnionIdTaken(Refused):
    """Another union has this id."""


class UnionHasEnded(Refused):
    """The union was dissolved or merged."""


class OnlyJointUnionsCover(Refused):
    """A single union covers no other employers."""


def register_union(command: RegisterUnion, union: UnionState) -> list[UnionEvent]:
    return _enter(command, union, UnionRegistered)


def found_union(command: FoundUnion, union: UnionState) -> list[UnionEvent]:
    return _enter(command, union, UnionFounded)


def _enter(
    command: EnterUnion, union: UnionState, entered: type[UnionRegistered] | type[UnionFounded]
) -> list[UnionEvent]:
    if not isinstance(union, Unfounded):
        raise UnionIdTaken(f"the union id {command.union_id} is taken", union_id=command.union_id)
    return [
        entered(
            union_id=command.union_id,
            name=command.name,
            kind=command.kind,
            community=command.community,
            occurred_on=command.occurred_on,
        )
    ]


def cover_employer(command: CoverEmployer, union: UnionState) -> list[UnionEvent]:
    standing = standing_union(command.union_id, union)
    if standing.kind != "joint":
        raise OnlyJointUnionsCover(f"{command.union_id} is a single union", union_id=command.union_id)
    if command.employer_id in standing.employers:
        return []
    return [
        EmployerCovered(
            union_id=command.union_id,
            employer_id=command.employer_id,
            employer_name=command.employer_name,
            occurred_on=command.occurred_on,
        )
    ]


def standing_union(union_id: str, union: UnionState) -> Standing:
    match union:
        case Standing():
            return union
        case Unfounded():
            raise NotFound(f"there is no union {union_id}", union_id=union_id)
        case Ended():
            raise UnionHasEnded(f"the union {union_id} was dissolved or merged", union_id=union_id)
        case _:
            assert_never(union)


union = Aggregate("union", Unfounded(), evolve, UnionEvent)
