"""A household's case file (一户一档): opened, exited as `exiting.py` says; it hears when the membership ends."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Actor, Household, Id, Quantity, Text, Word
from services.relief.kinds import Category, Hardship
from services.relief.rules import PersonDied, not_for_oneself

EndReason = Literal["left", "moved", "expelled", "died"]

# These shapes are kept for ever.


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What is written down of a household on file."""

    person_id: Id
    category: Category
    persons: Quantity
    illness: Hardship | None = None
    family: Hardship | None = None
    occurred_on: date


@event()
class CaseRegistered(Entered):
    """A file that was there already when the station's register was opened."""


@event()
class CaseOpened(Entered):
    """A file was opened, for the first time or again."""


@event()
class ExitPlanned:
    """The household is to be lifted out of hardship (脱困) by a day."""

    person_id: Id
    exit_by: date
    occurred_on: date


@event()
class ExitPlanWithdrawn:
    """The plan was given up, or another one took its place."""

    person_id: Id
    reason: Word
    occurred_on: date


@event()
class CaseExited:
    """The household left the register of hardship."""

    person_id: Id
    category: Category
    persons: Quantity
    reason: Word
    occurred_on: date


@event()
class CaseMembershipEnded:
    """The membership of the person on file ended."""

    person_id: Id
    category: Category
    reason: EndReason
    occurred_on: date


@event()
class DeathNoted:
    """A person without a file died: none is opened for them."""

    person_id: Id
    occurred_on: date


CaseEvent = (
    CaseRegistered | CaseOpened | ExitPlanned | ExitPlanWithdrawn | CaseExited | CaseMembershipEnded | DeathNoted
)


@dataclass(frozen=True)
class NoFile:
    """No file of this person, who may have died."""

    died: bool = False


@dataclass(frozen=True)
class OnFile:
    """A file, open or exited; `ended` is why and when the membership ended last."""

    category: Category
    persons: int
    open: bool = True
    exit_by: date | None = None
    ended: tuple[EndReason, date] | None = None

    @property
    def died(self) -> bool:
        return self.ended is not None and self.ended[0] == "died"


CaseState = NoFile | OnFile


def evolve(case: CaseState, event: CaseEvent) -> CaseState:
    match event:
        case CaseRegistered() | CaseOpened():
            return OnFile(event.category, event.persons)
        case ExitPlanned():
            return replace(case, exit_by=event.exit_by) if isinstance(case, OnFile) else case
        case ExitPlanWithdrawn():
            return replace(case, exit_by=None) if isinstance(case, OnFile) else case
        case CaseExited():
            return replace(case, open=False, exit_by=None) if isinstance(case, OnFile) else case
        case CaseMembershipEnded():
            return replace(case, ended=(event.reason, event.occurred_on)) if isinstance(case, OnFile) else case
        case DeathNoted():
            return NoFile(died=True) if isinstance(case, NoFile) else case
        case _:
            assert_never(event)


@dataclass(frozen=True, kw_only=True)
class EnterCase:
    """What is asked of a household that is entered."""

    person_id: Id
    category: Category
    persons: Quantity
    illness: Text | None = None
    family: Text | None = None
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class RegisterCase(EnterCase):
    """Enter a file that is there already when the register is opened."""


@command
class OpenCase(EnterCase):
    """Open a file; a household that exited may return."""


@command
class NoteMembershipEnded:
    """Enter that the membership of someone on file ended, or that somebody died, on file or not."""

    person_id: Id
    reason: EndReason
    occurred_on: date


class OneFileAHousehold(Refused):
    """The person has an open file with other particulars."""


def register_case(command: RegisterCase, case: CaseState) -> list[CaseEvent]:
    return _enter(command, case, CaseRegistered)


def open_case(command: OpenCase, case: CaseState) -> list[CaseEvent]:
    return _enter(command, case, CaseOpened)


def note_membership_ended(command: NoteMembershipEnded, case: CaseState) -> list[CaseEvent]:
    match case:
        case OnFile() if case.died or case.ended == (command.reason, command.occurred_on):
            return []
        case OnFile(category=category):
            return [
                CaseMembershipEnded(
                    person_id=command.person_id,
                    category=category,
                    reason=command.reason,
                    occurred_on=command.occurred_on,
                )
            ]
        case NoFile(died=False) if command.reason == "died":
            return [DeathNoted(person_id=command.person_id, occurred_on=command.occurred_on)]
        case NoFile():
            return []
        case _:
            assert_never(case)


def _enter(command: EnterCase, case: CaseState, entered: type[CaseRegistered] | type[CaseOpened]) -> list[CaseEvent]:
    if isinstance(case, OnFile) and case.open:
        if (case.category, case.persons) != (command.category, command.persons):
            raise OneFileAHousehold(f"{command.person_id} has an open file", person_id=command.person_id)
        return []
    if case.died:
        raise PersonDied(person_id=command.person_id)
    not_for_oneself(command, command.person_id)
    return [
        entered(
            person_id=command.person_id,
            category=command.category,
            persons=command.persons,
            illness=command.illness,
            family=command.family,
            occurred_on=command.occurred_on,
        )
    ]


case = Aggregate("case", NoFile(), evolve, CaseEvent)
