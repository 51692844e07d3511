"""Letting someone in: a session must be open, and a system must hold the scope; the rest is for the service to say."""

from lastmile.kernel.domain.failures import Forbidden
from services.gateway.api.problems import ScopeNeeded
from services.gateway.catalogue import Catalogue
from services.gateway.session import Session, current

SYSTEM_ROLE = "city_system"
LOGS = "logs.read"
BEFORE_THE_PASSWORD_IS_CHANGED = frozenset({"ChangePassword"})
FOR_PEOPLE_ALONE = frozenset({"access"})
"""No system is let at persons, accounts and rights."""


class PasswordChangeNeeded(Forbidden):
    """The first password is to be changed before anything else."""

    code = "password-change-needed"


def scope_of(service: str, deed: str) -> str:
    """The scope that a system needs to `read` or `write` at a service."""
    return f"{service}.{deed}"


def scopes_of(catalogue: Catalogue) -> dict[str, str]:
    """Every scope that a path asks for, and what it opens."""
    asked = {scope_of(found.service, "write"): f"give orders to {found.service}" for found in catalogue.commands()}
    told = {scope_of(found.service, "read"): f"ask {found.service}" for found in catalogue.questions()}
    found = {**told, **asked, LOGS: "read whole logs"}
    return {scope: words for scope, words in found.items() if scope.partition(".")[0] not in FOR_PEOPLE_ALONE}


def secured_by(scope: str) -> list[dict[str, list[str]]]:
    """Who is let in, as the document says it: people by their session, systems by the scope."""
    people: list[dict[str, list[str]]] = [{"session": []}]
    return people if scope.partition(".")[0] in FOR_PEOPLE_ALONE else [*people, {"system": [scope]}]


def let_in(scope: str, asked: str = "") -> Session:
    """Who asks. Raises Unauthenticated, PasswordChangeNeeded, or ScopeNeeded for a system without this scope."""
    session = current()
    if session.must_change_password and asked not in BEFORE_THE_PASSWORD_IS_CHANGED:
        raise PasswordChangeNeeded
    if session.role == SYSTEM_ROLE and scope not in session.scopes:
        raise ScopeNeeded(f"the scope {scope} was not given to this system", scope=scope)
    return session
