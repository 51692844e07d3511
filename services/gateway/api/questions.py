"""Questions: GET with parameters in the address; POST …:ask where personal data or a file stands in a body instead."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from apispec import APISpec
from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from lastmile.kernel.domain.failures import Invalid
from services.gateway.api import asked
from services.gateway.api.answers_shown import ShownAnswers
from services.gateway.api.commands import json_answer, kebab
from services.gateway.api.declared import answer, failures
from services.gateway.api.position import wait_for
from services.gateway.api.scopes import let_in, scope_of, secured_by
from services.gateway.api.stations import STATION_OR_AREA
from services.gateway.catalogue import Catalogue, QuestionOffered
from services.gateway.parts import gateway
from services.gateway.sealing import opened, sealed

LONGEST_IN_AN_ADDRESS = 2_000
OF_A_QUESTION = failures(400, 401, 403, 404, 409, 422, 429, 500, 503)
OTHERS = ("min_position",)
ASK = ":ask"
VERSION = "The record's version, for If-Match."
NEXT_PAGE = "The address of the next page, rel=next; none on the last."


def ways_of(offered: QuestionOffered) -> list[tuple[str, str]]:
    """Methods and paths. What addresses, which others keep, must not say, or are too short for, is sent as a body.

    Such a question changes nothing either.
    """
    path = f"/stations/{STATION_OR_AREA}/{offered.service}/{kebab(offered.name)}"
    by_address, by_body = ("GET", path), ("POST", f"{path}{ASK}")
    if _is_long(offered.schema):
        return [by_body]
    return [by_address, by_body] if offered.personal else [by_address]


def _is_long(schema: Schema) -> bool:
    checks = [check for kind in schema.fields.values() for check in kind.validators]
    return any(isinstance(check, validate.Length) and (check.max or 0) > LONGEST_IN_AN_ADDRESS for check in checks)


def add_questions(
    routes: Blueprint, spec: APISpec, converter: Any, answers: ShownAnswers, catalogue: Catalogue
) -> None:
    """A path, or two, for every question that people or systems may ask."""
    for offered in catalogue.questions():
        answered = answers.of(offered.service, offered.answered)
        for place, (method, path) in enumerate(ways_of(offered)):
            by_body = method == "POST"
            doc = _of_body(offered, spec, answered) if by_body else _of_address(offered, converter, answered)
            operation_id = f"{offered.service}.{offered.name}{'.ask' if place else ''}"
            view = _asking(offered, by_body)
            view.__name__ = operation_id.replace(".", "_")
            documented = routes.doc(operationId=operation_id, **doc)(view)
            routes.add_url_rule(path, view.__name__, documented, methods=[method], tags=[offered.service])


def _asking(offered: QuestionOffered, by_body: bool) -> Callable[..., Response]:
    def told(station: str) -> Response:
        session = let_in(scope_of(offered.service, "read"))
        _refuse_personal_address(offered)
        given = MultiDict([(name, value) for name, value in request.args.items(multi=True) if name not in OTHERS])
        parameters = asked.members() if by_body else asked.parameters(offered.schema, given)
        if offered.listed:
            parameters = _with_cursor_opened(parameters)
        wait_for(offered.service, station, request.args.getlist("min_position"))
        found = gateway().calls.ask(offered.service, station, offered.name, parameters, session.identity)
        if offered.listed:  # A cursor says where in the order the page ends: with a name, for example.
            found = {**found, "next": sealed(found["next"] or "") or None}
        response = json_answer(found)
        if offered.listed and not by_body and found["next"]:
            response.headers["Link"] = _next(found["next"])
        if has_version(offered):
            response.set_etag(str(found["version"]))
        return response

    return told


def has_version(offered: QuestionOffered) -> bool:
    """Whether it answers one record with a stream of its own, whose version a command may mind."""
    answered = offered.answered
    return isinstance(answered, fields.Nested) and "version" in answered.schema.fields


def _refuse_personal_address(offered: QuestionOffered) -> None:
    """Proxies and programs keep the addresses that they saw. Raises Invalid naming each personal parameter in one."""
    if shown := offered.personal & request.args.keys():
        way = f"Personal: addresses are kept by others. Ask by POST {request.path.removesuffix(ASK)}{ASK}, in the body."
        raise Invalid({name: [way] for name in shown})


def _with_cursor_opened(parameters: dict[str, Any]) -> dict[str, Any]:
    """Raises Invalid where `after` is no cursor that an answer gave."""
    if "after" not in parameters:
        return parameters
    after = parameters["after"]
    if not (isinstance(after, str) and (cursor := opened(after))):
        raise Invalid({"after": ["No cursor: give what an earlier answer had as `next`."]})
    return {**parameters, "after": cursor}


def _next(cursor: str) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("after", "page")]
    return f'<{request.path}?{urlencode([*kept, ("after", cursor)])}>; rel="next"'


def _of_address(offered: QuestionOffered, converter: Any, answered: dict[str, Any]) -> dict[str, Any]:
    headers = {"Link": NEXT_PAGE} if offered.listed else _etag(offered)
    parameters = converter.schema2parameters(offered.schema, location="query")
    shown = [each for each in parameters if each["name"] not in offered.personal]
    return {**_of(offered, answered, headers), "parameters": [*shown, "MinPosition", "ActingAs"]}


def _of_body(offered: QuestionOffered, spec: APISpec, answered: dict[str, Any]) -> dict[str, Any]:
    name = f"{offered.service}.{type(offered.schema).__name__}"
    if name not in spec.components.schemas:  # Some questions take the same.
        spec.components.schema(name, schema=offered.schema)
    doc = _of(offered, answered, _etag(offered))
    return {
        **doc,
        "parameters": ["MinPosition", "ActingAs"],
        "requestBody": {"required": True, "content": {"application/json": {"schema": name}}},
        "responses": {**doc["responses"], **failures(413, 415)},
    }


def _etag(offered: QuestionOffered) -> dict[str, str]:
    return {"ETag": VERSION} if has_version(offered) else {}


def _of(offered: QuestionOffered, answered: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    return {
        "summary": offered.words or offered.name,
        "responses": {"200": answer("The answer.", answered, **headers), **OF_A_QUESTION},
        "security": secured_by(scope_of(offered.service, "read")),
    }
