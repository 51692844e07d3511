"""Questions: GET with parameters in the address, lists page by cursor; POST …:ask where a file is asked about."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from apispec import APISpec
from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema, validate
from werkzeug.datastructures import MultiDict

from services.gateway.api import asked
from services.gateway.api.answers_shown import ShownAnswers
from services.gateway.api.commands import json_answer, kebab
from services.gateway.api.declared import answer, failures
from services.gateway.api.position import wait_for
from services.gateway.api.scopes import let_in, scope_of, secured_by
from services.gateway.api.stations import STATION_OR_AREA
from services.gateway.catalogue import Catalogue, QuestionOffered
from services.gateway.parts import gateway

LONGEST_IN_AN_ADDRESS = 2_000
OF_A_QUESTION = failures(400, 401, 403, 404, 409, 422, 429, 500, 503)
OTHERS = ("min_position",)


def way_of(offered: QuestionOffered) -> tuple[str, str]:
    """Method and path. What is too long for an address is sent as a body; such a question changes nothing either."""
    path = f"/stations/{STATION_OR_AREA}/{offered.service}/{kebab(offered.name)}"
    return ("POST", f"{path}:ask") if _is_long(offered.schema) else ("GET", path)


def _is_long(schema: Schema) -> bool:
    checks = [check for kind in schema.fields.values() for check in kind.validators]
    return any(isinstance(check, validate.Length) and (check.max or 0) > LONGEST_IN_AN_ADDRESS for check in checks)


def add_questions(
    routes: Blueprint, spec: APISpec, converter: Any, answers: ShownAnswers, catalogue: Catalogue
) -> None:
    """A path for every question that people or systems may ask."""
    for offered in catalogue.questions():
        method, path = way_of(offered)
        view, doc = _asking(offered), _of(offered, converter, answers.of(offered.service, offered.answered))
        if method == "POST":
            doc = _of_body(offered, spec, doc)
        view.__name__ = doc["operationId"].replace(".", "_")
        documented = routes.doc(**doc)(view)
        routes.add_url_rule(path, view.__name__, documented, methods=[method], tags=[offered.service])


def _asking(offered: QuestionOffered) -> Callable[..., Response]:
    def told(station: str) -> Response:
        session = let_in(scope_of(offered.service, "read"))
        given = MultiDict([(name, value) for name, value in request.args.items(multi=True) if name not in OTHERS])
        parameters = asked.members() if request.method == "POST" else asked.parameters(offered.schema, given)
        wait_for(offered.service, station, request.args.getlist("min_position"))
        found = gateway().calls.ask(offered.service, station, offered.name, parameters, session.identity)
        response = json_answer(found)
        if offered.listed and found["next"]:
            response.headers["Link"] = _next(found["next"])
        if isinstance(found, dict) and isinstance(found.get("version"), int):
            response.set_etag(str(found["version"]))
        return response

    return told


def _of_body(offered: QuestionOffered, spec: APISpec, doc: dict[str, Any]) -> dict[str, Any]:
    name = f"{offered.service}.{type(offered.schema).__name__}"
    if name not in spec.components.schemas:  # Some questions take the same.
        spec.components.schema(name, schema=offered.schema)
    return {
        **doc,
        "parameters": ["MinPosition", "ActingAs"],
        "requestBody": {"required": True, "content": {"application/json": {"schema": name}}},
        "responses": {**doc["responses"], **failures(413, 415)},
    }


def _next(cursor: str) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("after", "page")]
    return f'<{request.path}?{urlencode([*kept, ("after", cursor)])}>; rel="next"'


def _of(offered: QuestionOffered, converter: Any, answered: dict[str, Any]) -> dict[str, Any]:
    parameters = converter.schema2parameters(offered.schema, location="query")
    headers = {"ETag": "The record's version, where the answer has one."}
    if offered.listed:
        headers = {"Link": "The address of the next page, rel=next; none on the last."}
    return {
        "operationId": f"{offered.service}.{offered.name}",
        "summary": offered.words or offered.name,
        "parameters": [*parameters, "MinPosition", "ActingAs"],
        "responses": {
            "200": answer("The answer.", answered, **headers),
            **OF_A_QUESTION,
        },
        "security": secured_by(scope_of(offered.service, "read")),
    }
