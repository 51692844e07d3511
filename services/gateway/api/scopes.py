"""Letting someone in: a session must be open, and a system must hold the scope; the rest is for the service to say."""

from lastmile.kernel.domain.failures import Forbidden
from services.gateway.api.problems import ScopeNeeded
from services.gateway.session import Session, current

SYSTEM_ROLE = "city_system"
BEFORE_THE_PASSWORD_IS_CHANGED = frozenset({"ChangePassword"})
_SCOPES = {"reporting.read": "reports.read"}


class PasswordChangeNeeded(Forbidden):
    """The first password is to be changed before anything else."""

    code = "password-change-needed"


def scope_of(service: str, deed: str) -> str:
    """The scope that a system needs to `read` or `write` at a service."""
    return _SCOPES.get(f"{service}.{deed}", f"{service}.{deed}")


def let_in(scope: str, asked: str = "") -> Session:
    """Who asks. Raises Unauthenticated, PasswordChangeNeeded, or ScopeNeeded for a system without this scope."""
    session = current()
    if session.must_change_password and asked not in BEFORE_THE_PASSWORD_IS_CHANGED:
        raise PasswordChangeNeeded
    if session.role == SYSTEM_ROLE and scope not in session.scopes:
        raise ScopeNeeded(f"the scope {scope} was not given to this system", scope=scope)
    return session
