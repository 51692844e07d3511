"""Letting someone in: a session must be open, and a system must hold the scope; the rest is for the service to say."""

from services.gateway.api.problems import ScopeNeeded
from services.gateway.session import Session, current

SYSTEM_ROLE = "city_system"


def let_in(scope: str) -> Session:
    """Who asks. Raises Unauthenticated, or ScopeNeeded for a system without this scope."""
    session = current()
    if session.role == SYSTEM_ROLE and scope not in session.scopes:
        raise ScopeNeeded(f"the scope {scope} was not given to this system", scope=scope)
    return session
