"""A grassroots union: single, or joint with the employers it covers; founded, dissolved, merged."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import ClearText, Id, Text
from services.membership.dated import refuse_dated_before

UnionKind = Literal["single", "joint"]

# These shapes are kept for ever.


@event()
class UnionRegistered:
    """A union that stood already when the station's register was opened."""

    union_id: Id
    name: Text
    kind: UnionKind
    community: Id
    occurred_on: date


@event()
class UnionFounded:
    """A union was founded."""

    union_id: Id
    name: Text
    kind: UnionKind
    community: Id
    occurred_on: date


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


@command
class RegisterUnion:
    """Enter a union that stands already when the register is opened."""

    union_id: Id
    name: ClearText
    kind: UnionKind
    community: Id
    occurred_on: date


@command
class FoundUnion:
    """Enter a newly founded union."""

    union_id: Id
    name: ClearText
    kind: UnionKind
    community: Id
    occurred_on: date


@command
class CoverEmployer:
    """Enter an employer that a joint union covers."""

    union_id: Id
    employer_id: Id
    employer_name: ClearText
    occurred_on: date


@command
class DissolveUnion:
    """End a union."""

    union_id: Id
    reason: ClearText
    occurred_on: date


@command
class MergeUnion:
    """End a union that goes up in another one of the same station."""

    union_id: Id
    into_union_id: Id
    occurred_on: date


class UnionIdTaken(Refused):
    """Another union has this id."""


class UnionHasEnded(Refused):
    """The union was dissolved or merged."""


class OnlyJointUnionsCover(Refused):
    """A single union covers no other employers."""


class UnionStillHasMembers(Refused):
    """Members must be transferred or retained elsewhere before a union ends."""


class NoUnionToMergeInto(Refused):
    """The union to merge into does not stand at this station."""


@dataclass(frozen=True)
class EndFacts:
    """What the end of a union depends on beside its own stream."""

    living_members: int
    target_stands: bool = True


def register_union(command: RegisterUnion, union: UnionState) -> list[UnionEvent]:
    return _enter(
        union,
        UnionRegistered(
            union_id=command.union_id,
            name=command.name,
            kind=command.kind,
            community=command.community,
            occurred_on=command.occurred_on,
        ),
    )


def found_union(command: FoundUnion, union: UnionState) -> list[UnionEvent]:
    return _enter(
        union,
        UnionFounded(
            union_id=command.union_id,
            name=command.name,
            kind=command.kind,
            community=command.community,
            occurred_on=command.occurred_on,
        ),
    )


def _enter(union: UnionState, entered: UnionEvent) -> list[UnionEvent]:
    match union:
        case Unfounded():
            return [entered]
        case Standing() | Ended():
            raise UnionIdTaken(f"the union id {entered.union_id} is taken", union_id=entered.union_id)
        case _:
            assert_never(union)


def cover_employer(command: CoverEmployer, union: UnionState) -> list[UnionEvent]:
    standing = _standing(command.union_id, union)
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


def dissolve_union(command: DissolveUnion, union: UnionState, facts: EndFacts) -> list[UnionEvent]:
    standing = _standing(command.union_id, union)
    _without_members(command.union_id, facts)
    refuse_dated_before(standing.since, command.occurred_on)
    return [UnionDissolved(union_id=command.union_id, reason=command.reason, occurred_on=command.occurred_on)]


def merge_union(command: MergeUnion, union: UnionState, facts: EndFacts) -> list[UnionEvent]:
    standing = _standing(command.union_id, union)
    if not facts.target_stands or command.into_union_id == command.union_id:
        raise NoUnionToMergeInto(f"no other union {command.into_union_id} stands here", union_id=command.into_union_id)
    _without_members(command.union_id, facts)
    refuse_dated_before(standing.since, command.occurred_on)
    return [
        UnionMerged(union_id=command.union_id, into_union_id=command.into_union_id, occurred_on=command.occurred_on)
    ]


def _standing(union_id: str, union: UnionState) -> Standing:
    match union:
        case Standing():
            return union
        case Unfounded():
            raise NotFound(f"there is no union {union_id}", union_id=union_id)
        case Ended():
            raise UnionHasEnded(f"the union {union_id} was dissolved or merged", union_id=union_id)
        case _:
            assert_never(union)


def _without_members(union_id: str, facts: EndFacts) -> None:
    if facts.living_members:
        raise UnionStillHasMembers(f"the union {union_id} still has {facts.living_members} members", union_id=union_id)


union = Aggregate(
    "union",
    Unfounded(),
    evolve,
    (UnionRegistered, UnionFounded, EmployerCovered, UnionDissolved, UnionMerged),
)
