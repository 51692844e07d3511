"""Every route and everything that a service can be asked, each with the answer that the permission files give."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from lastmile.kernel.domain.identity import Permissions, Role, Scope
from services.gateway.api.commands import kebab
from services.gateway.api.questions import ways_of
from services.gateway.api.scopes import scope_of
from services.gateway.catalogue import LOG_QUESTIONS, Catalogue
from tests.gateway.api.conftest import ELSEWHERE, STATION

OPEN = frozenset({"api.open_session", "api.oauth_token", "openapi_document", "openapi_page"})
"""Routes before anybody is signed in."""
OWN = frozenset({"api.show_session", "api.end_session", "api.confirm_session"})
"""Routes about one's own session: for everybody who is signed in."""
LOGS = {
    "api.log_entries": ("log_entries", "entries"),
    "api.log_checkpoint": ("log_checkpoint", "checkpoint"),
    "api.log_key": ("log_checkpoint", "key"),
    "api.log_proof": ("log_proof", "proofs/1"),
}
"""Routes of the log feed: the row that each stands under, and its path."""

PAPERS = {
    "approval-sheet": ("GET", "approvals_waiting"),
    "notice-sheet": ("GET", "notice"),
    "bank-file-sheet": ("GET", "bank_file"),
    "bank-return-check:ask": ("POST", "BookBankReturn"),
}
"""Papers that the gateway makes of what relief answers: by which method, and the row that each stands under."""


@dataclass(frozen=True)
class Asked:
    """One thing to ask: by which method and path, of which service, under which row of its permissions."""

    method: str
    path: str
    service: str
    name: str
    scope: str
    batch: bool = False

    def at(self, station: str) -> str:
        return self.path.replace("{station}", station)


@dataclass(frozen=True)
class Case:
    """One role at one station asks, and may or may not."""

    role: Role
    station: str
    community: str
    may: bool


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]


def all_asked(catalogue: Catalogue) -> Iterator[Asked]:
    """What the services can be asked, whether or not a route leads there."""
    here = "/api/v1/stations/{station}"
    for service in catalogue.services.values():
        for command in service.commands.values():
            path = f"{here}/{service.name}/{kebab(command.aggregate)}:{kebab(command.name)}"
            scope = scope_of(service.name, "write")
            yield Asked("POST", path, service.name, command.name, scope)
            yield Asked("POST", f"{path}/batch", service.name, command.name, scope, batch=True)
        for name, question in service.questions.items():
            if name not in LOG_QUESTIONS:
                for method, rule in ways_of(question):
                    path = f"/api/v1{rule}".replace("<area:station>", "{station}")
                    yield Asked(method, path, service.name, name, scope_of(service.name, "read"))
        for paper, (method, name) in PAPERS.items() if service.name == "relief" else ():
            yield Asked(method, f"{here}/relief/{paper}", "relief", name, "relief.read")
        for name, what in LOGS.values() if service.has_log else ():
            yield Asked("GET", f"/api/v1/logs/{{station}}/{service.name}/{what}", service.name, name, "logs.read")


def cases(permissions: Permissions, name: str) -> Iterator[Case]:
    """Every role × own and other station × own community or none, and what the row says."""
    for role in Role:
        scope = permissions[name].get(role)
        for station in (STATION, ELSEWHERE):
            for community in ("own", "") if scope is Scope.COMMUNITY else ("",):
                near = scope is Scope.EVERY_STATION or station == STATION
                may = scope is not None and near and (scope is not Scope.COMMUNITY or bool(community))
                yield Case(role, station, community, may)
