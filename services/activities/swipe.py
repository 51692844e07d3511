"""A swipe (刷卡) of a member's card at an activity: what can have happened to it, and what it is then.

How swipes are entered, settled and annulled stands in `swiping.py`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import event
from lastmile.kernel.domain.fields import Id, Text, Word
from services.activities.activity import Kind

Question = Literal["card_not_live", "second_card"]

# These shapes are kept for ever. `card_token` is the keyed hash under which membership tells of the card.


@event()
class CardSwiped:
    """A member took part with their card, on this day."""

    activity_id: Id
    card_token: Id
    person_id: Id
    kind: Kind
    theme: Word
    occurred_on: date


@event()
class UnknownCardSwiped:
    """A card was swiped of which the station has not heard; the swipe waits for news of the card."""

    activity_id: Id
    card_token: Id
    kind: Kind
    theme: Word
    occurred_on: date


@event()
class SwipeQuestioned:
    """The swipe is a fact, but should not have been allowed. By a person's second card it counts for nobody."""

    activity_id: Id
    card_token: Id
    reason: Question
    occurred_on: date


@event()
class SwipeAnnulled:
    """The swipe was wrong; the annulment bears the date of the swipe."""

    activity_id: Id
    card_token: Id
    person_id: Id
    kind: Kind
    theme: Word
    reason: Text
    occurred_on: date


SwipeEvent = CardSwiped | UnknownCardSwiped | SwipeQuestioned | SwipeAnnulled


@dataclass(frozen=True)
class NotSwiped:
    """This card was not swiped at this activity."""


@dataclass(frozen=True)
class Waiting:
    """Swiped, the holder is not known yet."""

    kind: Kind
    theme: str


@dataclass(frozen=True)
class Swiped:
    """Swiped by a member."""

    person_id: str
    kind: Kind
    theme: str
    swiped_on: date


@dataclass(frozen=True)
class Annulled:
    """Swiped wrongly."""


@dataclass(frozen=True)
class Uncounted:
    """Swiped by someone who counted already by another card."""


SwipeState = NotSwiped | Waiting | Swiped | Annulled | Uncounted


def evolve(state: SwipeState, event: SwipeEvent) -> SwipeState:
    match event:
        case UnknownCardSwiped():
            return Waiting(event.kind, event.theme)
        case CardSwiped():
            return Swiped(event.person_id, event.kind, event.theme, event.occurred_on)
        case SwipeQuestioned():
            return Uncounted() if event.reason == "second_card" else state
        case SwipeAnnulled():
            return Annulled()
        case _:
            assert_never(event)


swipe = Aggregate("swipe", NotSwiped(), evolve, SwipeEvent)
