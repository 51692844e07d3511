"""Announcing an activity: planned, made known to members, called off before it is held."""

from datetime import date
from typing import assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import ClearText, Id, Word
from services.activities.activity import (
    ActivityCancelled,
    ActivityEvent,
    ActivityNow,
    ActivityPlanned,
    ActivityPublished,
    ActivityState,
    Cancelled,
    Closed,
    Held,
    Kind,
    Places,
    Planned,
    Published,
    Unplanned,
    found,
    going_on,
)


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
class CancelActivity:
    """Call off an activity that has not been held."""

    activity_id: Id
    reason: ClearText
    occurred_on: date


class ActivityIdTaken(Refused):
    """Another activity has this id."""


class ActivityWasHeld(Refused):
    """What took place is not cancelled."""


class SwipesStand(Refused):
    """Cards were swiped at the activity: annul those swipes before it is cancelled."""


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
    match going_on(command.activity_id, activity):
        case Planned():
            return [ActivityPublished(activity_id=command.activity_id, occurred_on=command.occurred_on)]
        case Published() | Held() | Closed():
            return []
        case never:
            assert_never(never)


def cancel_activity(command: CancelActivity, activity: ActivityState, now: ActivityNow | None) -> list[ActivityEvent]:
    if isinstance(activity, Cancelled):
        return []
    match going_on(command.activity_id, activity):
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
