"""Giving a card out, reporting it lost, replacing it, and taking it back when the membership ends."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Id
from services.membership.card import (
    CardApplicationEnded,
    CardEvent,
    CardForMembersOnly,
    CardIssued,
    CardLost,
    CardReplaced,
    CardState,
    CardUnbound,
    Live,
    Lost,
    NoCard,
    OneLiveCard,
    UnbindReason,
)
from services.membership.dated import refuse_dated_before


@command
class IssueCard:
    """Enter the number of the card that a member got."""

    person_id: Id
    card_number: Id
    occurred_on: date


@command
class ReportCardLost:
    """Enter that a member lost the card."""

    person_id: Id
    occurred_on: date


@command
class ReplaceCard:
    """Enter the number of the card that replaces a lost one."""

    person_id: Id
    card_number: Id
    occurred_on: date


@command
class UnbindCard:
    """Take the live card from someone whose membership ended."""

    person_id: Id
    reason: UnbindReason
    occurred_on: date


class CardNumberTaken(Refused):
    """The card is another member's."""


class NoLostCard(Refused):
    """Only a card that was reported lost is replaced."""


@dataclass(frozen=True)
class CardFacts:
    """The card's token, whether the person is a member here, and whether another member has this card."""

    card_token: str
    is_member: bool
    taken: bool


def issue_card(command: IssueCard, card: CardState, facts: CardFacts) -> list[CardEvent]:
    match card:
        case Live(card_token=card_token) if card_token == facts.card_token:
            return []
        case Live() | Lost():
            raise OneLiveCard(
                f"{command.person_id} has a card; report it lost and replace it", person_id=command.person_id
            )
        case NoCard(since=since):
            _free_for_member(command.person_id, facts)
            refuse_dated_before(since, command.occurred_on)
            return [
                CardIssued(
                    person_id=command.person_id,
                    card_token=facts.card_token,
                    card_number=command.card_number,
                    occurred_on=command.occurred_on,
                )
            ]
        case _:
            assert_never(card)


def report_card_lost(command: ReportCardLost, card: CardState) -> list[CardEvent]:
    match card:
        case Live(card_token=card_token, since=since):
            refuse_dated_before(since, command.occurred_on)
            return [CardLost(person_id=command.person_id, card_token=card_token, occurred_on=command.occurred_on)]
        case Lost():
            return []
        case NoCard():
            raise NotFound(f"{command.person_id} has no card", person_id=command.person_id)
        case _:
            assert_never(card)


def replace_card(command: ReplaceCard, card: CardState, facts: CardFacts) -> list[CardEvent]:
    match card:
        case Live(card_token=card_token) if card_token == facts.card_token:
            return []
        case Lost(since=since):
            _free_for_member(command.person_id, facts)
            refuse_dated_before(since, command.occurred_on)
            return [
                CardReplaced(
                    person_id=command.person_id,
                    card_token=facts.card_token,
                    card_number=command.card_number,
                    occurred_on=command.occurred_on,
                )
            ]
        case Live() | NoCard():
            raise NoLostCard(f"{command.person_id} has not reported a card lost", person_id=command.person_id)
        case _:
            assert_never(card)


def unbind_card(command: UnbindCard, card: CardState) -> list[CardEvent]:
    """A membership that ended before the card was given out takes the card on the day it was given out.

    What was only applied for comes to nothing.
    """
    match card:
        case Live(card_token=card_token, since=since):
            return [
                CardUnbound(
                    person_id=command.person_id,
                    card_token=card_token,
                    reason=command.reason,
                    occurred_on=max(command.occurred_on, since),
                )
            ]
        case Lost(application=int(number)) | NoCard(application=int(number)):
            return [
                CardApplicationEnded(
                    person_id=command.person_id,
                    application_number=number,
                    for_lost=isinstance(card, Lost),
                    reason=command.reason,
                    occurred_on=command.occurred_on,
                )
            ]
        case Lost() | NoCard():
            return []
        case _:
            assert_never(card)


def _free_for_member(person_id: str, facts: CardFacts) -> None:
    if not facts.is_member:
        raise CardForMembersOnly(f"{person_id} is not a member of this station", person_id=person_id)
    if facts.taken:
        raise CardNumberTaken("this card number is another member's", person_id=person_id)
