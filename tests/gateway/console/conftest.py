"""The console before services that a test sets, and a browser without scripts that is signed in."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lastmile.catalogue import catalogue
from lastmile.embedded import Embedded
from lastmile.home import Home
from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from lastmile.settings import read_settings
from services.gateway.api.problems import answer_with_problems
from services.gateway.app import make_gateway
from services.gateway.console import mount_console
from services.gateway.parts import Gateway
from services.gateway.session import COOKIE
from tests.gateway.api.conftest import gateway_over
from tests.gateway.api.people import StandInAccess
from tests.gateway.console.answering import STATION, Answering
from tests.gateway.console.sample import CATALOGUE, PAGES
from tests.gateway.console.station import Station

NOW = datetime(2017, 6, 1, 4, tzinfo=UTC)
DECEMBER = datetime(2017, 12, 1, 4, tzinfo=UTC)
UNIONS = 130


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


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """A real home with some unions registered over the year; only what auditors take away is written to it."""
    place = tmp_path_factory.mktemp("home")
    marked = Home(place)
    marked.mark_as_demo()
    marked.set_clock(DECEMBER)
    opened = Embedded(read_settings({}, home=place))
    opened.open_station(STATION)
    identity = Identity("clerk-1", Role.CLERK, STATION, "2099-01-01T00:00:00+00:00")
    token = sign_identity(identity, opened.home.identity_key())
    rows = [
        (f"u{n}", {"union_id": f"u{n}", "name": f"第{n}工会", "kind": "single", "community": "c1"} | on(n))
        for n in range(UNIONS)
    ]
    outcomes = opened.calls.tell("membership", STATION, "RegisterUnion", rows, token)
    assert {outcome["status"] for outcome in outcomes} == {"done"}, outcomes[0]
    opened.settle()
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def stations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Station]]:
    """One new station after another, in one real home."""
    home = Embedded(read_settings({}, home=tmp_path_factory.mktemp("stations")))
    access = StandInAccess(home.calls, home.composition)
    app = make_gateway(gateway_over(home, access))

    def opened() -> Iterator[Station]:
        for number in range(900, 1000):
            home.open_station(f"110102{number}")
            yield Station(f"110102{number}", home, access, app)

    yield opened()
    home.close()


def on(number: int) -> dict[str, str]:
    return {"occurred_on": f"2017-{1 + number % 11:02d}-10"}


def signed_in(home: Embedded, role: Role) -> FlaskClient:
    """A browser without scripts, signed in to a real home in this role."""
    access = StandInAccess(home.calls, home.composition)
    access.let_in("secret", role, STATION)
    parts = Gateway(
        calls=access,
        token=home.composition.gateway_token,
        catalogue=catalogue(),
        secret=bytes(32),
        stations=home.stations,
        clock=home.home.clock,
    )
    client = make_gateway(parts).test_client()
    client.set_cookie(COOKIE, "secret")
    return client


def hidden(page: str, name: str) -> str:
    """The value of a hidden field on a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]
