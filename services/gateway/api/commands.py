"""Orders: POST …/{aggregate}:{verb} for one, …/batch for many rows."""

import re
from collections.abc import Callable
from typing import Any

import orjson
from apispec import APISpec
from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.gateway.api import asked
from services.gateway.api.declared import ROWS_IN_A_CALL, answer, failures
from services.gateway.api.problems import problem
from services.gateway.api.scopes import let_in, scope_of, secured_by
from services.gateway.api.stations import STATION
from services.gateway.catalogue import Catalogue, CommandOffered
from services.gateway.parts import gateway

OF_A_COMMAND = failures(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 503)
ROW_KEY = "The row's own key, as Idempotency-Key is that of a single order."
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class _Row(Schema):
    command_id = fields.String(required=True, validate=validate.Length(1, 160))
    body = fields.Raw(required=True)


class _Rows(Schema):
    rows = fields.List(fields.Nested(_Row), required=True, validate=validate.Length(1, ROWS_IN_A_CALL))


def kebab(name: str) -> str:
    """ApproveApplication: approve-application; applications_open: applications-open."""
    return _WORD.sub("-", name).lower().replace("_", "-")


def path_of(offered: CommandOffered) -> str:
    return f"/stations/{STATION}/{offered.service}/{kebab(offered.aggregate)}:{kebab(offered.name)}"


def add_commands(routes: Blueprint, spec: APISpec, catalogue: Catalogue) -> None:
    """A path for every command that people or systems may ask, and one for many rows of it."""
    shown: dict[type[Schema], str] = {}
    for offered in catalogue.commands():
        body = shown.get(type(offered.schema))
        if body is None:  # Some orders are the same at every service.
            body = shown[type(offered.schema)] = f"{offered.service}.{offered.name}"
            spec.components.schema(body, schema=offered.schema)
        _add(routes, path_of(offered), offered, _one(offered), _of_one(offered, body))
        _add(routes, f"{path_of(offered)}/batch", offered, _many(offered), _of_many(offered, body))


def _add(
    routes: Blueprint, path: str, offered: CommandOffered, view: Callable[..., Response], doc: dict[str, Any]
) -> None:
    view.__name__ = doc["operationId"].replace(".", "_")
    documented = routes.doc(**doc)(view)
    routes.add_url_rule(path, view.__name__, documented, methods=["POST"], tags=[offered.service])


def _one(offered: CommandOffered) -> Callable[..., Response]:
    def told(station: str) -> Response:
        session = let_in(scope_of(offered.service, "write"), offered.name)
        row = (asked.key(), asked.body())
        version = asked.expected_version()
        tell = gateway().calls.tell
        (outcome,) = tell(offered.service, station, offered.name, [row], session.identity, version)
        if outcome["status"] == "failed":
            return problem(outcome["problem"])
        response = json_answer(outcome["answer"])
        response.set_etag(str(outcome["answer"]["version"]))
        return response

    return told


def _many(offered: CommandOffered) -> Callable[..., Response]:
    def told(station: str) -> Response:
        session = let_in(scope_of(offered.service, "write"), offered.name)
        rows = asked.checked_body(_Rows())["rows"]
        pairs = [(row["command_id"], row["body"]) for row in rows]
        outcomes = gateway().calls.tell(offered.service, station, offered.name, pairs, session.identity)
        return json_answer({"outcomes": outcomes})

    return told


def json_answer(value: Any) -> Response:
    """The value in one spelling: a repeat is answered byte for byte the same."""
    return Response(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), mimetype="application/json")


def _of_one(offered: CommandOffered, body: str) -> dict[str, Any]:
    done = answer("It was done, now or when it was first asked.", "CommandAnswer", ETag="The record's version.")
    return {
        "operationId": f"{offered.service}.{offered.name}",
        "summary": offered.words or offered.name,
        "parameters": ["IdempotencyKey", "IfMatch", "ActingAs"],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": done, **OF_A_COMMAND},
        "security": secured_by(scope_of(offered.service, "write")),
    }


def _of_many(offered: CommandOffered, body: str) -> dict[str, Any]:
    row = {
        "type": "object",
        "required": ["command_id", "body"],
        "additionalProperties": False,
        "properties": {
            "command_id": {"type": "string", "minLength": 1, "maxLength": 160, "description": ROW_KEY},
            "body": {"$ref": f"#/components/schemas/{body}"},
        },
    }
    rows = {"type": "array", "minItems": 1, "maxItems": ROWS_IN_A_CALL, "items": row}
    schema = {"type": "object", "required": ["rows"], "additionalProperties": False, "properties": {"rows": rows}}
    return {
        "operationId": f"{offered.service}.{offered.name}.batch",
        "summary": f"{offered.words} Many rows, an outcome each: a bad one spoils nothing.",
        "parameters": ["ActingAs"],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": answer("An outcome each.", "Outcomes"), **OF_A_COMMAND},
        "security": secured_by(scope_of(offered.service, "write")),
    }
