"""A running access on a real database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.keystore import Keystore, MasterKey, keystore_tables
from lastmile.kernel.store.service import Resources, Service
from services.access.api import ACCESS

NOW = datetime(2017, 6, 1, 2, tzinfo=UTC)


@pytest.fixture
def access(database_url: str, tmp_path: Path) -> Iterator[Service]:
    database, keys = Database(database_url), Database(f"sqlite:///{tmp_path / 'keys.db'}")
    with database.write() as connection:
        ACCESS.tables.create_all(connection)
    with keys.write() as connection:
        keystore_tables.create_all(connection)
    keystore = Keystore(keys, MasterKey(bytes(32)))
    resources = Resources(database, keystore, LogKeys(tmp_path), lambda: NOW, identity_key=Ed25519PrivateKey.generate())
    service = Service(ACCESS, resources)
    for station in ("110102017", "110102018"):
        service.open_station(station)
    yield service
    database.close()
    keys.close()
