"""Signing who acts in which role: only for a role that the person holds today."""

from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import Row

from lastmile.kernel.domain.failures import Forbidden, NotFound, Unauthenticated, Unavailable
from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from lastmile.kernel.store.service import Asking
from services.access.moments import instant, moved
from services.access.questions import account_names_of, names_of, roles_of
from services.access.session import USE_NOTED_EVERY
from services.access.views import accounts, household_links, recoveries, roles_held, sessions, systems

VALID_HOURS = 12
CONFIRMED_FOR = timedelta(minutes=5)
IN_A_SESSION = timedelta(minutes=10)
"""Every request asks anew, so an identity that was lent out need not outlive the work of one request by much."""


def _until(asking: Asking, span: timedelta) -> str:
    return (asking.resources.clock().astimezone(UTC) + span).strftime("%Y-%m-%dT%H:%M:%SZ")


def identity(asking: Asking) -> dict[str, Any]:
    """A token for the person in the role, good for 12 hours. Raises NotFound if the role is not held.

    Whoever holds the home's keys asks this, and answers for it that a second factor was given where they say so.
    """
    person_id, role = asking.parameters["person_id"], Role(asking.parameters["role"])
    held = roles_held.held_on(asking.connection, person_id, asking.today)
    found = next((h for h in held if (h.role, h.station) == (role, asking.station)), None)
    if found is None:
        raise NotFound(
            f"{person_id} does not hold the role {role} at station {asking.station}",
            person_id=person_id,
            role=role,
        )
    confirmed_until = _until(asking, CONFIRMED_FOR) if asking.parameters["confirmed"] else ""
    expires_at = _until(asking, timedelta(hours=VALID_HOURS))
    household = household_links.household_of(asking.connection, person_id)
    return {
        "token": _signed(
            asking, Identity(person_id, role, asking.station, expires_at, found.community, confirmed_until, household)
        )
    }


def _signed(asking: Asking, identity: Identity) -> str:
    if asking.resources.identity_key is None:
        raise Unavailable("this process was not given the key that signs identities")
    return sign_identity(identity, asking.resources.identity_key)


def session(asking: Asking) -> dict[str, Any]:
    """Whose session a token is, and the signed identity for the role asked for or else the first one held today.

    Until the first password was changed, the identity is a newcomer's, whom services let do nothing but that. Raises
    Unauthenticated when the session is over, Forbidden when the role is not held today.
    """
    now = instant(asking.resources.clock())
    row = sessions.by_token(asking.connection, asking.parameters["token_hash"])
    if row is None or not sessions.lives(row, now):
        raise Unauthenticated("the session is over: sign in again")
    who = _system(asking, row) if row.way == "client_credentials" else _person(asking, row)
    role = _chosen(asking, who["roles"], row.station)
    signed = Identity(
        row.person_id,
        Role.NEWCOMER if who["must_change_password"] else Role(role["role"]),
        role["station"],
        min(_until(asking, IN_A_SESSION), row.ends_at),
        role["community"],
        row.confirmed_until,
        household_links.household_of(asking.connection, row.person_id),
    )
    return {
        "session_id": row.session_id,
        "person_id": row.person_id,
        "home_station": row.station,
        **who,
        **{name: role[name] for name in ("station", "role", "community")},
        "confirmed_until": row.confirmed_until if row.confirmed_until > now else "",
        "identity": _signed(asking, signed),
        "opened_at": row.opened_at,
        "ends_at": row.ends_at,
        "use_due": row.way != "client_credentials" and now >= moved(row.used_at, USE_NOTED_EVERY),
        "use_key": row.used_at,
    }


def _person(asking: Asking, row: Row[Any]) -> dict[str, Any]:
    account = accounts.account_of(asking.connection, row.person_id)
    return {
        "account_name": account_names_of(asking, [row.person_id]).get(row.person_id, ""),
        "name": names_of(asking, [row.person_id]).get(row.person_id, ""),
        "roles": roles_of(asking, row.person_id),
        "scopes": [],
        "must_change_password": bool(account and account.must_change_password and row.way == "password"),
        "has_second_factor": accounts.factor_position(asking.connection, row.person_id) is not None,
        "recovery_waits": bool(recoveries.steps_of(asking.connection, row.person_id)),
    }


def _system(asking: Asking, row: Row[Any]) -> dict[str, Any]:
    system = systems.system_of(asking.connection, row.person_id)
    assert system is not None, "a system with a session was registered"
    return {
        "account_name": system.client_id,
        "name": system.name,
        "roles": [{"station": system.station, "role": str(Role.CITY_SYSTEM), "community": "", "until": ""}],
        "scopes": system.scopes.split(),
        "must_change_password": False,
        "has_second_factor": False,
        "recovery_waits": False,
    }


def _chosen(asking: Asking, roles: list[dict[str, str]], home_station: str) -> dict[str, str]:
    asked = {name: asking.parameters[name] for name in ("role", "station", "community") if name in asking.parameters}
    held = [role for role in roles if all(role[name] == value for name, value in asked.items())]
    at_home = [role for role in held if role["station"] == home_station and not role["until"]]
    for role in (*at_home, *held):
        return role
    raise Forbidden("this role is not held today" if asked else "no role is held today", **asked)
