"""Reviewing an application: found in order, sent back to be put right, or refused."""

from datetime import date

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Actor, Household, Id, Word
from services.relief.application import ApplicationState, Ended, Returned, Reviewed, in_hand, underway
from services.relief.application_events import (
    ApplicationEvent,
    ApplicationRefused,
    ApplicationReturned,
    ApplicationReviewed,
)
from services.relief.rules import handled_by_another, not_before, not_for_oneself


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
class RefuseApplication:
    """Refuse the application, which ends it."""

    application_id: Id
    reason: Word
    by: Actor
    by_household: Household = ()
    occurred_on: date


class NotVisitedAndCompared(Refused):
    """Before review the household is visited and found clear in the registers."""


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
