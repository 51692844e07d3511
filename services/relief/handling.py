"""Handling an application: the home visited, the registers compared, handed in again after it was sent back."""

from datetime import date

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.fields import Actor, Fen, Household, Id, Word
from services.relief.application import ApplicationState, InHand, Paper, Returned, at_another_step, in_hand
from services.relief.application_events import ApplicationEvent, ApplicationResubmitted, HomeVisited, RegistersCompared
from services.relief.rules import not_before, not_for_oneself, reviewed_by_another


@command
class RecordHomeVisit:
    """Enter what a visit at home found, as a code word."""

    application_id: Id
    finding: Word
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class RecordComparison:
    """Enter whether the registers are clear."""

    application_id: Id
    clear: bool
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class ResubmitApplication:
    """Hand a returned application in again."""

    application_id: Id
    amount_fen: Fen
    by: Actor
    by_household: Household = ()
    occurred_on: date


def record_home_visit(command: RecordHomeVisit, application: ApplicationState) -> list[ApplicationEvent]:
    paper = in_hand(command.application_id, application).paper
    if paper.finding == command.finding:
        return []
    _free_to_handle(command, paper)
    return [
        HomeVisited(
            application_id=command.application_id,
            finding=command.finding,
            handled_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


def record_comparison(command: RecordComparison, application: ApplicationState) -> list[ApplicationEvent]:
    paper = in_hand(command.application_id, application).paper
    if paper.clear == command.clear:
        return []
    _free_to_handle(command, paper)
    return [
        RegistersCompared(
            application_id=command.application_id,
            clear=command.clear,
            handled_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


def resubmit_application(command: ResubmitApplication, application: ApplicationState) -> list[ApplicationEvent]:
    match application:
        case Returned(paper=paper):
            _free_to_handle(command, paper)
            not_before(command.occurred_on, paper.on)
            return [
                ApplicationResubmitted(
                    application_id=command.application_id,
                    amount_fen=command.amount_fen,
                    handled_by=command.by,
                    occurred_on=command.occurred_on,
                )
            ]
        case InHand(paper=paper, again=True) if paper.amount_fen == command.amount_fen:
            return []
        case _:
            raise at_another_step(command.application_id, application)


def _free_to_handle(command: RecordHomeVisit | RecordComparison | ResubmitApplication, paper: Paper) -> None:
    not_for_oneself(command, paper.person_id)
    reviewed_by_another(command.application_id, command.by, paper.reviewed_by)
