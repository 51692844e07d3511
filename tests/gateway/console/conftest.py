"""The console before services that a test sets, and a browser without scripts that is signed in."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.gateway.api.problems import answer_with_problems
from services.gateway.console import mount_console
from services.gateway.parts import Gateway
from services.gateway.session import COOKIE
from tests.gateway.console.answering import STATION, Answering
from tests.gateway.console.sample import CATALOGUE, PAGES

NOW = datetime(2017, 6, 1, 4, tzinfo=UTC)


@pytest.fixture
def services() -> Answering:
    return Answering()


@pytest.fixture
def make(services: Answering) -> Callable[..., FlaskClient]:
    """A console before these services; `more` are parts of the gateway that differ."""

    def made(**more: Any) -> FlaskClient:
        app = Flask("services.gateway", static_url_path="/static")
        app.secret_key = b"secret"
        given: dict[str, Any] = {
            "calls": services,
            "token": "gateway",
            "catalogue": CATALOGUE,
            "secret": b"secret",
            "stations": lambda: [STATION],
            "clock": lambda: NOW,
        }
        app.extensions["lastmile"] = Gateway(**given | more)
        answer_with_problems(app)
        mount_console(app, PAGES)
        client = app.test_client()
        client.set_cookie(COOKIE, "the secret of a session")
        return client

    return made


@pytest.fixture
def console(make: Callable[..., FlaskClient]) -> FlaskClient:
    return make()


def hidden(page: str, name: str) -> str:
    """The value of a hidden field on a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]
