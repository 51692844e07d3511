"""Deciding on an application: on public notice (公示), then approved within ceiling and budget."""

from dataclasses import dataclass
from datetime import date, timedelta

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Actor, Household, Id
from services.relief.application import (
    ApplicationState,
    Approved,
    OnNotice,
    Paper,
    Reviewed,
    Unopposed,
    at_another_step,
)
from services.relief.application_events import ApplicationApproved, ApplicationEvent, NoticeClosed, NoticePublished
from services.relief.kinds import Count
from services.relief.rules import (
    PersonDied,
    not_before,
    not_for_oneself,
    not_too_often,
    prepared_by_others,
    terms_set_by_others,
    within_budget,
)


@command
class PublishNotice:
    """Put the grant on public notice."""

    application_id: Id
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class CloseNotice:
    """Enter how many objections came until the window passed."""

    application_id: Id
    objections: Count
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class ApproveApplication:
    """Approve the grant."""

    application_id: Id
    by: Actor
    by_household: Household = ()
    occurred_on: date


class NoPolicyInForce(Refused):
    """No policy of the programme is valid here on that day."""


class NoticeStillOpen(Refused):
    """The window for objections has not passed."""


class CeilingExceeded(Refused):
    """The amount is above the ceiling of the policy."""


class NoCaseOnFile(Refused):
    """Grants are for households on file."""


@dataclass(frozen=True)
class Terms:
    """The policy valid on the day: its id, ceiling, notice days and how often a year, and who stated it."""

    policy_id: str
    ceiling_fen: int
    notice_days: int
    stated_by: str | None = None
    times_a_year: int = 1


@dataclass(frozen=True)
class ApprovalFacts:
    """What an approval depends on beside the application: policy, money left and who gave it, the file.

    `approved_others` are the person's other grants under the programme in the calendar year of application.
    """

    terms: Terms | None
    budget_left_fen: int | None
    case_open: bool
    died: bool = False
    fund_opened_by: str | None = None
    approved_others: int = 0


def publish_notice(
    command: PublishNotice, application: ApplicationState, terms: Terms | None
) -> list[ApplicationEvent]:
    match application:
        case Reviewed(paper=paper):
            not_for_oneself(command, paper.person_id)
            not_before(command.occurred_on, paper.on)
            terms = _in_force(paper.programme, command.occurred_on, terms)
            return [
                NoticePublished(
                    application_id=command.application_id,
                    policy_id=terms.policy_id,
                    notice_until=command.occurred_on + timedelta(days=terms.notice_days),
                    published_by=command.by,
                    occurred_on=command.occurred_on,
                )
            ]
        case OnNotice():
            return []
        case _:
            raise at_another_step(command.application_id, application)


def close_notice(command: CloseNotice, application: ApplicationState) -> list[ApplicationEvent]:
    match application:
        case OnNotice(paper=paper, until=until):
            not_for_oneself(command, paper.person_id)
            window_passed(command.application_id, command.occurred_on, until)
            return [
                NoticeClosed(
                    application_id=command.application_id,
                    objections=command.objections,
                    closed_by=command.by,
                    occurred_on=command.occurred_on,
                )
            ]
        case Unopposed() if command.objections == 0:
            return []
        case _:
            raise at_another_step(command.application_id, application)


def approve_application(
    command: ApproveApplication, application: ApplicationState, facts: ApprovalFacts
) -> list[ApplicationEvent]:
    match application:
        case Approved(by=by) if by == command.by:
            return []
        case Unopposed(paper=paper):
            terms = _approvable(command, paper, facts)
            return [
                ApplicationApproved(
                    application_id=command.application_id,
                    person_id=paper.person_id,
                    programme=paper.programme,
                    fund_id=paper.fund_id,
                    policy_id=terms.policy_id,
                    amount_fen=paper.amount_fen,
                    approved_by=command.by,
                    occurred_on=command.occurred_on,
                )
            ]
        case OnNotice(until=until):
            raise NoticeStillOpen(f"the notice runs until {until}", application_id=command.application_id)
        case _:
            raise at_another_step(command.application_id, application)


def _approvable(command: ApproveApplication, paper: Paper, facts: ApprovalFacts) -> Terms:
    """The terms to approve under. The rules, in the order in which a chair would ask."""
    hands = paper.handled_by | paper.reviewed_by | paper.noticed_by
    prepared_by_others(command.application_id, command.by, hands)
    not_for_oneself(command, paper.person_id)
    not_before(command.occurred_on, paper.on)
    if facts.died:
        raise PersonDied(person_id=paper.person_id)
    if not facts.case_open:
        raise NoCaseOnFile(f"{paper.person_id} has no open file", person_id=paper.person_id)
    terms = _in_force(paper.programme, command.occurred_on, facts.terms)
    terms_set_by_others(command.application_id, command.by, (terms.stated_by, facts.fund_opened_by))
    not_too_often(paper.person_id, facts.approved_others, terms.times_a_year)
    within_ceiling(paper.amount_fen, terms)
    within_budget(paper.fund_id, paper.amount_fen, facts.budget_left_fen)
    return terms


def window_passed(application_id: str, day: date, until: date) -> None:
    """Refuses to close a notice while there is still time to object."""
    if day < until:
        raise NoticeStillOpen(f"the notice runs until {until}", application_id=application_id)


def within_ceiling(amount_fen: int, terms: Terms) -> None:
    """Refuses more than the policy allows for one grant."""
    if amount_fen > terms.ceiling_fen:
        raise CeilingExceeded(
            f"{amount_fen} fen is above the ceiling of {terms.ceiling_fen}", policy_id=terms.policy_id
        )


def _in_force(programme: str, day: date, terms: Terms | None) -> Terms:
    if terms is None:
        raise NoPolicyInForce(f"no policy for {programme} is valid on {day}")
    return terms
