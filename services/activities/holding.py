"""Holding an activity, and closing it when all that belongs to it is entered."""

from datetime import date
from typing import assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Id
from services.activities.activity import (
    ActivityClosed,
    ActivityEvent,
    ActivityHeld,
    ActivityState,
    Closed,
    Held,
    Planned,
    Published,
    going_on,
)


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


class ActivityNotPublished(Refused):
    """Only a published activity is held."""


class HeldBeforePublished(Refused):
    """Members are told of an activity before it is held."""


class ActivityNotHeld(Refused):
    """The activity has not been held."""


def hold_activity(command: HoldActivity, activity: ActivityState) -> list[ActivityEvent]:
    match going_on(command.activity_id, activity):
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
    match going_on(command.activity_id, activity):
        case Held():
            return [ActivityClosed(activity_id=command.activity_id, occurred_on=command.occurred_on)]
        case Closed():
            return []
        case Planned() | Published():
            raise ActivityNotHeld(f"{command.activity_id} has not been held", activity_id=command.activity_id)
        case never:
            assert_never(never)
