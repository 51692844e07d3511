"""An activity (活动) of the station: planned, published, held, closed, or cancelled before it was held."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, assert_never

from marshmallow import validate

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import ClearText, Id, Text, Word

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


@command
class PlanActivity:
    """Enter an activity that is to take place on a day."""

    activity_id: Id
    title: ClearText
    kind: Kind
    theme: Word
    community: Id | None = None
    planned_on: date
    by_card: bool
    places: Places
    occurred_on: date


@command
class PublishActivity:
    """Tell members of a planned activity."""

    activity_id: Id
    occurred_on: date


@command
class HoldActivity:
    """Enter that a published activity took place."""

    activity_id: Id
    occurred_on: date


@command
class CloseActivity:
    """Enter that nothing more will come of an activity."""

    activity_id: Id
    occurred_on: date


@command
class CancelActivity:
    """Call off an activity that has not been held."""

    activity_id: Id
    reason: ClearText
    occurred_on: date


class ActivityIdTaken(Refused):
    """Another activity has this id."""


class ActivityIsCancelled(Refused):
    """The activity was cancelled."""


class ActivityNotPublished(Refused):
    """Only a published activity is held."""


class HeldBeforePublished(Refused):
    """Members are told of an activity before it is held."""


class ActivityNotHeld(Refused):
    """The activity has not been held."""


class ActivityWasHeld(Refused):
    """What took place is not cancelled."""


class SwipesStand(Refused):
    """Cards were swiped at the activity: annul those swipes before it is cancelled."""


@dataclass(frozen=True)
class ActivityNow:
    """What others need to know of an activity."""

    standing: Standing
    kind: Kind
    theme: str
    places: int
    swipes: int
    published_on: date | None = None


def plan_activity(command: PlanActivity, activity: ActivityState) -> list[ActivityEvent]:
    if not isinstance(activity, Unplanned):
        raise ActivityIdTaken(f"the activity id {command.activity_id} is taken", activity_id=command.activity_id)
    return [
        ActivityPlanned(
            activity_id=command.activity_id,
            title=command.title,
            kind=command.kind,
            theme=command.theme,
            community=command.community,
            planned_on=command.planned_on,
            by_card=command.by_card,
            places=command.places,
            occurred_on=command.occurred_on,
        )
    ]


def publish_activity(command: PublishActivity, activity: ActivityState) -> list[ActivityEvent]:
    match _going_on(command.activity_id, activity):
        case Planned():
            return [ActivityPublished(activity_id=command.activity_id, occurred_on=command.occurred_on)]
        case Published() | Held() | Closed():
            return []
        case never:
            assert_never(never)


def hold_activity(command: HoldActivity, activity: ActivityState) -> list[ActivityEvent]:
    match _going_on(command.activity_id, activity):
        case Published(plan=plan, published_on=published_on):
            if command.occurred_on < published_on:
                raise HeldBeforePublished(
                    f"{command.activity_id} was published on {published_on}", activity_id=command.activity_id
                )
            return [
                ActivityHeld(
                    activity_id=command.activity_id,
                    kind=plan.kind,
                    theme=plan.theme,
                    community=plan.community,
                    by_card=plan.by_card,
                    places=plan.places if plan.by_card else 0,
                    occurred_on=command.occurred_on,
                )
            ]
        case Planned():
            raise ActivityNotPublished(
                f"publish {command.activity_id} before it is held", activity_id=command.activity_id
            )
        case Held() | Closed():
            return []
        case never:
            assert_never(never)


def close_activity(command: CloseActivity, activity: ActivityState) -> list[ActivityEvent]:
    match _going_on(command.activity_id, activity):
        case Held():
            return [ActivityClosed(activity_id=command.activity_id, occurred_on=command.occurred_on)]
        case Closed():
            return []
        case Planned() | Published():
            raise ActivityNotHeld(f"{command.activity_id} has not been held", activity_id=command.activity_id)
        case never:
            assert_never(never)


def cancel_activity(command: CancelActivity, activity: ActivityState, now: ActivityNow | None) -> list[ActivityEvent]:
    if isinstance(activity, Cancelled):
        return []
    match _going_on(command.activity_id, activity):
        case Planned(plan=plan) | Published(plan=plan):
            swipes = found(command.activity_id, now).swipes
            if swipes:
                raise SwipesStand(f"{swipes} swipes stand at {command.activity_id}", activity_id=command.activity_id)
            return [
                ActivityCancelled(
                    activity_id=command.activity_id,
                    kind=plan.kind,
                    theme=plan.theme,
                    reason=command.reason,
                    occurred_on=command.occurred_on,
                )
            ]
        case Held() | Closed():
            raise ActivityWasHeld(f"{command.activity_id} was held", activity_id=command.activity_id)
        case never:
            assert_never(never)


def found(activity_id: str, activity: ActivityNow | None) -> ActivityNow:
    if activity is None:
        raise NotFound(f"there is no activity {activity_id}", activity_id=activity_id)
    return activity


def _going_on(activity_id: str, activity: ActivityState) -> Uncancelled:
    match activity:
        case Unplanned():
            raise NotFound(f"there is no activity {activity_id}", activity_id=activity_id)
        case Cancelled():
            raise ActivityIsCancelled(f"the activity {activity_id} was cancelled", activity_id=activity_id)
        case _:
            return activity


activity = Aggregate(
    "activity",
    Unplanned(),
    evolve,
    (ActivityPlanned, ActivityPublished, ActivityHeld, ActivityClosed, ActivityCancelled),
)
