"""Who is signed in: asked of access on every request, for the secret in the cookie or in the Authorization header."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

from flask import g, request

from lastmile.kernel.domain.failures import Failure, Forbidden, Unauthenticated
from lastmile.kernel.domain.identity import Permissions, Role, Scope
from services.gateway.parts import gateway

COOKIE, ROLE_COOKIE, ROLE_HEADER = "lastmile", "lastmile_role", "Lastmile-Role"
NO_STATION = "000000000"
"""Access finds a session by its secret alone: it is asked for at no station."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """A person or system that is signed in, in the role in which it acts now."""

    token: str
    session_id: str
    person_id: str
    account_name: str
    name: str
    home_station: str
    """Where the account is kept: what changes it or its sessions is told there."""
    station: str
    role: str
    community: str
    roles: Sequence[Mapping[str, Any]]
    scopes: Sequence[str]
    must_change_password: bool
    has_second_factor: bool
    confirmed_until: str
    identity: str
    """What the services believe: signed by access."""
    recovery_waits: bool = False
    """Whether the second factor confirms nothing until somebody agrees to the recovery of the account."""

    device_known: bool = False

    def may(self, asked: str, station: str, permissions: Permissions) -> bool:
        """Whether the chosen role has a row that reaches the station. The service asked has the last word."""
        scope = permissions.get(asked, {}).get(Role(self.role))
        return scope is Scope.EVERY_STATION or (scope is not None and station == self.station)


_TOLD = frozenset(field.name for field in fields(Session)) - {"token"}


def current() -> Session:
    """Who asks. Raises Unauthenticated unless someone is signed in."""
    found = present()
    if found is None:
        raise Unauthenticated("sign in first: no session is open, or it has ended")
    return found


def present() -> Session | None:
    """Who asks, or None. A system's header never opens the console, nor a browser's cookie the interfaces."""
    if "session" not in g:
        token, chosen = _secret()
        g.session = _opened_in_some_role(token, chosen) if token else None
    found: Session | None = g.session
    return found


def _opened_in_some_role(token: str, chosen: str) -> Session | None:
    """As `opened`; a browser that keeps a role which is no longer held goes on in the first one."""
    try:
        return opened(token, chosen)
    except Failure as failure:
        if not chosen or request.path.startswith("/api/") or failure.as_problem().get("code") != Forbidden.code:
            raise
    return opened(token)


def opened(token: str, chosen: str = "") -> Session | None:
    """The session that this secret opens, in the role chosen (`<station>:<role>[:<community>]`) or else the first."""
    station, _, rest = chosen.partition(":")
    role, _, community = rest.partition(":")
    wanted = {"station": station, "role": role, "community": community}
    parameters = {"token_hash": hashed(token), **{name: value for name, value in wanted.items() if value}}
    parts = gateway()
    try:
        told = parts.calls.ask("access", NO_STATION, "session", parameters, parts.token)
    except Failure as failure:
        if failure.as_problem().get("code") == Unauthenticated.code:
            return None
        raise
    if told.get("use_due"):
        _note_use(told)
    shown: dict[str, Any] = {name: "" if value is None else value for name, value in told.items() if name in _TOLD}
    return Session(token=token, **shown)


def hashed(secret: str) -> str:
    """All that access keeps of a secret."""
    return sha256(secret.encode()).hexdigest()


def _note_use(told: Mapping[str, Any]) -> None:
    """A session that nobody uses ends; what fails here fails the next request, not this one's answer."""
    parts, id_ = gateway(), told["session_id"]
    rows = [(f"use:{id_}:{told['use_key']}", {"session_id": id_})]
    parts.calls.tell("access", told["home_station"], "UseSession", rows, parts.token)


def _secret() -> tuple[str, str]:
    if not request.path.startswith("/api/"):
        return request.cookies.get(COOKIE, ""), request.cookies.get(ROLE_COOKIE, "")
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return (token if kind.lower() == "bearer" else ""), request.headers.get(ROLE_HEADER, "")
