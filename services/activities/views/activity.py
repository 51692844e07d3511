"""How one activity stands: its plan, who enrolled, who came."""

from typing import Any

from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.service import Asking
from services.activities.views.activities_of_month import activity_row, as_answer
from services.activities.views.enrolments import by_standing
from services.activities.views.waiting_swipes import waiting_at


def activity(asking: Asking) -> dict[str, Any]:
    """The activity with counts. Raises NotFound."""
    connection, station, activity_id = asking.connection, asking.station, asking.parameters["activity_id"]
    version = asking.version("activity", activity_id)
    row = activity_row(connection, station, activity_id)
    if row is None:
        raise NotFound(f"there is no activity {activity_id}", activity_id=activity_id)
    members = by_standing(connection, station, activity_id)
    return as_answer(row) | {
        "version": version,
        "enrolled": members.get("enrolled", 0),
        "wait_listed": members.get("waiting", 0),
        "no_shows": members.get("absent", 0),
        "waiting_swipes": waiting_at(connection, station, activity_id),
    }
