"""Ending a union: dissolved, or merged into another one of the same station."""

from dataclasses import dataclass
from datetime import date

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import ClearText, Id
from services.membership.dated import refuse_dated_before
from services.membership.union import UnionDissolved, UnionEvent, UnionMerged, UnionState, standing_union


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


class UnionStillHasMembers(Refused):
    """Members must be transferred or retained elsewhere before a union ends."""


class NoUnionToMergeInto(Refused):
    """The union to merge into does not stand at this station."""


@dataclass(frozen=True)
class EndFacts:
    """What the end of a union depends on beside its own stream."""

    living_members: int
    target_stands: bool = True


def dissolve_union(command: DissolveUnion, union: UnionState, facts: EndFacts) -> list[UnionEvent]:
    standing = standing_union(command.union_id, union)
    _without_members(command.union_id, facts)
    refuse_dated_before(standing.since, command.occurred_on)
    return [UnionDissolved(union_id=command.union_id, reason=command.reason, occurred_on=command.occurred_on)]


def merge_union(command: MergeUnion, union: UnionState, facts: EndFacts) -> list[UnionEvent]:
    standing = standing_union(command.union_id, union)
    if not facts.target_stands or command.into_union_id == command.union_id:
        raise NoUnionToMergeInto(f"no other union {command.into_union_id} stands here", union_id=command.into_union_id)
    _without_members(command.union_id, facts)
    refuse_dated_before(standing.since, command.occurred_on)
    return [
        UnionMerged(union_id=command.union_id, into_union_id=command.into_union_id, occurred_on=command.occurred_on)
    ]


def _without_members(union_id: str, facts: EndFacts) -> None:
    if facts.living_members:
        raise UnionStillHasMembers(f"the union {union_id} still has {facts.living_members} members", union_id=union_id)
