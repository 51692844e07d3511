"""What went wrong, as problem+json (RFC 9457), whoever found it: a service, the gateway or Flask itself."""

import traceback
from typing import Any

import orjson
import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from lastmile.kernel.domain.failures import Failure
from services.gateway.console import errors as pages

logger = structlog.get_logger()

RETRY_SECONDS = 1
CODES = {
    400: "bad-request",
    404: "no-such-path",
    405: "no-such-method",
    413: "too-large",
    415: "wrong-media-type",
    429: "too-many-requests",
}


class BadRequest(Failure):
    """The request cannot be read."""

    code = "bad-request"
    status = 400


class KeyNeeded(Failure):
    """Every order carries an id of its own: the header Idempotency-Key, the same again when it is asked again."""

    code = "idempotency-key-needed"
    status = 400


class WrongMediaType(Failure):
    """Orders are JSON: Content-Type application/json."""

    code = "wrong-media-type"
    status = 415


class ScopeNeeded(Failure):
    """The system was not given this scope."""

    code = "scope-needed"
    status = 403


def problem(members: dict[str, Any]) -> Response:
    """The answer to a failed request, with Retry-After where asking again may help."""
    status = int(members.get("status", 400))
    response = Response(orjson.dumps(members), status, mimetype="application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        response.headers["Retry-After"] = str(members.get("where", {}).get("wait_seconds", RETRY_SECONDS))
    return response


def answer_with_problems(app: Flask) -> None:
    """Under /api/ every failure is a problem; elsewhere it is a page."""
    app.register_error_handler(Failure, _failed)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def is_interface(path: str) -> bool:
    return path.startswith("/api/")


def _failed(failure: Failure) -> AnyResponse:
    return problem(failure.as_problem()) if is_interface(request.path) else pages.failed(failure)


def _http(error: HTTPException) -> AnyResponse:
    if not is_interface(request.path):
        return pages.http(error)
    status = error.code or 500
    members = {
        "type": f"urn:lastmile:{CODES.get(status, 'failure')}",
        "title": error.name,
        "status": status,
        "code": CODES.get(status, "failure"),
        "detail": error.description or error.name,
    }
    made = problem(members)
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            made.headers[name] = value
    return made


def _broken(error: Exception) -> AnyResponse:
    """A bug: told in the log by its place, without the words of the error, which may hold personal data."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{place.filename}:{place.lineno} {place.name}"
    logger.error("broken", service="gateway", path=request.path, error=type(error).__name__, where=where)
    if not is_interface(request.path):
        return pages.broken()
    detail = "The gateway made a mistake; its log says where."
    return problem(
        {"type": "urn:lastmile:broken", "title": "Broken", "status": 500, "code": "broken", "detail": detail}
    )
