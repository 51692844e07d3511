"""Applying for a card: a first one, or one for a card that was lost; withdrawing the application."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.domain.fields import Id
from services.membership.card import (
    CardApplicationEnded,
    CardApplied,
    CardEvent,
    CardForMembersOnly,
    CardState,
    Live,
    Lost,
    NoCard,
    OneLiveCard,
)
from services.membership.dated import refuse_dated_before


@command
class ApplyForCard:
    """Apply for a member's card; again for a card that was lost."""

    person_id: Id
    occurred_on: date


@command
class WithdrawCardApplication:
    """Take an application back before the card is there."""

    person_id: Id
    occurred_on: date


@dataclass(frozen=True)
class ApplicationFacts:
    """Whether the person is a member here, and the station's next application number."""

    is_member: bool
    next_number: int


def apply_for_card(command: ApplyForCard, card: CardState, facts: ApplicationFacts) -> list[CardEvent]:
    match card:
        case Live():
            raise OneLiveCard(f"{command.person_id} has a card", person_id=command.person_id)
        case NoCard(application=int()) | Lost(application=int()):
            return []
        case NoCard() | Lost():
            if not facts.is_member:
                raise CardForMembersOnly(f"{command.person_id} is not a member of this station")
            refuse_dated_before(card.since, command.occurred_on)
            return [
                CardApplied(
                    person_id=command.person_id,
                    application_number=facts.next_number,
                    for_lost=isinstance(card, Lost),
                    occurred_on=command.occurred_on,
                )
            ]
        case _:
            assert_never(card)


def withdraw_card_application(command: WithdrawCardApplication, card: CardState) -> list[CardEvent]:
    match card:
        case NoCard(application=int(number)) | Lost(application=int(number)):
            return [
                CardApplicationEnded(
                    person_id=command.person_id,
                    application_number=number,
                    for_lost=isinstance(card, Lost),
                    reason="withdrawn",
                    occurred_on=command.occurred_on,
                )
            ]
        case NoCard() | Lost() | Live():
            raise NotFound(f"no application of {command.person_id} waits", person_id=command.person_id)
        case _:
            assert_never(card)
