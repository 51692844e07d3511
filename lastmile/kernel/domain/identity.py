"""Who acts, in which role, at which station: signed by access, checked by every service at every call."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lastmile.kernel.domain.canonical import canonical
from lastmile.kernel.domain.failures import Forbidden, Unauthenticated


class Role(StrEnum):
    """What a person is at a station. `OPERATOR` and `SERVICE` are not people of the station."""

    CLERK = "clerk"
    STATION_HEAD = "station_head"
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    ACCOUNTANT = "accountant"
    CASHIER = "cashier"
    COMMUNITY_CHAIR = "community_chair"
    DISTRICT_OFFICE = "district_office"
    DISTRICT_AUDITOR = "district_auditor"
    ADMINISTRATOR = "administrator"
    CITY_SYSTEM = "city_system"
    OPERATOR = "operator"
    SERVICE = "service"


STATION_ROLES = tuple(role for role in Role if role not in (Role.OPERATOR, Role.SERVICE))


class Scope(StrEnum):
    """How far a role reaches."""

    STATION = "own station"
    EVERY_STATION = "every station"


Permissions = Mapping[str, Mapping[Role, Scope]]
"""Command or query name to the roles that may ask it, and how far."""


@dataclass(frozen=True)
class Identity:
    """A person (or a service, or the operator) acting in one role at one station until `expires_at`."""

    person_id: str
    role: Role
    station: str
    expires_at: str

    def may(self, name: str, station: str, permissions: Permissions) -> None:
        """Raises Forbidden unless a row of `permissions` lets this identity ask `name` at `station`."""
        scope = permissions.get(name, {}).get(self.role)
        if scope is None:
            raise Forbidden(f"the role {self.role} may not ask {name}", role=self.role, asked=name)
        if scope is Scope.STATION and station != self.station:
            raise Forbidden(
                f"{name} at station {station} is not for people of station {self.station}",
                station=station,
                asked=name,
            )

    def still_valid(self, now: datetime) -> None:
        """Raises Unauthenticated once the identity has expired."""
        if datetime.fromisoformat(self.expires_at) <= now.astimezone(UTC):
            raise Unauthenticated(f"the identity expired at {self.expires_at}; ask access for a new one")


def service_identity(service: str, station: str) -> Identity:
    """The identity under which a service carries out its own reactions, in its own process."""
    return Identity(f"service:{service}", Role.SERVICE, station, "9999-12-31T00:00:00Z")


def sign_identity(identity: Identity, key: Ed25519PrivateKey) -> str:
    """The identity as a token: its canonical JSON and an Ed25519 signature, both base64url, joined by a dot."""
    body = canonical(asdict(identity))
    return f"{_encode(body)}.{_encode(key.sign(body))}"


def read_identity(token: str, key: Ed25519PublicKey, now: datetime) -> Identity:
    """The identity in a token that access signed and that has not expired. Raises Unauthenticated otherwise."""
    try:
        body, signature = (_decode(part) for part in token.split("."))
        key.verify(signature, body)
        members: dict[str, Any] = orjson.loads(body)
        identity = Identity(members["person_id"], Role(members["role"]), members["station"], members["expires_at"])
        identity.still_valid(now)
    except InvalidSignature:
        raise Unauthenticated("the identity is not signed by access") from None
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise Unauthenticated("the identity is malformed") from None
    return identity


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
