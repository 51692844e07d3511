"""What the gateway is given to work with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app

from lastmile.kernel.wire.calls import Calls
from services.gateway.catalogue import Catalogue
from services.gateway.demo import Demo

LARGEST_BODY_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """How much one caller may ask; generous for people and for systems that page through lists."""

    requests_a_minute: int = 3_000
    sign_ins_a_minute: int = 120
    position_seconds: float = 5.0
    """How long a question waits for a follower."""


@dataclass(frozen=True)
class SingleSignOn:
    """An OpenID Connect provider at which people may sign in, and the address that it sends them back to."""

    issuer: str
    client_id: str
    client_secret: str
    public_url: str
    """Empty: the address at which the browser asked."""


@dataclass(frozen=True)
class Gateway:
    """The services, what they offer, and who the gateway is to them."""

    calls: Calls
    token: str
    """The gateway's own, before it is known who someone is."""
    catalogue: Catalogue
    secret: bytes
    stations: Callable[[], Sequence[str]]
    clock: Callable[[], datetime]
    https: bool = False
    demo: Demo | None = None
    """What a demo home shows and lets one set; None in every other home."""
    limits: Limits = field(default_factory=Limits)
    single_sign_on: SingleSignOn | None = None


def gateway() -> Gateway:
    """The parts of the gateway that answers this request."""
    parts: Gateway = current_app.extensions["lastmile"]
    return parts
