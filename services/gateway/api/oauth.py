"""Systems sign in by OAuth 2 client credentials (RFC 6749, section 4.4): a client id and its secret for a token."""

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import orjson
from flask import Response, request
from flask_smorest import Blueprint

from lastmile.kernel.domain.failures import Failure
from services.gateway import signing_in
from services.gateway.api.declared import answer, failures
from services.gateway.session import opened

TOKEN_SECONDS = 3_600
GUESSED = (401, 403, 404, 422)


class Refusal(Exception):
    """What the client did wrong, in the words of RFC 6749, section 5.2."""

    def __init__(self, error: str, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.error, self.words, self.status = error, words, status


def add_oauth(routes: Blueprint, guessing: Callable[[Any], Any]) -> None:
    """The path of tokens; `guessing` limits how often an address may try a secret."""
    view = routes.doc(**DOCUMENTED)(guessing(oauth_token))
    routes.add_url_rule("/oauth/token", "oauth_token", view, methods=["POST"], tags=["sessions"])


def oauth_token() -> Response:
    """A token for a system that an administrator registered: client id and secret by HTTP Basic, or in the form."""
    try:
        return _answered(_opened(), 200)
    except Refusal as refusal:
        response = _answered({"error": refusal.error, "error_description": refusal.words}, refusal.status)
        if refusal.status == 401:
            response.headers["WWW-Authenticate"] = 'Basic realm="lastmile"'
        return response


def _opened() -> dict[str, Any]:
    if request.mimetype != "application/x-www-form-urlencoded":
        raise Refusal("invalid_request", "application/x-www-form-urlencoded is needed")
    if any(len(values) > 1 for _, values in request.form.lists()):
        raise Refusal("invalid_request", "a parameter is given twice")
    client_id, secret = _client()
    if "grant_type" not in request.form:
        raise Refusal("invalid_request", "grant_type is needed")
    if request.form["grant_type"] != "client_credentials":
        raise Refusal("unsupported_grant_type", "client_credentials is all that is given")
    token = _signed_in(client_id, secret)
    session = opened(token)
    if session is None:
        raise Refusal("invalid_client", "the session has ended", 401)
    if not set(request.form.get("scope", "").split()) <= set(session.scopes):
        raise Refusal("invalid_scope", "a scope was asked for that was not given to this client")
    scope = " ".join(sorted(session.scopes))
    return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, "scope": scope}


def _client() -> tuple[str, str]:
    given = request.authorization
    if given is None or given.type != "basic":
        client_id, secret = request.form.get("client_id", ""), request.form.get("client_secret", "")
    else:
        client_id, secret = unquote(given.username or ""), unquote(given.password or "")
    if not client_id or not secret:
        raise Refusal("invalid_client", "client id and secret are needed", 401)
    return client_id, secret


def _signed_in(client_id: str, secret: str) -> str:
    key = request.headers.get("Idempotency-Key") or secrets.token_urlsafe()
    try:
        return signing_in.sign_in_system(key, client_id, secret, request.remote_addr or "")
    except Failure as failure:
        if failure.as_problem().get("status") in GUESSED:
            raise Refusal("invalid_client", "no such client, or another secret", 401) from None
        raise


def _answered(value: dict[str, Any], status: int) -> Response:
    response = Response(orjson.dumps(value), status, mimetype="application/json")
    response.headers["Pragma"] = "no-cache"
    return response


_TEXT = {"type": "string"}
_FORM = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        **dict.fromkeys(("client_id", "client_secret", "scope"), _TEXT),
    },
}
_TOKEN = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {**dict.fromkeys(("access_token", "token_type", "scope"), _TEXT), "expires_in": {"type": "integer"}},
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": _TEXT, "error_description": _TEXT},
}
DOCUMENTED = {
    "operationId": "oauth.token",
    "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": _FORM}}},
    "responses": {
        "200": answer("The token.", _TOKEN),
        "400": answer("RFC 6749, section 5.2.", _ERROR),
        "401": answer("RFC 6749, section 5.2: invalid_client.", _ERROR),
        **failures(409, 413, 429, 500, 503),
    },
}
