"""An activity (活动) of the station: planned, published, held, closed, or cancelled before it was held.

It is planned, published and cancelled in `announcing.py`, held and closed in `holding.py`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, assert_never

from marshmallow import validate

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Id, Text, Word

Kind = Literal[
    "lecture",
    "hike",
    "walk",
    "excursion",
    "tournament",
    "ticket_hand_out",
    "goods_hand_out",
    "quiz",
    "talk",
    "study",
    "reading",
    "child_care_class",
    "district_competition",
    "committee_meeting",
    "class",
    "screening",
    "party",
]
Places = Annotated[int, validate.Range(0, 10**6)]
Standing = Literal["planned", "published", "held", "closed", "cancelled"]

# These shapes are kept for ever.


@event()
class ActivityPlanned:
    """An activity was planned for a day. Members come to it with their card if `by_card`."""

    activity_id: Id
    title: Text
    kind: Kind
    theme: Word
    community: Id | None = None
    planned_on: date
    by_card: bool
    places: Places
    occurred_on: date


@event()
class ActivityPublished:
    """Members were told of the activity; from now on they may enrol."""

    activity_id: Id
    occurred_on: date


@event()
class ActivityHeld:
    """The activity took place. `places` are those offered against the card: 0 if it was not by card."""

    activity_id: Id
    kind: Kind
    theme: Word
    community: Id | None = None
    by_card: bool
    places: Places
    occurred_on: date


@event()
class ActivityClosed:
    """All that belongs to the activity is entered; no more swipes are taken."""

    activity_id: Id
    occurred_on: date


@event()
class ActivityCancelled:
    """The activity will not take place."""

    activity_id: Id
    kind: Kind
    theme: Word
    reason: Text
    occurred_on: date


ActivityEvent = ActivityPlanned | ActivityPublished | ActivityHeld | ActivityClosed | ActivityCancelled


@dataclass(frozen=True)
class Plan:
    """What was planned, as far as later facts repeat it."""

    kind: Kind
    theme: str
    community: str | None
    by_card: bool
    places: int


@dataclass(frozen=True)
class Unplanned:
    """No such activity yet."""


@dataclass(frozen=True)
class Planned:
    """Planned, members do not know of it."""

    plan: Plan


@dataclass(frozen=True)
class Published:
    """Open for members."""

    plan: Plan
    published_on: date


@dataclass(frozen=True)
class Held:
    """Took place; swipes still come in."""


@dataclass(frozen=True)
class Closed:
    """Took place and is complete."""


@dataclass(frozen=True)
class Cancelled:
    """Will not take place."""


Uncancelled = Planned | Published | Held | Closed
ActivityState = Unplanned | Uncancelled | Cancelled


def evolve(state: ActivityState, event: ActivityEvent) -> ActivityState:
    match event:
        case ActivityPlanned():
            return Planned(Plan(event.kind, event.theme, event.community, event.by_card, event.places))
        case ActivityPublished():
            return Published(state.plan, event.occurred_on) if isinstance(state, Planned) else state
        case ActivityHeld():
            return Held()
        case ActivityClosed():
            return Closed()
        case ActivityCancelled():
            return Cancelled()
        case _:
            assert_never(event)


class ActivityIsCancelled(Refused):
    """The activity was cancelled."""


@dataclass(frozen=True)
class ActivityNow:
    """What others need to know of an activity."""

    standing: Standing
    kind: Kind
    theme: str
    places: int
    swipes: int
    published_on: date | None = None


def found(activity_id: str, activity: ActivityNow | None) -> ActivityNow:
    if activity is None:
        raise NotFound(f"there is no activity {activity_id}", activity_id=activity_id)
    return activity


def going_on(activity_id: str, activity: ActivityState) -> Uncancelled:
    match activity:
        case Unplanned():
            raise NotFound(f"there is no activity {activity_id}", activity_id=activity_id)
        case Cancelled():
            raise ActivityIsCancelled(f"the activity {activity_id} was cancelled", activity_id=activity_id)
        case _:
            return activity


activity = Aggregate("activity", Unplanned(), evolve, ActivityEvent)
