"""Reading a request: its JSON, its key, the version it minds, and the parameters in its address."""

import json
import re
from collections import Counter
from typing import Any

import orjson
from flask import request
from marshmallow import Schema, fields
from werkzeug.datastructures import MultiDict

from lastmile.kernel.domain.canonical import NotPlain, plain
from lastmile.kernel.domain.failures import Invalid
from services.gateway.api.problems import BadRequest, KeyNeeded, WrongMediaType

COMMAND_ID = re.compile(r"[ -~]{1,160}")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,16}")
_VERSION = re.compile(r'(?:W/)?"([0-9]{1,16})"')


def body() -> Any:
    """The JSON that was sent. Raises WrongMediaType, BadRequest, or Invalid naming what no service could keep."""
    if request.mimetype != "application/json":
        raise WrongMediaType
    try:
        sent = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"the body is not JSON: {error}") from None
    try:
        plain(sent)
    except NotPlain as error:
        raise Invalid({error.field or "body": [str(error)]}) from None
    return json.loads(request.get_data(), object_pairs_hook=_each_once)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Raises Invalid for a name that stands twice in it: two readers may take another one of the two."""
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _ in pairs)
        raise Invalid({name: ["Given more than once."] for name, count in times.items() if count > 1})
    return found


def members() -> dict[str, Any]:
    """The parameters that were sent as a JSON object. Raises Invalid."""
    sent = body()
    if not isinstance(sent, dict):
        raise Invalid({"body": ["Needed: an object of parameters."]})
    return sent


def checked_body(schema: Schema) -> dict[str, Any]:
    """The JSON that was sent, as the gateway's own schema wants it. Raises Invalid naming each wrong field."""
    return checked(schema, body())


def checked(schema: Schema, given: Any) -> dict[str, Any]:
    """What was given, if it is as the schema wants it. Raises Invalid naming each wrong field."""
    wrong = schema.validate(given)
    if wrong:
        raise Invalid(dict(wrong))
    fitting: dict[str, Any] = given
    return fitting


def key() -> str:
    """The id under which this is asked. Raises KeyNeeded."""
    found = request.headers.get("Idempotency-Key", "")
    if not found:
        raise KeyNeeded
    if not COMMAND_ID.fullmatch(found):
        raise BadRequest("Idempotency-Key: 1 to 160 letters, digits and signs (ASCII)")
    return found


def expected_version() -> int | None:
    """The version in If-Match; None if any will do."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    found = _VERSION.fullmatch(given)
    if not found:
        raise BadRequest('If-Match: the ETag of an earlier answer, as in "7", or *')
    return int(found[1])


def parameters(schema: Schema, given: MultiDict[str, str]) -> dict[str, Any]:
    """What stands in the address, as the JSON that the question takes; what does not fit is left for it to refuse."""
    found: dict[str, Any] = {}
    for name in given:
        kind, values = schema.fields.get(name), given.getlist(name)
        if isinstance(kind, fields.List):
            found[name] = [_value(kind.inner, value) for value in values]
        elif len(values) > 1:
            raise Invalid({name: ["Given more than once."]})
        else:
            found[name] = _value(kind, values[0])
    return found


def _value(kind: fields.Field[Any] | None, text: str) -> Any:
    if isinstance(kind, fields.Integer) and _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if isinstance(kind, fields.Boolean) and text in ("true", "false"):
        return text == "true"
    return text
