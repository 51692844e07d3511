"""A member's mutual-aid service card (互助服务卡): issued, lost, replaced, unbound; one live card a member."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Id, Quantity, Sealed
from services.membership.dated import refuse_dated_before

UnbindReason = Literal["left", "moved", "expelled", "died", "retired"]
EndReason = Literal["withdrawn", "left", "moved", "expelled", "died", "retired"]
CardNumber = Annotated[str, Sealed("card")]

# These shapes are kept for ever. `card_token` is a keyed hash of the number, by which swipes find the card.


@event()
class CardIssued:
    """A member's first card, or the first one after an earlier was unbound."""

    person_id: Id
    card_token: Id
    card_number: CardNumber
    occurred_on: date


@event()
class CardLost:
    """A member reported the card lost; it is no longer live."""

    person_id: Id
    card_token: Id
    occurred_on: date


@event()
class CardReplaced:
    """A member got a new card for the lost one."""

    person_id: Id
    card_token: Id
    card_number: CardNumber
    occurred_on: date


@event()
class CardUnbound:
    """The live card was taken from the member because the membership ended."""

    person_id: Id
    card_token: Id
    reason: UnbindReason
    occurred_on: date


@event()
class CardApplied:
    """A card was applied for, a first one or one for a lost card; the bank answers under the application's number."""

    person_id: Id
    application_number: Quantity
    for_lost: bool
    occurred_on: date


@event()
class CardApplicationEnded:
    """An application came to nothing."""

    person_id: Id
    application_number: Quantity
    for_lost: bool
    reason: EndReason
    occurred_on: date


CardEvent = CardIssued | CardLost | CardReplaced | CardUnbound | CardApplied | CardApplicationEnded


@dataclass(frozen=True)
class NoCard:
    """No card now; `application` is the number under which one was applied for."""

    since: date | None = None
    application: int | None = None


@dataclass(frozen=True)
class Live:
    """A card that works."""

    card_token: str
    since: date


@dataclass(frozen=True)
class Lost:
    """The card was reported lost and not yet replaced."""

    since: date
    application: int | None = None


CardState = NoCard | Live | Lost


def evolve(state: CardState, event: CardEvent) -> CardState:
    match event:
        case CardIssued() | CardReplaced():
            return Live(event.card_token, event.occurred_on)
        case CardLost():
            return Lost(event.occurred_on)
        case CardUnbound():
            return NoCard(event.occurred_on)
        case CardApplied():
            return state if isinstance(state, Live) else replace(state, application=event.application_number)
        case CardApplicationEnded():
            return state if isinstance(state, Live) else replace(state, application=None)
        case _:
            assert_never(event)


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


class OneLiveCard(Refused):
    """A member has one live card."""


class CardNumberTaken(Refused):
    """The card is another member's."""


class CardForMembersOnly(Refused):
    """Cards are for living memberships."""


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


card = Aggregate(
    "card",
    NoCard(),
    evolve,
    (CardIssued, CardLost, CardReplaced, CardUnbound, CardApplied, CardApplicationEnded),
)
