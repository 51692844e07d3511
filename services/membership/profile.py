"""The station's own profile: values with their source and the date they were stated on."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.fields import ClearText, Text

ProfileItem = Literal["area_hectares", "registered_households", "residents", "founded_year"]

# These shapes are kept for ever.


@event()
class ProfileValueStated:
    """A source stated a value of the station's profile, true from this date on."""

    item: ProfileItem
    value: int
    source: Text
    occurred_on: date


ProfileEvent = ProfileValueStated


@dataclass(frozen=True)
class Stated:
    """What was stated last of one item; nothing yet if `value` is None."""

    value: int | None = None
    source: str = ""
    stated_on: date | None = None


def evolve(state: Stated, event: ProfileEvent) -> Stated:
    match event:
        case ProfileValueStated():
            return Stated(event.value, event.source, event.occurred_on)
        case _:
            assert_never(event)


@command
class StateProfileValue:
    """Enter a value of the station's profile as a source states it. Area is in hectares (1 km² = 100)."""

    item: ProfileItem
    value: int
    source: ClearText
    occurred_on: date


def state_profile_value(command: StateProfileValue, stated: Stated) -> list[ProfileEvent]:
    if stated == Stated(command.value, command.source, command.occurred_on):
        return []
    return [
        ProfileValueStated(
            item=command.item, value=command.value, source=command.source, occurred_on=command.occurred_on
        )
    ]


profile = Aggregate("profile", Stated(), evolve, ProfileValueStated)
