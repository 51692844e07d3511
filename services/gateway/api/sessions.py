"""Sessions over REST: opened with a password, confirmed by a second factor, ended."""

from collections.abc import Callable
from typing import Any

from apispec import APISpec
from flask import Response, g, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate

from lastmile.kernel.domain.failures import Unauthenticated
from services.gateway import signing_in
from services.gateway.api import asked
from services.gateway.api.commands import json_answer
from services.gateway.api.declared import answer, failures
from services.gateway.session import Session, current, opened

SHOWN = (
    *(
        "session_id",
        "person_id",
        "account_name",
        "name",
        "home_station",
        "station",
        "role",
        "community",
        "roles",
        "scopes",
    ),
    *("must_change_password", "has_second_factor", "confirmed_until"),
)
CURRENT = "/sessions/current"


class SignIn(Schema):
    """Which account of which station, with its password."""

    class Meta:
        unknown = RAISE

    station = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{9}\Z"))
    account_name = fields.String(required=True, validate=validate.Length(1, 80))
    password = fields.String(required=True, validate=validate.Length(1, 200))


class Confirmation(Schema):
    """A code of the second factor."""

    class Meta:
        unknown = RAISE

    code = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{6}\Z"))


class RoleShown(Schema):
    """A role held today; `community` of a community chair, `until` the last day of standing in, else empty."""

    station = fields.String(required=True)
    role = fields.String(required=True)
    community = fields.String(required=True)
    until = fields.String(required=True)


class SessionShown(Schema):
    """Who is signed in, and in which role; `roles` are those that may be chosen by Lastmile-Role."""

    session_id = fields.String(required=True)
    person_id = fields.String(required=True)
    account_name = fields.String(required=True)
    name = fields.String(required=True)
    home_station = fields.String(required=True)
    station = fields.String(required=True)
    role = fields.String(required=True)
    community = fields.String(required=True)
    roles = fields.List(fields.Nested(RoleShown), required=True)
    scopes = fields.List(fields.String(), required=True)
    must_change_password = fields.Boolean(required=True)
    has_second_factor = fields.Boolean(required=True)
    confirmed_until = fields.String(
        required=True, metadata={"description": "RFC 3339; empty where no second factor was given lately."}
    )


class SessionOpened(SessionShown):
    """The session, and the secret that opens it: shown this once."""

    token = fields.String(required=True)


def add_sessions(routes: Blueprint, spec: APISpec, guessing: Callable[[Any], Any]) -> None:
    """The paths of sessions; `guessing` limits how often an address may try a password."""
    for schema in (SignIn, Confirmation, RoleShown, SessionShown, SessionOpened):
        spec.components.schema(schema.__name__, schema=schema())
    for path, method, view, doc in (
        ("/sessions", "POST", guessing(open_session), OPENED),
        (CURRENT, "GET", show_session, SHOWN_NOW),
        (CURRENT, "DELETE", end_session, ENDED),
        (f"{CURRENT}:confirm", "POST", confirm_session, CONFIRMED),
    ):
        routes.add_url_rule(path, view.__name__, routes.doc(**doc)(view), methods=[method], tags=["sessions"])


def open_session() -> Response:
    """Sign in; the answer's `token` is the bearer of what is asked then."""
    key, sent = asked.key(), asked.checked_body(SignIn())
    who = (sent["station"], sent["account_name"], sent["password"])
    token = signing_in.sign_in(key, *who, address=request.remote_addr or "")
    session = opened(token)
    if session is None:
        raise Unauthenticated("the session that this key opened has ended: sign in under another key")
    response = json_answer({**_shown(session), "token": token})
    response.status_code = 201
    return response


def show_session() -> Response:
    """Who asks, and in which role."""
    return json_answer(_shown(current()))


def end_session() -> Response:
    """Sign out."""
    signing_in.sign_out(current(), "sign-out")
    return Response(status=204)


def confirm_session() -> Response:
    """Give the second factor: approving and releasing money need it given within the last minutes."""
    key, sent = asked.key(), asked.checked_body(Confirmation())
    signing_in.confirm(current(), sent["code"], key)
    g.pop("session")
    return json_answer(_shown(current()))


def _shown(session: Session) -> dict[str, Any]:
    return {name: getattr(session, name) for name in SHOWN}


def _takes(schema: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


OPENED = {
    "operationId": "sessions.open",
    "parameters": ["IdempotencyKey"],
    "requestBody": _takes("SignIn"),
    "responses": {
        "201": answer("Signed in.", "SessionOpened"),
        **failures(400, 401, 404, 409, 413, 415, 422, 429, 500, 503),
    },
}
SHOWN_NOW = {
    "operationId": "sessions.current",
    "parameters": ["ActingAs"],
    "responses": {"200": answer("Who asks.", "SessionShown"), **failures(401, 429, 500, 503)},
    "security": [{"session": []}, {"system": []}],
}
ENDED = {
    "operationId": "sessions.end",
    "responses": {"204": {"description": "Signed out."}, **failures(401, 429, 500, 503)},
    "security": [{"session": []}, {"system": []}],
}
CONFIRMED = {
    "operationId": "sessions.confirm",
    "parameters": ["IdempotencyKey", "ActingAs"],
    "requestBody": _takes("Confirmation"),
    "responses": {
        "200": answer("Confirmed for some minutes.", "SessionShown"),
        **failures(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503),
    },
    "security": [{"session": []}],
}
