"""What OpenAPI says of every path alike: its headers, its answers, its failures."""

from collections.abc import Mapping
from typing import Any

from apispec import APISpec
from marshmallow import INCLUDE, Schema, fields, validate

ROWS_IN_A_CALL = 2_000

FAILURES = {
    400: "The request cannot be read, or has no Idempotency-Key.",
    401: "Nobody is signed in, or the session has ended.",
    403: "This role or system may not ask this here, or a second factor is needed first.",
    404: "There is no such thing.",
    409: "A rule forbids it, or the same key was used before with another body.",
    412: "The record was changed since it was read.",
    413: "The body is larger than 16 MB.",
    415: "The body is not of the type that is asked for.",
    422: "Well formed, and wrong: `fields` names each wrong field.",
    429: "Asked too often: ask again after Retry-After seconds.",
    500: "A mistake of ours; the log of the program says where.",
    503: "A part that is needed is away or behind: ask again after Retry-After seconds.",
}
RETRIED = (429, 503)


class Problem(Schema):
    """What went wrong (RFC 9457). `code` is stable; `detail` is for people."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    fields_ = fields.Dict(
        data_key="fields", attribute="fields", metadata={"description": "Each wrong field with what is wrong."}
    )
    where = fields.Dict(metadata={"description": "What it is about."})


class CommandAnswer(Schema):
    """Where what was asked stands in the log; a repeat of the same key answers the same."""

    log = fields.String(required=True)
    position = fields.Integer(required=True, metadata={"description": "The end of the log then: for `min_position`."})
    stream = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "The record's version, also its ETag."})
    event_ids = fields.List(fields.String(), required=True)
    event_types = fields.List(fields.String(), required=True)


class Outcome(Schema):
    """What became of one row."""

    command_id = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(["done", "failed"]))
    answer = fields.Nested(CommandAnswer)
    problem = fields.Nested(Problem)


class Outcomes(Schema):
    """An outcome for each row, in order."""

    outcomes = fields.List(fields.Nested(Outcome), required=True)


SCHEMAS = (Problem, CommandAnswer, Outcome, Outcomes)

PARAMETERS: dict[str, dict[str, Any]] = {
    "IdempotencyKey": {
        "in": "header",
        "name": "Idempotency-Key",
        "required": True,
        "description": "The command's id: asked again under the same key, it is done once and answered the same.",
        "schema": {"type": "string", "pattern": "^[!-~]([ -~]{0,158}[!-~])?$"},
    },
    "IfMatch": {
        "in": "header",
        "name": "If-Match",
        "description": "The ETag of the record as it was read; 412 if it was changed since.",
        "schema": {"type": "string", "pattern": '^((W/)?"[0-9]{1,15}"|[*])$'},
    },
    "ActingAs": {
        "in": "header",
        "name": "Lastmile-Role",
        "description": "For those who hold several roles: `<station>:<role>` or `<station>:<role>:<community>`.",
        "schema": {"type": "string", "pattern": "^[0-9]{9}:[a-z_]+(:[A-Za-z0-9._-]+)?$"},
    },
    "MinPosition": {
        "in": "query",
        "name": "min_position",
        "description": "`<service>:<position>`: wait until what a command answered is shown here, 5 s at most.",
        "schema": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+:[0-9]{1,15}$"}, "maxItems": 8},
        "explode": True,
    },
}


def declare(spec: APISpec, scopes: Mapping[str, str]) -> None:
    """Put what every path refers to into the document; `scopes` by name and meaning."""
    spec.components.security_scheme("session", {"type": "http", "scheme": "bearer"})
    spec.components.security_scheme(
        "system",
        {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/api/v1/oauth/token", "scopes": dict(scopes)}}},
    )
    for schema in SCHEMAS:
        spec.components.schema(schema.__name__, schema=schema)
    for name, parameter in PARAMETERS.items():
        place, header = parameter["in"], {k: v for k, v in parameter.items() if k != "in"}
        spec.components.parameter(name, place, header)
    for status, words in FAILURES.items():
        spec.components.response(f"Failed{status}", _failure(status, words))


def failures(*statuses: int) -> dict[str, str]:
    """The responses of these statuses, by reference."""
    return {str(status): f"Failed{status}" for status in statuses}


def answer(words: str, schema: Any, **headers: str) -> dict[str, Any]:
    """A response in JSON; `headers` by name (with _ for -) and meaning."""
    made: dict[str, Any] = {"description": words, "content": {"application/json": {"schema": schema}}}
    if headers:
        named = {name.replace("_", "-"): meaning for name, meaning in headers.items()}
        made["headers"] = {
            name: {"description": meaning, "schema": {"type": "string"}} for name, meaning in named.items()
        }
    return made


def _failure(status: int, words: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": words,
        "content": {"application/problem+json": {"schema": "Problem"}},
    }
    if status in RETRIED:
        made["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}
    return made
