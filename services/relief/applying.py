"""Applying for a grant: what a household wishes, from which fund, and how often a year."""

from dataclasses import dataclass
from datetime import date

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Actor, Fen, Household, Id, Text
from services.relief.application import ApplicationState, InHand, Paper, Unmade
from services.relief.application_events import ApplicationEvent, ApplicationMade
from services.relief.kinds import Programme
from services.relief.rules import NoSuchFund, PersonDied, not_for_oneself, not_too_often


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


class ApplicationIdTaken(Refused):
    """Another application has this id."""


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


def _says_the_same(paper: Paper, command: Apply) -> bool:
    said = (command.person_id, command.programme, command.fund_id, command.amount_fen)
    return (paper.person_id, paper.programme, paper.fund_id, paper.amount_fen) == said
