"""What activities answers: the shape of the answer to each of its questions."""

from typing import Annotated, TypedDict

from lastmile.kernel.domain.answers import Day, Version
from services.activities.activity import Kind, Standing


class ActivityOfMonth(TypedDict):
    """An activity, and how far it is."""

    activity_id: str
    title: str
    kind: Kind
    theme: str
    community: Annotated[str, "The community that puts it on; none: the station itself."] | None
    day: Annotated[Day, "The planned day until the activity is held, then the day it was held on."]
    standing: Standing
    by_card: bool
    places: int
    swipes: Annotated[int, "Swipes that count."]


class Activity(ActivityOfMonth):
    """An activity with how many enrolled, wait, stayed away, and swiped a card not yet heard of.

    The version is the activity's own; each enrolment has another.
    """

    version: Version
    enrolled: int
    wait_listed: int
    no_shows: int
    waiting_swipes: int
