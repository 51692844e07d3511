"""Leaving the register of hardship (脱困): an exit planned, the plan given up, the exit."""

from datetime import date

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Actor, Household, Id, Word
from services.relief.case import CaseEvent, CaseExited, CaseState, ExitPlanned, ExitPlanWithdrawn, NoFile, OnFile
from services.relief.rules import not_for_oneself


@command
class PlanExit:
    """Plan by when the household is to be out of hardship; a plan with another day takes the place of the first."""

    person_id: Id
    exit_by: date
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class WithdrawExitPlan:
    """Give the plan up."""

    person_id: Id
    reason: Word
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class ExitCase:
    """Enter that the household left the register of hardship."""

    person_id: Id
    reason: Word
    by: Actor
    by_household: Household = ()
    occurred_on: date


class CaseHasExited(Refused):
    """The household left the register of hardship; open the file again first."""


class ExitBeforePlan(Refused):
    """An exit is planned for a day to come."""


def plan_exit(command: PlanExit, case: CaseState) -> list[CaseEvent]:
    file = _open(command.person_id, case)
    if file.exit_by == command.exit_by:
        return []
    not_for_oneself(command, command.person_id)
    if command.exit_by < command.occurred_on:
        raise ExitBeforePlan(f"{command.exit_by} is before {command.occurred_on}", person_id=command.person_id)
    planned = ExitPlanned(person_id=command.person_id, exit_by=command.exit_by, occurred_on=command.occurred_on)
    if file.exit_by is None:
        return [planned]
    # Whoever counts plans must see the first one end.
    return [_withdrawn(command.person_id, "planned_anew", command.occurred_on), planned]


def withdraw_exit_plan(command: WithdrawExitPlan, case: CaseState) -> list[CaseEvent]:
    if _open(command.person_id, case).exit_by is None:
        return []
    not_for_oneself(command, command.person_id)
    return [_withdrawn(command.person_id, command.reason, command.occurred_on)]


def exit_case(command: ExitCase, case: CaseState) -> list[CaseEvent]:
    file = _on_file(command.person_id, case)
    if not file.open:
        return []
    not_for_oneself(command, command.person_id)
    return [
        CaseExited(
            person_id=command.person_id,
            category=file.category,
            persons=file.persons,
            reason=command.reason,
            occurred_on=command.occurred_on,
        )
    ]


def _withdrawn(person_id: str, reason: str, occurred_on: date) -> ExitPlanWithdrawn:
    return ExitPlanWithdrawn(person_id=person_id, reason=reason, occurred_on=occurred_on)


def _on_file(person_id: str, case: CaseState) -> OnFile:
    if isinstance(case, NoFile):
        raise NotFound(f"{person_id} has no file here", person_id=person_id)
    return case


def _open(person_id: str, case: CaseState) -> OnFile:
    file = _on_file(person_id, case)
    if not file.open:
        raise CaseHasExited(f"{person_id} left the register of hardship", person_id=person_id)
    return file
