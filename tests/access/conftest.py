"""A running access on a real database, with a clock that tests set."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from lastmile.kernel.store.service import Service
from services.access import passwords
from tests.access.clock import Clock
from tests.access.door import Door
from tests.access.running import access_on, closed


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a password's hash costs is no part of these rules; `test_passwords.py` holds it to its cost."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: quick)
    monkeypatch.setattr(passwords, "NOBODYS", quick.hash("nobody's words"))


@pytest.fixture
def running(database_url: str, tmp_path: Path) -> Iterator[tuple[Service, Clock]]:
    service, clock = access_on(database_url, tmp_path)
    yield service, clock
    closed(service)


@pytest.fixture
def access(running: tuple[Service, Clock]) -> Service:
    return running[0]


@pytest.fixture
def clock(running: tuple[Service, Clock]) -> Clock:
    return running[1]


@pytest.fixture
def door(access: Service, clock: Clock) -> Door:
    return Door(access, clock)
