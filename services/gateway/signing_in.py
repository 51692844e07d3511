"""Signing in and out, and the second factor: asked of access with the gateway's own token, by both doors."""

import base64
import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

from lastmile.kernel.domain.failures import Failure, NotFound, Unauthenticated
from lastmile.kernel.wire.calls import RemoteFailure
from services.gateway.parts import gateway
from services.gateway.session import NO_STATION, Session, hashed


class SignInRefused(Unauthenticated):
    """The account name or the password is wrong, or the account is closed."""

    code = "sign-in-refused"


class SecondFactorRefused(Failure):
    """The code is wrong, or was used before."""

    code = "second-factor-refused"
    status = 403


def tell(service: str, station: str, name: str, key: str, body: Mapping[str, Any], token: str) -> dict[str, Any]:
    """Ask one command and answer where it stands in the log. Raises the Failure that the service answered."""
    (outcome,) = gateway().calls.tell(service, station, name, [(key, body)], token)
    if outcome["status"] == "failed":
        raise RemoteFailure(outcome["problem"])
    answer: dict[str, Any] = outcome["answer"]
    return answer


def sign_in(key: str, station: str, account_name: str, password: str, address: str, device: str = "") -> str:
    """The secret of the session that is open now. Raises SignInRefused, or 429 as access answered it.

    `device` is the secret that the browser keeps, "" if none. Asked again under the same key, the same words open
    the same session: its secret is derived from them.
    """
    token = opened_by("sign-in", key, station, account_name, password)
    known = {"device_hash": hashed(device)} if device else {}
    body = {"account_name": account_name, "password": password, "address": address, **known}
    return _open("SignIn", station, token, body)


def sign_in_system(key: str, client_id: str, secret: str, address: str) -> str:
    """The secret of a system's session. Raises SignInRefused."""
    token = opened_by("system", key, client_id, secret)
    body = {"client_id": client_id, "secret_hash": hashed(secret), "address": address}
    return _open("OpenSystemSession", _station_of(client_id=client_id), token, body)


def sign_in_by_subject(issuer: str, subject: str, address: str, device: str) -> str:
    """The secret of a session of whoever the provider speaks of, its word checked before. Raises SignInRefused."""
    station = _station_of(issuer=issuer, subject=subject)
    body = {"issuer": issuer, "subject": subject, "address": address, "device_hash": hashed(device)}
    return _open("SignInBySubject", station, secrets.token_urlsafe(32), body)


def confirm(session: Session, code: str, key: str) -> None:
    """Count a second factor for the next minutes. Raises SecondFactorRefused."""
    body = {"session_id": session.session_id, "code": code}
    answer = tell("access", session.home_station, "GiveSecondFactor", _of(session, key), body, gateway().token)
    if "SecondFactorGiven" not in answer["event_types"]:
        raise SecondFactorRefused


def sign_out(session: Session, key: str) -> None:
    """End the session."""
    body = {"session_id": session.session_id}
    tell("access", session.home_station, "SignOut", _of(session, key), body, gateway().token)


def opened_by(kind: str, *words: str) -> str:
    """32 bytes that only the gateway can make of these words, base64url."""
    made = hmac.new(gateway().secret, orjson.dumps([kind, *words]), sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def session_id(token: str) -> str:
    """The public name of the session that this secret opens."""
    return hashed(f"session\n{token}")[:32]


def _open(command: str, station: str, token: str, body: Mapping[str, Any]) -> str:
    """The secret again, if access answers that the session is open."""
    named = {"session_id": session_id(token), "token_hash": hashed(token)}
    answer = tell("access", station, command, named["session_id"], {**body, **named}, gateway().token)
    if "SignedIn" not in answer["event_types"]:
        raise SignInRefused
    return token


def _station_of(**named: str) -> str:
    """Where the system or subject is known; anywhere, for the refusal to be recorded, if it is not."""
    parts = gateway()
    try:
        found = parts.calls.ask("access", NO_STATION, "station_of", named, parts.token)
    except Failure as failure:
        if failure.as_problem().get("code") != NotFound.code:
            raise
        return next(iter(parts.stations()), NO_STATION)
    station: str = found["station"]
    return station


def _of(session: Session, key: str) -> str:
    """A command id that two sessions never share: the gateway is the caller of both."""
    return hashed(f"{session.session_id}\n{key}")
