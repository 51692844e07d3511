"""The gateway as a process of its own: console and REST under gunicorn, the services reached over HTTP."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import httpx
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest

from lastmile.composition import Composition
from lastmile.facing import PUBLIC_URL
from lastmile.gateway_parts import gateway_app
from lastmile.kernel.domain.entry import station_of
from lastmile.kernel.store.following import Source
from lastmile.settings import SERVICES, Settings, WrongSettings, read_settings

LONGEST_ANSWER_SECONDS = 75
"""A little longer than a service may take, so that it is the service's word that people read."""

STOP_SECONDS = 20
SECONDS_TO_STAND = 5.0


class Gunicorn(BaseApplication):  # type: ignore[misc]
    """One worker with threads: limits on requests are counted in its memory."""

    def __init__(self, make: Callable[[], Flask], settings: Settings) -> None:
        self._make, self._settings = make, settings
        super().__init__()

    def load_config(self) -> None:
        host, port = self._settings.http_address
        for name, value in {
            "bind": f"{host}:{port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": self._settings.facing.threads,
            "timeout": LONGEST_ANSWER_SECONDS,
            "graceful_timeout": STOP_SECONDS,
            "worker_tmp_dir": "/dev/shm",  # noqa: S108 - the worker's heartbeat, which a slow disk must not stop.
            "forwarded_allow_ips": "",  # Proxies are counted by the application, which says how many it trusts.
            "control_socket_disable": True,
            "loglevel": "warning",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._make()


def serve_gateway() -> None:
    """Serve until told to stop. Raises WrongSettings where the services or the public address are not named."""
    settings = read_settings()
    problems = {f"LASTMILE_{s.upper()}_URL": "is needed" for s in SERVICES if s not in settings.service_urls}
    if settings.production and not settings.facing.public_url:
        problems[PUBLIC_URL] = "is needed in production: links and cookies follow it"
    if problems:
        raise WrongSettings(problems)
    Gunicorn(partial(make_app, settings), settings).run()


def make_app(settings: Settings) -> Flask:
    """The WSGI application over services in other processes."""
    parts = Composition(settings)
    with_time_limit = httpx.Client(timeout=SECONDS_TO_STAND)
    standing = partial(_standing, settings.service_urls, with_time_limit)
    app = gateway_app(parts, parts.http_calls(), partial(_stations, parts.sources()["access"]), standing)
    # Gunicorn finds out what is wrong with chunks when the application reads them.
    app.register_error_handler(ParseException, lambda _: app.handle_user_exception(BadRequest()))
    return app


def _stations(access: Source) -> list[str]:
    return [station_of(end.log) for end in access.ends()]


def _standing(urls: Mapping[str, str], client: httpx.Client) -> dict[str, Mapping[str, Any]]:
    """What each service says of itself; one that is away is not ready."""
    told: dict[str, Mapping[str, Any]] = {}
    for name, url in urls.items():
        try:
            told[name] = client.get(f"{url}/ready").json()
        except (httpx.TransportError, ValueError) as error:
            told[name] = {"service": name, "ready": False, "away": type(error).__name__}
    return told
