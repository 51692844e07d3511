"""A running access on a real database, with a clock that tests set."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.keystore import Keystore, MasterKey, keystore_tables
from lastmile.kernel.store.service import Resources, Service
from services.access.api import ACCESS
from tests.access.clock import Clock
from tests.access.door import Door


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Service]:
    database, keys = Database(database_url), Database(f"sqlite:///{tmp_path / 'keys.db'}")
    with database.write() as connection:
        ACCESS.tables.create_all(connection)
    with keys.write() as connection:
        keystore_tables.create_all(connection)
    keystore = Keystore(keys, MasterKey(bytes(32)))
    resources = Resources(database, keystore, LogKeys(tmp_path), clock, identity_key=Ed25519PrivateKey.generate())
    service = Service(ACCESS, resources)
    for station in ("110102017", "110102018"):
        service.open_station(station)
    yield service
    database.close()
    keys.close()


@pytest.fixture
def door(access: Service, clock: Clock) -> Door:
    return Door(access, clock)
