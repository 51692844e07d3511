"""The OpenAPI document: what it says is what is answered, whatever is asked."""

from collections import Counter
from typing import Any, cast

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.modes import GenerationMode
from schemathesis.openapi.checks import UndefinedStatusCode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lastmile.catalogue import catalogue
from lastmile.kernel.domain.identity import STATION_ROLES, Role
from services.access.system import SCOPES
from tests.gateway.api.conftest import STATION
from tests.gateway.api.people import FOR_EVER, StandInAccess

EXAMPLES, EXAMPLES_OF_A_BATCH = 9, 3
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SERVICES = catalogue().services
HEADINGS = (*SERVICES, "sessions", "logs")
QUIET = {"suppress_health_check": list(HealthCheck)}


def role_for(operation_id: str) -> Role:
    """Someone who may ask this, so that more than the refusal is tried."""
    service, _, name = operation_id.removesuffix(".batch").removesuffix(".ask").partition(".")
    rows = SERVICES[service].permissions if service in SERVICES else {}
    return next((role for role in rows.get(name, {}) if role in STATION_ROLES), Role.STATION_HEAD)


def test_the_document_names_every_scope_that_a_path_asks_for(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    named = document["components"]["securitySchemes"]["system"]["flows"]["clientCredentials"]["scopes"]
    asked = {
        scope
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
        for way in operation.get("security", ())
        for scope in way.get("system", ())
    }
    assert asked == set(named) == set(SCOPES)


def test_no_answer_is_left_to_be_guessed(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    answers = {
        (path, status, media_type): content["schema"]
        for path, way in document["paths"].items()
        for operation in way.values()
        if isinstance(operation, dict)
        for status, response in operation["responses"].items()
        for media_type, content in response.get("content", {}).items()
    }
    assert len(answers) > len(document["paths"])
    assert not [where for where, schema in answers.items() if not {"$ref", "type", "anyOf"} & schema.keys()]


def test_every_amount_of_money_is_a_whole_number_of_fen(app: Flask) -> None:
    schemas = app.test_client().get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    fields = [(name, kind) for schema in schemas.values() for name, kind in schema.get("properties", {}).items()]
    amounts = [(name, kind) for name, kind in fields if "amount" in name or "budget" in name or name.endswith("_fen")]
    assert amounts
    for name, kind in amounts:
        assert name.endswith("_fen"), name
        assert "integer" in kind["type"], name


def test_every_path_stands_under_a_heading_that_is_tried(operations: dict[str, list[Any]]) -> None:
    assert set(operations) == set(HEADINGS)


@pytest.mark.parametrize("heading", HEADINGS)
def test_whatever_is_asked_the_answer_is_a_declared_one(
    operations: dict[str, list[Any]], access: StandInAccess, heading: str
) -> None:
    answered: Counter[int] = Counter()
    for operation in operations[heading]:
        try_out(operation, access, answered)
    assert answered.total() >= len(operations[heading])
    assert set(answered) - {401, 403, 404, 429}, "more than refusals was tried"


def cases_of(operation: Any) -> st.SearchStrategy[Any]:
    """What fits the description, and, where there is a body, what does not."""
    fitting = operation.as_strategy()
    if not operation.body:
        return cast("st.SearchStrategy[Any]", fitting)
    return st.one_of(fitting, fitting, operation.as_strategy(GenerationMode.NEGATIVE))


def try_out(operation: Any, access: StandInAccess, answered: Counter[int]) -> None:
    """Ask one operation what its description allows, mostly at the station where the asker may."""

    examples = EXAMPLES_OF_A_BATCH if operation.path.endswith("/batch") else EXAMPLES

    @seed(20170320)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        **QUIET,
    )
    @given(case=cases_of(operation), at_home=st.integers(0, 9))
    def tried(case: Any, at_home: int) -> None:
        role = role_for(operation.definition.raw["operationId"])
        who = access.let_in("trying", role, STATION, confirmed_until=FOR_EVER)
        if "station" in (case.path_parameters or {}) and at_home:
            case.path_parameters["station"] = STATION
        response = case.call(headers={**who, "Lastmile-Role": f"{STATION}:{role}"})
        answered[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    tried()


def test_an_answer_that_is_not_declared_is_found(app: Flask, access: StandInAccess) -> None:
    described = app.test_client().get("/api/v1/openapi.json").get_json()
    (path,) = (path for path in described["paths"] if path.endswith("/relief/fund:open-fund"))
    del described["paths"][path]["post"]["responses"]["422"]
    described["paths"] = {path: described["paths"][path]}
    schema = schemathesis.openapi.from_dict(described)
    schema.app = app
    (made,) = schema.get_all_operations()
    with pytest.raises(FailureGroup) as found:
        try_out(made.ok(), access, Counter())
    assert {type(failure) for failure in found.value.exceptions} == {UndefinedStatusCode}
