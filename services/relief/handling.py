"""Handling an application: made, visited, compared with the registers, reviewed, returned or refused."""

from dataclasses import dataclass
from datetime import date

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import (
    Actor,
    Fen,
    Household,
    Id,
    Text,
    Word,
)
from services.relief.application import (
    ApplicationEvent,
    ApplicationMade,
    ApplicationRefused,
    ApplicationResubmitted,
    ApplicationReturned,
    ApplicationReviewed,
    ApplicationState,
    Ended,
    HomeVisited,
    InHand,
    Paper,
    RegistersCompared,
    Returned,
    Reviewed,
    Unmade,
    at_another_step,
    in_hand,
    underway,
)
from services.relief.kinds import Programme
from services.relief.rules import (
    NoSuchFund,
    PersonDied,
    handled_by_another,
    not_before,
    not_for_oneself,
    not_too_often,
    reviewed_by_another,
)


@command
class Apply:
    """Enter a household's application."""

    application_id: Id
    person_id: Id
    programme: Programme
    fund_id: Id
    amount_fen: Fen
    ground: Text
    by: Actor
    by_household: Household = ()
    occurred_on: date


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
class ReviewApplication:
    """Find the application in order."""

    application_id: Id
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class ReturnApplication:
    """Send the application back to be put right."""

    application_id: Id
    reason: Word
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


@command
class RefuseApplication:
    """Refuse the application, which ends it."""

    application_id: Id
    reason: Word
    by: Actor
    by_household: Household = ()
    occurred_on: date


class ApplicationIdTaken(Refused):
    """Another application has this id."""


class NotVisitedAndCompared(Refused):
    """Before review the household is visited and found clear in the registers."""


@dataclass(frozen=True)
class ApplyFacts:
    """What an application depends on beside itself.

    The programme of the fund named, None if there is no such fund; whether the person died; how many other
    applications of the person for the programme stand in the calendar year, and how many a policy lets stand.
    """

    fund_programme: str | None
    died: bool = False
    others: int = 0
    times_a_year: int = 1


def apply(command: Apply, application: ApplicationState, facts: ApplyFacts) -> list[ApplicationEvent]:
    if isinstance(application, InHand) and not application.again and _says_the_same(application.paper, command):
        return []
    if not isinstance(application, Unmade):
        raise ApplicationIdTaken(f"the id {command.application_id} is taken", application_id=command.application_id)
    not_for_oneself(command, command.person_id)
    if facts.fund_programme != command.programme:
        raise NoSuchFund(f"there is no fund {command.fund_id} for {command.programme}", fund_id=command.fund_id)
    if facts.died:
        raise PersonDied(person_id=command.person_id)
    not_too_often(command.person_id, facts.others, facts.times_a_year)
    return [
        ApplicationMade(
            application_id=command.application_id,
            person_id=command.person_id,
            programme=command.programme,
            fund_id=command.fund_id,
            amount_fen=command.amount_fen,
            ground=command.ground,
            handled_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


def record_home_visit(command: RecordHomeVisit, application: ApplicationState) -> list[ApplicationEvent]:
    paper = in_hand(command.application_id, application).paper
    if paper.finding == command.finding:
        return []
    not_for_oneself(command, paper.person_id)
    reviewed_by_another(command.application_id, command.by, paper.reviewed_by)
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
    not_for_oneself(command, paper.person_id)
    reviewed_by_another(command.application_id, command.by, paper.reviewed_by)
    return [
        RegistersCompared(
            application_id=command.application_id,
            clear=command.clear,
            handled_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


def review_application(command: ReviewApplication, application: ApplicationState) -> list[ApplicationEvent]:
    if isinstance(application, Reviewed) and application.by == command.by:
        return []
    paper = in_hand(command.application_id, application).paper
    handled_by_another(command.application_id, command.by, paper.handled_by)
    not_for_oneself(command, paper.person_id)
    if paper.finding is None or paper.clear is not True:
        raise NotVisitedAndCompared(application_id=command.application_id)
    not_before(command.occurred_on, paper.on)
    return [
        ApplicationReviewed(
            application_id=command.application_id, reviewed_by=command.by, occurred_on=command.occurred_on
        )
    ]


def return_application(command: ReturnApplication, application: ApplicationState) -> list[ApplicationEvent]:
    if isinstance(application, Returned):
        return []
    not_for_oneself(command, underway(command.application_id, application).paper.person_id)
    return [
        ApplicationReturned(
            application_id=command.application_id,
            reason=command.reason,
            returned_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


def resubmit_application(command: ResubmitApplication, application: ApplicationState) -> list[ApplicationEvent]:
    match application:
        case Returned(paper=paper):
            not_for_oneself(command, paper.person_id)
            reviewed_by_another(command.application_id, command.by, paper.reviewed_by)
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


def refuse_application(command: RefuseApplication, application: ApplicationState) -> list[ApplicationEvent]:
    if isinstance(application, Ended):
        return []
    not_for_oneself(command, underway(command.application_id, application).paper.person_id)
    return [
        ApplicationRefused(
            application_id=command.application_id,
            reason=command.reason,
            refused_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


def _says_the_same(paper: Paper, command: Apply) -> bool:
    said = (command.person_id, command.programme, command.fund_id, command.amount_fen)
    return (paper.person_id, paper.programme, paper.fund_id, paper.amount_fen) == said
