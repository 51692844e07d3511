"""Two gateways for strangers to try: one with everything in its process, one before services that are elsewhere."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.native.guard import free_ports
from lastmile.settings import SERVICES
from tests.hostile.doors import Door
from tests.prepared import copied

STATION = "110102017"
PASSWORD = "guangnei-2017"


@pytest.fixture(scope="package")
def served(year_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """`lastmile serve` over the demo's year."""
    place = tmp_path_factory.mktemp("served")
    door = Door("serve", place / "log", {"LASTMILE_HOME": str(copied(year_home, place / "home"))})
    yield door
    door.stop()


@pytest.fixture(scope="package")
def before_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """`lastmile gateway` whose services are all away: what it answers by itself."""
    place = tmp_path_factory.mktemp("gateway")
    (nobody,) = free_ports(1)
    urls = {f"LASTMILE_{name.upper()}_URL": f"http://127.0.0.1:{nobody}" for name in SERVICES}
    door = Door("gateway", place / "log", {"LASTMILE_HOME": str(place / "home"), **urls})
    yield door
    door.stop()


@pytest.fixture(params=["served", "before_services"])
def door(request: pytest.FixtureRequest) -> Door:
    """Each of the two servers of HTTP that we hand out, waitress and gunicorn."""
    found: Door = request.getfixturevalue(request.param)
    return found


def session_of(door: Door, account: str) -> str:
    """The secret of a new session of one of the demo's accounts."""
    sent = {"station": STATION, "account_name": account, "password": PASSWORD}
    answer = door.client.post("/api/v1/sessions", json=sent, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


@pytest.fixture(scope="package")
def clerk(served: Door) -> str:
    """The secret of a clerk's session at the served home."""
    return session_of(served, "clerk-1")
