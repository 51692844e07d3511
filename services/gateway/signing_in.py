"""Signing in and out, and the second factor: asked of access with the gateway's own token, by both doors."""

import base64
import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

from lastmile.kernel.domain.failures import Failure, Unauthenticated
from lastmile.kernel.wire.calls import RemoteFailure
from services.gateway.parts import gateway
from services.gateway.session import Session


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


def sign_in(key: str, station: str, account_name: str, password: str, address: str, device: str) -> str:
    """The secret of the session that is open now. Raises SignInRefused, or SlowDown as access answered it.

    Asked again under the same key, the same words open the same session: its secret is derived from them.
    """
    token = opened_by("sign-in", key, station, account_name, password)
    body = {
        "account_name": account_name,
        "session_id": session_id(token),
        "token_hash": token_hash(token),
        "password": password,
        "address": address,
        "device": device,
    }
    answer = tell("access", station, "SignIn", session_id(token), body, gateway().token)
    if "SignedIn" not in answer["event_types"]:
        raise SignInRefused
    return token


def sign_in_system(key: str, station: str, client_id: str, secret: str, address: str) -> str:
    """The secret of a system's session. Raises SignInRefused."""
    token = opened_by("system", key, station, client_id, secret)
    body = {
        "client_id": client_id,
        "secret": secret,
        "session_id": session_id(token),
        "token_hash": token_hash(token),
        "address": address,
    }
    answer = tell("access", station, "OpenSystemSession", session_id(token), body, gateway().token)
    if "SystemSessionOpened" not in answer["event_types"]:
        raise SignInRefused
    return token


def confirm(session: Session, code: str, key: str) -> None:
    """Count a second factor for the next minutes. Raises SecondFactorRefused."""
    body = {"session_id": session.session_id, "code": code}
    answer = tell("access", session.station, "GiveSecondFactor", _of(session, key), body, gateway().token)
    if "SecondFactorGiven" not in answer["event_types"]:
        raise SecondFactorRefused


def sign_out(session: Session, key: str) -> None:
    """End the session."""
    body = {"session_id": session.session_id}
    tell("access", session.station, "SignOut", _of(session, key), body, gateway().token)


def opened_by(kind: str, *words: str) -> str:
    """32 bytes that only the gateway can make of these words, base64url."""
    made = hmac.new(gateway().secret, orjson.dumps([kind, *words]), sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def token_hash(token: str) -> str:
    """All that access keeps of a session's secret."""
    return sha256(token.encode()).hexdigest()


def session_id(token: str) -> str:
    """The public name of the session that this secret opens."""
    return sha256(b"session\n" + token.encode()).hexdigest()[:32]


def _of(session: Session, key: str) -> str:
    """A command id that two sessions never share: the gateway is the caller of both."""
    return sha256(f"{session.session_id}\n{key}".encode()).hexdigest()
