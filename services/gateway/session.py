"""Who is signed in: asked of access on every request, for the secret in the cookie or in the Authorization header."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from flask import g, request

from lastmile.kernel.domain.failures import Failure, Unauthenticated
from services.gateway.parts import gateway

COOKIE, ROLE_COOKIE, ROLE_HEADER = "lastmile", "lastmile_role", "Lastmile-Role"
NO_STATION = "000000000"
"""Access finds a session by its secret alone: it is asked for at no station."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """A person or system that is signed in, in the role in which it acts now."""

    token: str
    session_id: str = ""
    person_id: str
    account_name: str = ""
    name: str = ""
    station: str
    role: str
    community: str | None = None
    roles: Sequence[Mapping[str, Any]] = ()
    scopes: Sequence[str] = ()
    must_change_password: bool = False
    has_second_factor: bool = False
    confirmed_until: str | None = None
    identity: str
    """What the services believe: signed by access."""


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
        g.session = opened(token, chosen) if token else None
    found: Session | None = g.session
    return found


def opened(token: str, chosen: str = "") -> Session | None:
    """The session that this secret opens, in the role chosen (`<station>:<role>[:<community>]`) or else the first."""
    station, _, rest = chosen.partition(":")
    role, _, community = rest.partition(":")
    wanted = {"station": station, "role": role, "community": community}
    parameters = {"token": token, **{name: value for name, value in wanted.items() if value}}
    parts = gateway()
    try:
        told = parts.calls.ask("access", NO_STATION, "session", parameters, parts.token)
    except Failure as failure:
        if failure.as_problem().get("code") in ("not-found", "unauthenticated", "invalid"):
            return None
        raise
    return Session(token=token, **{name: value for name, value in told.items() if name in _TOLD})


def _secret() -> tuple[str, str]:
    if not request.path.startswith("/api/"):
        return request.cookies.get(COOKIE, ""), request.cookies.get(ROLE_COOKIE, "")
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return (token if kind.lower() == "bearer" else ""), request.headers.get(ROLE_HEADER, "")
