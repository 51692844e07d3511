"""The permission matrix: everything × every role × own and other station × own and other community."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lastmile.catalogue import catalogue
from lastmile.composition import definition_of
from lastmile.embedded import Embedded
from lastmile.kernel.domain.failures import Failure, Forbidden
from lastmile.kernel.domain.identity import Identity, Permissions, Role, Scope
from lastmile.kernel.store.execution import Order
from lastmile.kernel.store.service import Definition, Service
from lastmile.settings import SERVICES
from tests.gateway.api.conftest import STATION
from tests.gateway.api.matrix import LOGS, OPEN, OWN, PAPERS, Asked, Case, all_asked, cases, routes
from tests.gateway.api.people import FOR_EVER, StandInAccess
from tests.kernel.sample import SAMPLE

CATALOGUE = catalogue()
EVERYTHING = list(all_asked(CATALOGUE))


def permissions_of(asked: Asked) -> Any:
    return CATALOGUE.services[asked.service].permissions


def test_every_route_has_a_row_and_every_row_for_people_a_route(app: Flask) -> None:
    led_to = {
        f"{method} {rule.rule}"
        for rule in routes(app)
        for method in rule.methods or ()
        if method in ("GET", "POST", "DELETE")
    }
    expected = set()
    assert without_a_row({name: found.permissions for name, found in CATALOGUE.services.items()}) == []
    for asked in EVERYTHING:
        if CATALOGUE.services[asked.service].is_for_people(asked.name):
            expected.add(f"{asked.method} {asked.path}")
    shown = {route.replace("<station:station>", "{station}").replace("<area:station>", "{station}") for route in led_to}
    others = {route for route in shown - expected if "/stations/" in route}
    assert not others, "a route without a row of permissions"
    assert {route for route in expected if "/stations/" in route} <= shown, "a row for people without a route"


def without_a_row(permissions: Mapping[str, Permissions]) -> list[Asked]:
    return [asked for asked in EVERYTHING if not permissions[asked.service].get(asked.name)]


def test_a_row_that_was_taken_away_is_found() -> None:
    whole = {name: found.permissions for name, found in CATALOGUE.services.items()}
    for asked in EVERYTHING:
        less = {name: rows for name, rows in whole[asked.service].items() if name != asked.name}
        assert asked in without_a_row({**whole, asked.service: less})


def test_every_other_route_is_named_as_open_or_as_ones_own(app: Flask) -> None:
    found = {rule.endpoint for rule in routes(app) if "/stations/" not in rule.rule}
    assert found == OPEN | OWN | set(LOGS)


@pytest.mark.parametrize("asked", EVERYTHING, ids=lambda asked: f"{asked.method} {asked.path.removeprefix('/api/v1')}")
def test_a_role_may_ask_what_the_permission_files_say(app: Flask, access: StandInAccess, asked: Asked) -> None:
    assert otherwise(app, access, asked) == []


def test_a_service_that_minds_no_permissions_is_found(
    app: Flask, access: StandInAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Identity, "may", lambda *_: Scope.EVERY_STATION)
    for asked in EVERYTHING[::7]:
        paper = asked.path.rpartition("/")[2] in PAPERS  # The gateway too looks at their rows.
        if CATALOGUE.services[asked.service].is_for_people(asked.name) and not paper:
            assert otherwise(app, access, asked), asked


def otherwise(app: Flask, access: StandInAccess, asked: Asked) -> list[Any]:
    """The cases in which the route answers otherwise than the row says."""
    client, for_people = app.test_client(), CATALOGUE.services[asked.service].is_for_people(asked.name)
    found = []
    for case in cases(permissions_of(asked), asked.name):
        response = client.open(asked.at(case.station), method=asked.method, **sent(asked, case, access))
        if not for_people:
            found += [(case, response.text)] if response.status_code != 404 else []
        elif response.status_code >= 500 or is_forbidden(response, asked.batch) is case.may:
            found.append((case, response.text))
    return found


def sent(asked: Asked, case: Case, access: StandInAccess) -> dict[str, Any]:
    """What the request carries: an empty body, which only those are told is wrong who may ask at all."""
    more = {"community": case.community, "confirmed_until": FOR_EVER, "scopes": [asked.scope]}
    who = access.let_in("matrix", case.role, STATION, **more)
    body: Any = {"rows": [{"command_id": "matrix", "body": {}}]} if asked.batch else {}
    return {"headers": {**who, "Idempotency-Key": "matrix"}, "json": None if asked.method == "GET" else body}


def is_forbidden(response: TestResponse, batch: bool) -> bool:
    answer = response.get_json(force=True, silent=True)
    if batch and response.status_code == 200:
        answer = answer["outcomes"][0].get("problem")
    return isinstance(answer, dict) and answer.get("code") == Forbidden.code


@pytest.mark.parametrize("service", SERVICES)
def test_the_service_itself_says_the_same(home: Embedded, service: str) -> None:
    """Whoever gets past the gateway with an identity meets the same rows."""
    definition = definition_of(service)
    for name in definition.permissions:
        for case in cases(definition.permissions, name):
            identity = Identity("someone", case.role, STATION, FOR_EVER, case.community, FOR_EVER)
            assert may(home.services[service], name, case.station, identity, {}) is case.may, (name, case)


def may(service: Service, name: str, station: str, identity: Identity, body: dict[str, Any]) -> bool:
    try:
        if name in service.definition.handlers.by_name:
            service.command(Order(command_id="matrix", station=station, name=name, body=body, identity=identity))
        else:
            service.ask(name, identity, station, body)
    except Failure as failure:
        return failure.as_problem()["code"] != Forbidden.code
    return True


ONESELF = frozenset(
    {"ChangePassword", "EnrolSecondFactor", "RemoveSecondFactor", "EndSession", "sessions", "sign_ins_list"}
)
"""Asked of access about oneself, at whatever station."""
WIDE = frozenset({Role.OPERATOR, Role.GATEWAY, Role.DISTRICT_OFFICE, Role.DISTRICT_AUDITOR})
"""Who may reach every station."""


def too_wide(service: str, permissions: Permissions) -> list[tuple[str, Role]]:
    """The rows that reach further than a role ever does, whatever is asked."""
    found = []
    for name, roles in permissions.items():
        for role, scope in roles.items():
            oneself = service == "access" and name in ONESELF
            names = (service, name) == ("access", "names")
            far = scope is Scope.EVERY_STATION and role not in WIDE
            beyond = role is Role.COMMUNITY_CHAIR and scope is not Scope.COMMUNITY and not names
            ordered = role in (Role.DISTRICT_OFFICE, Role.DISTRICT_AUDITOR) and name[0].isupper()
            if not oneself and (far or beyond or (ordered and name != "RecordExport")):
                found.append((name, role))
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_no_row_reaches_further_than_its_role_ever_does(service: str) -> None:
    permissions = {name: {**roles} for name, roles in definition_of(service).permissions.items()}
    newcomers = [name for name, roles in permissions.items() if roles.pop(Role.NEWCOMER, None)]
    assert newcomers == (["ChangePassword"] if service == "access" else [])
    assert too_wide(service, permissions) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_row_that_was_widened_is_found(service: str) -> None:
    for name, roles in definition_of(service).permissions.items():
        for role in roles.keys() - WIDE - {Role.NEWCOMER} if name not in ONESELF else ():
            assert too_wide(service, {name: {role: Scope.EVERY_STATION}}) == [(name, role)]


@pytest.mark.parametrize("definition", [*map(definition_of, SERVICES), SAMPLE], ids=lambda found: found.name)
def test_a_chair_of_a_community_reaches_no_other(definition: Definition) -> None:
    """Whatever a chair of a community may ask tells which community it concerns, or minds the chair's own."""
    for name, roles in definition.permissions.items():
        for role, scope in roles.items():
            assert (role is Role.COMMUNITY_CHAIR) or scope is not Scope.COMMUNITY, name
        if Scope.COMMUNITY in roles.values():
            handles = definition.handlers.by_name.get(name)
            by_community = {query.name for query in definition.queries if query.by_community}
            assert (handles and handles.community) or name in by_community, name
