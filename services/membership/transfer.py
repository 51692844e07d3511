"""How members move: to another union of this station, or to another station, which accepts them."""

from datetime import date
from typing import assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Id, StationCode
from services.membership.admission import Admission, Admit, MemberElsewhere, particulars
from services.membership.dated import refuse_dated_before
from services.membership.member import (
    Erased,
    Former,
    Living,
    MemberState,
    NotAMember,
    Unknown,
    living_member,
    refuse_the_dead,
    refuse_without_union,
)
from services.membership.member_events import (
    MemberEvent,
    MemberMovedIn,
    MemberMovedOut,
    MemberTransferred,
    TransferRequested,
)


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
class AcceptTransfer(Admit):
    """Accept a member from another station that asked for it."""

    from_station: StationCode


@command
class CompleteTransfer:
    """End the membership here because the other station accepted the member."""

    person_id: Id
    to_station: StationCode
    occurred_on: date


class TransferNotRequested(Refused):
    """The other station has not asked for this transfer."""


def transfer_member(command: TransferMember, member: MemberState, union_stands: bool) -> list[MemberEvent]:
    living = living_member(command.person_id, member)
    if living.union_id == command.to_union_id:
        return []
    refuse_without_union(command.to_union_id, union_stands)
    refuse_dated_before(living.since, command.occurred_on)
    return [
        MemberTransferred(
            person_id=command.person_id,
            from_union_id=living.union_id,
            to_union_id=command.to_union_id,
            occurred_on=command.occurred_on,
        )
    ]


def request_transfer(command: RequestTransfer, member: MemberState, counts_here: bool) -> list[MemberEvent]:
    living = living_member(command.person_id, member)
    if living.leaving_for == command.to_station:
        return []
    if not counts_here:
        raise NotAMember(f"another station has accepted {command.person_id} already", person_id=command.person_id)
    return [
        TransferRequested(person_id=command.person_id, to_station=command.to_station, occurred_on=command.occurred_on)
    ]


def accept_transfer(command: AcceptTransfer, member: MemberState, admission: Admission) -> list[MemberEvent]:
    if isinstance(member, Living):
        return []
    refuse_the_dead(member)
    refuse_without_union(command.union_id, admission.union_stands)
    if not admission.transfer_requested:
        raise TransferNotRequested(
            f"station {command.from_station} did not ask for this transfer", station=command.from_station
        )
    if admission.member_at != command.from_station:
        raise MemberElsewhere(
            f"this person is not a member at station {command.from_station} now", station=command.from_station
        )
    if isinstance(member, Former):
        refuse_dated_before(member.since, command.occurred_on)
    return [MemberMovedIn(from_station=command.from_station, **particulars(command, admission))]


def complete_transfer(command: CompleteTransfer, member: MemberState) -> list[MemberEvent]:
    """The other station has accepted: whatever was asked or dated here since, the member is there now."""
    match member:
        case Living(union_id=union_id, since=since):
            return [
                MemberMovedOut(
                    person_id=command.person_id,
                    union_id=union_id,
                    to_station=command.to_station,
                    occurred_on=max(command.occurred_on, since),
                )
            ]
        case Unknown() | Former() | Erased():
            return []
        case _:
            assert_never(member)
