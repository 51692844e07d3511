"""Whose aid is a person's own: as which member they stand in membership, and under whose household file they live."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Actor, ClearText, Id, Text

Kinship = Literal["self", "household"]

# These shapes are kept for ever.


@event()
class MemberLinked:
    """The person of membership is this person, or has the household file under which this person lives."""

    person_id: Id
    member_id: Id
    kinship: Kinship
    occurred_on: date


@event()
class MemberUnlinked:
    """The person of membership is not this person, nor of the same household."""

    person_id: Id
    member_id: Id
    ground: Text
    occurred_on: date


HouseholdEvent = MemberLinked | MemberUnlinked


@dataclass(frozen=True)
class OwnHousehold:
    """The persons of membership who are linked here, each with the kinship."""

    linked: frozenset[tuple[str, Kinship]] = frozenset()

    def without(self, member_id: str) -> frozenset[tuple[str, Kinship]]:
        return frozenset(link for link in self.linked if link[0] != member_id)

    @property
    def oneself(self) -> str | None:
        return next((member_id for member_id, kinship in self.linked if kinship == "self"), None)


def evolve(household: OwnHousehold, event: HouseholdEvent) -> OwnHousehold:
    match event:
        case MemberLinked():
            return OwnHousehold(household.without(event.member_id) | {(event.member_id, event.kinship)})
        case MemberUnlinked():
            return OwnHousehold(household.without(event.member_id))
        case _:
            assert_never(event)


@command
class LinkMember:
    """Say that a person of membership is this registered person, or of the same household."""

    person_id: Id
    member_id: Id
    kinship: Kinship
    occurred_on: date


@command
class UnlinkMember:
    """Say that a person of membership is neither, on a ground that is recorded."""

    person_id: Id
    member_id: Id
    ground: ClearText
    by: Actor
    occurred_on: date


class OneMemberAPerson(Refused):
    """A person is one member, and a member one person: unlink the other first."""


class OwnHouseholdUnlinked(Refused):
    """Nobody frees themselves from the rule that keeps them from aid for their own household."""


@dataclass(frozen=True)
class Kin:
    """Whether the person is registered; which other person the member is; as which member another station has them."""

    registered: bool
    member_is: str | None = None
    elsewhere: str | None = None


def link_member(command: LinkMember, household: OwnHousehold, kin: Kin) -> list[HouseholdEvent]:
    if (command.member_id, command.kinship) in household.linked:
        return []
    if not kin.registered:
        raise NotFound(f"no person {command.person_id} is registered here", person_id=command.person_id)
    if command.kinship == "self":
        if kin.member_is is not None:
            raise OneMemberAPerson(f"{command.member_id} is {kin.member_is}", person_id=kin.member_is)
        for already in (household.oneself, kin.elsewhere):
            if already not in (None, command.member_id):
                raise OneMemberAPerson(f"{command.person_id} is {already}", member_id=already)
    return [
        MemberLinked(
            person_id=command.person_id,
            member_id=command.member_id,
            kinship=command.kinship,
            occurred_on=command.occurred_on,
        )
    ]


def unlink_member(command: UnlinkMember, household: OwnHousehold) -> list[HouseholdEvent]:
    if household.without(command.member_id) == household.linked:
        return []
    if command.by == command.person_id:
        raise OwnHouseholdUnlinked(person_id=command.person_id)
    return [
        MemberUnlinked(
            person_id=command.person_id,
            member_id=command.member_id,
            ground=command.ground,
            occurred_on=command.occurred_on,
        )
    ]


household = Aggregate("household", OwnHousehold(), evolve, HouseholdEvent)
