"""A member's mutual-aid service card (互助服务卡): what happened to it, and what it is then; one live card a member.

How it is applied for stands in `card_application.py`, how it is given out and taken back in `card_issuing.py`.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Id, Quantity, Sealed

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


class OneLiveCard(Refused):
    """A member has one live card."""


class CardForMembersOnly(Refused):
    """Cards are for living memberships."""


card = Aggregate("card", NoCard(), evolve, CardEvent)
