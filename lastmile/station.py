"""Making a station: its logs, its keys, its first administrator and that one's account."""

import secrets
from dataclasses import dataclass

from uuid6 import uuid7

from lastmile.embedded import Embedded
from lastmile.kernel.domain.failures import Invalid, Refused
from lastmile.kernel.wire.calls import RemoteFailure

ACCOUNT_NAME = "administrator"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another when a password is read from paper."""

GROUPS, LETTERS_IN_A_GROUP = 4, 4


class StationIsThere(Refused):
    """The home has this station already."""


@dataclass(frozen=True)
class Administrator:
    """Who may let others in. The password is good for one sign-in, at which another must be chosen."""

    person_id: str
    account_name: str
    first_password: str


def make_station(home: Embedded, station: str, administrator: str) -> Administrator:
    """Make the empty station with its first administrator, whose name is given. Raises StationIsThere, Invalid."""
    if not (len(station) == 9 and station.isdigit()):
        raise Invalid({"station": [f"{station!r} is not a station code: nine digits."]})
    if not home.open_station(station):
        raise StationIsThere(f"station {station} is in {home.home.path} already", station=station)
    made = Administrator(str(uuid7()), ACCOUNT_NAME, _first_password())
    token, today = home.operator_token(station), home.services["access"].today().isoformat()
    account = {"account_name": made.account_name, "first_password": made.first_password}
    rows = (
        ("RegisterPerson", {"name": administrator, "occurred_on": today}),
        ("GrantRole", {"role": "administrator", "occurred_on": today}),
        ("OpenAccount", account),
    )
    for command, body in rows:
        row = (f"init:{command}", {"person_id": made.person_id, **body})
        (outcome,) = home.calls.tell("access", station, command, [row], token)
        if outcome["status"] == "failed":
            raise RemoteFailure(outcome["problem"])
    home.settle()
    return made


def _first_password() -> str:
    groups = ("".join(secrets.choice(LETTERS) for _ in range(LETTERS_IN_A_GROUP)) for _ in range(GROUPS))
    return "-".join(groups)
