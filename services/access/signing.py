"""Signing who acts in which role: only for a role that the person holds at the station now."""

from datetime import UTC, timedelta
from typing import Any

from lastmile.kernel.domain.failures import NotFound, Unavailable
from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from lastmile.kernel.store.service import Asking
from services.access.views import roles_held

VALID_HOURS = 12
CONFIRMED_FOR = timedelta(minutes=5)


def _until(asking: Asking, span: timedelta) -> str:
    return (asking.resources.clock().astimezone(UTC) + span).strftime("%Y-%m-%dT%H:%M:%SZ")


def identity(asking: Asking) -> dict[str, Any]:
    """A token for the person in the role, good for 12 hours. Raises NotFound if the role is not held.

    Whoever holds the home's keys asks this, and answers for it that a second factor was given where they say so.
    """
    person_id: str = asking.parameters["person_id"]
    role = Role(asking.parameters["role"])
    if not roles_held.holds(asking.connection, asking.station, person_id, role):
        raise NotFound(
            f"{person_id} does not hold the role {role} at station {asking.station}",
            person_id=person_id,
            role=role,
        )
    if asking.resources.identity_key is None:
        raise Unavailable("this process was not given the key that signs identities")
    expires_at = _until(asking, timedelta(hours=VALID_HOURS))
    confirmed_until = _until(asking, CONFIRMED_FOR) if asking.parameters["confirmed"] else ""
    signed = Identity(person_id, role, asking.station, expires_at, confirmed_until=confirmed_until)
    return {"token": sign_identity(signed, asking.resources.identity_key)}
