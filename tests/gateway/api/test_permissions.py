"""The permission matrix: everything × every role × own and other station × own and other community."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from lastmile.catalogue import catalogue
from lastmile.composition import definition_of
from lastmile.embedded import Embedded
from lastmile.kernel.domain.aggregate import Handlers
from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.domain.identity import Role, Scope
from lastmile.kernel.store.execution import Order
from lastmile.settings import SERVICES
from tests.gateway.api.conftest import STATION
from tests.gateway.api.matrix import LOGS, OPEN, OWN, Asked, Case, all_asked, cases, routes
from tests.gateway.api.people import FOR_EVER, StandInAccess

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
    for asked in EVERYTHING:
        assert permissions_of(asked)[asked.name], asked
        if CATALOGUE.services[asked.service].is_for_people(asked.name):
            expected.add(f"{asked.method} {asked.path}")
    shown = {route.replace("<station:station>", "{station}").replace("<area:station>", "{station}") for route in led_to}
    others = {route for route in shown - expected if "/stations/" in route}
    assert not others, "a route without a row of permissions"
    assert {route for route in expected if "/stations/" in route} <= shown, "a row for people without a route"


def test_every_other_route_is_named_as_open_or_as_ones_own(app: Flask) -> None:
    found = {rule.endpoint for rule in routes(app) if "/stations/" not in rule.rule}
    assert found == OPEN | OWN | set(LOGS)


@pytest.mark.parametrize("asked", EVERYTHING, ids=lambda asked: f"{asked.method} {asked.path.removeprefix('/api/v1')}")
def test_a_role_may_ask_what_the_permission_files_say(app: Flask, access: StandInAccess, asked: Asked) -> None:
    client, for_people = app.test_client(), CATALOGUE.services[asked.service].is_for_people(asked.name)
    for number, case in enumerate(cases(permissions_of(asked), asked.name)):
        more = {"community": case.community, "confirmed_until": FOR_EVER, "scopes": [asked.scope]}
        who = access.let_in("matrix", case.role, STATION, **more)
        if asked.batch:
            body: Any = {"rows": [{"command_id": f"matrix-{number}", "body": {}}]}
        else:
            body = {} if asked.method == "POST" else None
        headers = {**who, "Idempotency-Key": f"matrix-{number}"}
        response = client.open(asked.at(case.station), method=asked.method, json=body, headers=headers)
        if not for_people:
            assert response.status_code == 404, (case, response.text)
            continue
        answer = response.get_json(force=True, silent=True)
        if asked.batch:
            assert response.status_code == 200
            answer = answer["outcomes"][0].get("problem")
        forbidden = isinstance(answer, dict) and answer.get("code") == "forbidden"
        assert forbidden is not case.may, (case, response.text)
        assert response.status_code < 500


@pytest.mark.parametrize("service", SERVICES)
def test_a_role_is_refused_by_the_service_itself_too(home: Embedded, service: str) -> None:
    """Whoever gets past the gateway with an identity meets the same rows."""
    running, definition = home.services[service], definition_of(service)
    for name in definition.permissions:
        for case in cases(definition.permissions, name):
            assert _may(running, name, case, name in definition.handlers.by_name) is case.may, (name, case)


def _may(service: Any, name: str, case: Case, is_command: bool) -> bool:
    from lastmile.kernel.domain.identity import Identity

    identity = Identity("someone", case.role, STATION, FOR_EVER, case.community, FOR_EVER)
    try:
        if is_command:
            order = Order(command_id="matrix", station=case.station, name=name, body={}, identity=identity)
            service.command(order)
        else:
            service.ask(name, identity, case.station, {})
    except Failure as failure:
        return failure.as_problem()["code"] != "forbidden"
    return True
