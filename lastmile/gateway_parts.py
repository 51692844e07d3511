"""Putting the gateway together from settings: the same console and REST over services here or in other processes."""

from collections.abc import Callable, Sequence

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lastmile.catalogue import catalogue
from lastmile.composition import Composition
from lastmile.demo import Demo
from lastmile.facing import Facing
from lastmile.kernel.wire.calls import Calls
from services.gateway.app import make_gateway
from services.gateway.parts import Gateway, SingleSignOn
from services.gateway.standing import Readiness, mount_standing

Stations = Callable[[], Sequence[str]]


def gateway_app(
    parts: Composition, calls: Calls, stations: Stations, readiness: Readiness, demo: Demo | None = None
) -> Flask:
    """The gateway's WSGI application."""
    facing = parts.settings.facing
    app = make_gateway(
        Gateway(
            calls=calls,
            token=parts.gateway_token,
            catalogue=catalogue(),
            secret=parts.gateway_secret,
            stations=stations,
            clock=parts.home.clock,
            https=facing.secure,
            demo=demo,
            single_sign_on=_single_sign_on(facing),
        )
    )
    mount_standing(app, readiness)
    proxies = facing.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]
    return app


def _single_sign_on(facing: Facing) -> SingleSignOn | None:
    asked = facing.single_sign_on
    if asked is None:
        return None
    return SingleSignOn(asked.issuer, asked.client_id, asked.client_secret, facing.public_url)
