"""How often one caller may ask: told apart by session, else by address."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter
from flask_smorest import Blueprint

from services.gateway.parts import Limits


def who_asks() -> str:
    """The caller, without keeping the secret that tells who it is."""
    secret = request.headers.get("Authorization", "")
    if secret:
        return sha256(secret.encode()).hexdigest()
    return request.remote_addr or "unknown"


def address() -> str:
    return request.remote_addr or "unknown"


def limit(app: Flask, routes: Blueprint, limits: Limits) -> Callable[[Any], Any]:
    """Limit every path by caller. Answers what limits, by address, the paths that try a password or a secret."""
    limiter = Limiter(who_asks, app=app, storage_uri="memory://")
    limiter.limit(f"{limits.requests_a_minute}/minute")(routes)
    guessing: Callable[[Any], Any] = limiter.shared_limit(
        f"{limits.sign_ins_a_minute}/minute", scope="guessing", key_func=address
    )
    return guessing
