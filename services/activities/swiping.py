"""Entering swipes: known at once or settled later, questioned, annulled."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Id, Word
from services.activities.activity import ActivityIsCancelled, ActivityNow, Kind, found
from services.activities.swipe import (
    Annulled,
    CardSwiped,
    NotSwiped,
    Question,
    SwipeAnnulled,
    Swiped,
    SwipeEvent,
    SwipeQuestioned,
    SwipeState,
    Uncounted,
    UnknownCardSwiped,
    Waiting,
)


@command
class RecordSwipe:
    """Enter that a card was swiped at an activity, on this day."""

    activity_id: Id
    card_number: Id
    occurred_on: date


@command
class SettleSwipe:
    """Say whose card it was that waits as unknown. `occurred_on` is the day of the swipe."""

    activity_id: Id
    card_token: Id
    person_id: Id
    occurred_on: date


@command
class AnnulSwipe:
    """Take back a wrong swipe."""

    activity_id: Id
    card_number: Id
    reason: Word


class NotOpenForSwipes(Refused):
    """Cards are swiped at published and held activities only."""


class SwipeBeforePublished(Refused):
    """Members came after they were told of the activity."""


class SwipeStillWaits(Refused):
    """The swipe counts for nobody yet: there is nothing to annul before the card is known."""


@dataclass(frozen=True)
class Holder:
    """Whose card it is, and whether it was live on the day of the swipe."""

    person_id: str
    live: bool


@dataclass(frozen=True)
class SwipeFacts:
    """The card's token, the activity, and the card's holder as far as the station has heard.

    `by_another_card`: the holder counts at this activity already, by another card.
    """

    card_token: str
    activity: ActivityNow | None
    holder: Holder | None
    by_another_card: bool = False


def record_swipe(command: RecordSwipe, swipe: SwipeState, facts: SwipeFacts) -> list[SwipeEvent]:
    match swipe:
        case Uncounted() if facts.by_another_card:
            return []
        case NotSwiped() | Uncounted():  # The other card's swipe may have been annulled since.
            activity = found(command.activity_id, facts.activity)
            if activity.standing not in ("published", "held"):
                raise NotOpenForSwipes(
                    f"the activity {command.activity_id} is {activity.standing}",
                    activity_id=command.activity_id,
                )
            if activity.published_on is not None and command.occurred_on < activity.published_on:
                raise SwipeBeforePublished(
                    f"the activity {command.activity_id} was published on {activity.published_on}",
                    activity_id=command.activity_id,
                )
            if facts.holder is None:
                return [
                    UnknownCardSwiped(
                        activity_id=command.activity_id,
                        card_token=facts.card_token,
                        kind=activity.kind,
                        theme=activity.theme,
                        occurred_on=command.occurred_on,
                    )
                ]
            return _swiped(command, facts, facts.holder.person_id, activity.kind, activity.theme)
        case Waiting() | Swiped() | Annulled():
            return []  # The same file comes twice; what was annulled stays so.
        case _:
            assert_never(swipe)


def settle_swipe(command: SettleSwipe, swipe: SwipeState, facts: SwipeFacts) -> list[SwipeEvent]:
    match swipe:
        case Waiting(kind=kind, theme=theme):
            if found(command.activity_id, facts.activity).standing == "cancelled":
                raise ActivityIsCancelled(
                    f"the activity {command.activity_id} was cancelled", activity_id=command.activity_id
                )
            return _swiped(command, facts, command.person_id, kind, theme)
        case Swiped() | Annulled() | Uncounted():
            return []
        case NotSwiped():
            raise _no_swipe(command.activity_id)
        case _:
            assert_never(swipe)


def annul_swipe(command: AnnulSwipe, swipe: SwipeState, card_token: str) -> list[SwipeEvent]:
    match swipe:
        case Swiped():
            return [
                SwipeAnnulled(
                    activity_id=command.activity_id,
                    card_token=card_token,
                    person_id=swipe.person_id,
                    kind=swipe.kind,
                    theme=swipe.theme,
                    reason=command.reason,
                    occurred_on=swipe.swiped_on,
                )
            ]
        case Annulled() | Uncounted():
            return []
        case Waiting():
            raise SwipeStillWaits(
                f"the card swiped at {command.activity_id} is not known yet", activity_id=command.activity_id
            )
        case NotSwiped():
            raise _no_swipe(command.activity_id)
        case _:
            assert_never(swipe)


def _swiped(
    command: RecordSwipe | SettleSwipe, facts: SwipeFacts, person_id: str, kind: Kind, theme: str
) -> list[SwipeEvent]:
    if facts.by_another_card:
        return [_questioned(command, facts, "second_card")]
    swiped = CardSwiped(
        activity_id=command.activity_id,
        card_token=facts.card_token,
        person_id=person_id,
        kind=kind,
        theme=theme,
        occurred_on=command.occurred_on,
    )
    if facts.holder is None or facts.holder.live:
        return [swiped]
    return [swiped, _questioned(command, facts, "card_not_live")]


def _questioned(command: RecordSwipe | SettleSwipe, facts: SwipeFacts, reason: Question) -> SwipeQuestioned:
    return SwipeQuestioned(
        activity_id=command.activity_id,
        card_token=facts.card_token,
        reason=reason,
        occurred_on=command.occurred_on,
    )


def _no_swipe(activity_id: str) -> NotFound:
    return NotFound(f"this card was not swiped at {activity_id}", activity_id=activity_id)
