"""Who acts, in which role, at which station: signed by access, checked by every service at every call."""

import base64
import binascii
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lastmile.kernel.domain.canonical import canonical
from lastmile.kernel.domain.failures import ConfirmationNeeded, Forbidden, Unauthenticated


class Role(StrEnum):
    """What a person is at a station. `OPERATOR`, `SERVICE` and `GATEWAY` are not people of the station.

    A `NEWCOMER` is a person who has not yet changed the first password: none of their roles counts before.
    """

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
    GATEWAY = "gateway"
    NEWCOMER = "newcomer"


_NO_STATIONS = (Role.OPERATOR, Role.SERVICE, Role.GATEWAY, Role.NEWCOMER)
STATION_ROLES = tuple(role for role in Role if role not in _NO_STATIONS)


class Scope(StrEnum):
    """How far a role reaches."""

    COMMUNITY = "own community"
    STATION = "own station"
    EVERY_STATION = "every station"


Permissions = Mapping[str, Mapping[Role, Scope]]
"""Command or query name to the roles that may ask it, and how far."""


@dataclass(frozen=True)
class Identity:
    """A person (or a service, the gateway, the operator) acting in one role at one station until `expires_at`.

    `community` is the community of a community chair. `confirmed_until` is how long a second factor that was given
    lately counts; empty if none was. `household` are the persons of membership whose aid is this person's own: the
    person as a member, and those under whose household file the person lives. A token signed before households were
    carried names none.
    """

    person_id: str
    role: Role
    station: str
    expires_at: str
    community: str = ""
    confirmed_until: str = ""
    household: tuple[str, ...] = ()

    def may(self, name: str, station: str, permissions: Permissions) -> Scope:
        """How far this identity may ask `name` at `station`. Raises Forbidden unless a row of `permissions` says so."""
        scope = permissions.get(name, {}).get(self.role)
        if scope is None:
            raise Forbidden(f"the role {self.role} may not ask {name}", role=self.role, asked=name)
        if scope is not Scope.EVERY_STATION and station != self.station:
            raise Forbidden(
                f"{name} at station {station} is not for people of station {self.station}",
                station=station,
                asked=name,
            )
        if scope is Scope.COMMUNITY and not self.community:
            raise Forbidden(f"{name} is for chairs of a community, and none is named", asked=name)
        return scope

    def confirmed(self, name: str, confirmed: Collection[str], now: datetime) -> None:
        """Raises ConfirmationNeeded where `name` asks for a second factor given lately, and none was."""
        if name not in confirmed:
            return
        if not self.confirmed_until or datetime.fromisoformat(self.confirmed_until) <= now.astimezone(UTC):
            raise ConfirmationNeeded(f"{name} needs a second factor given within the last minutes", asked=name)

    def still_valid(self, now: datetime) -> None:
        """Raises Unauthenticated once the identity has expired."""
        if datetime.fromisoformat(self.expires_at) <= now.astimezone(UTC):
            raise Unauthenticated(f"the identity expired at {self.expires_at}; ask access for a new one")


def service_identity(service: str, station: str) -> Identity:
    """The identity under which a service carries out its own reactions, in its own process."""
    return Identity(f"service:{service}", Role.SERVICE, station, "9999-12-31T00:00:00Z")


def gateway_identity() -> Identity:
    """The identity under which the gateway lets people in, before it is known who they are."""
    return Identity("gateway", Role.GATEWAY, "", "9999-12-31T00:00:00Z")


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
        role, household = Role(members["role"]), tuple(members.get("household", ()))
        identity = Identity(**{**members, "role": role, "household": household})
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
