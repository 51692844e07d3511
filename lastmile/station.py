"""Making a station: its logs, its keys, its first administrator."""

from uuid6 import uuid7

from lastmile.embedded import Embedded
from lastmile.kernel.domain.failures import Invalid, Refused
from lastmile.kernel.wire.calls import RemoteFailure


class StationIsThere(Refused):
    """The home has this station already."""


def make_station(home: Embedded, station: str, administrator: str) -> str:
    """Make the empty station and answer its first administrator's person id. Raises StationIsThere, Invalid."""
    if not (len(station) == 9 and station.isdigit()):
        raise Invalid({"station": [f"{station!r} is not a station code: nine digits."]})
    if not home.open_station(station):
        raise StationIsThere(f"station {station} is in {home.home.path} already", station=station)
    token, person_id = home.operator_token(station), str(uuid7())
    today = home.services["access"].today().isoformat()
    rows = (
        ("RegisterPerson", {"person_id": person_id, "name": administrator, "occurred_on": today}),
        ("GrantRole", {"person_id": person_id, "role": "administrator", "occurred_on": today}),
    )
    for command, body in rows:
        (outcome,) = home.calls.tell("access", station, command, [(f"init:{command}", body)], token)
        if outcome["status"] == "failed":
            raise RemoteFailure(outcome["problem"])
    home.settle()
    return person_id
