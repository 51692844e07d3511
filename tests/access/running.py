"""An access that runs on given databases."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.service import Resources, Service
from services.access.api import ACCESS
from tests.access.clock import Clock
from tests.access.door import HERE, THERE
from tests.keystores import keystore_in


def access_on(database_url: str, folder: Path) -> tuple[Service, Clock]:
    """Access with the logs of two stations, made if they are not there, and its clock."""
    database, keystore = Database(database_url), keystore_in(folder)
    with database.write() as connection:
        ACCESS.tables.create_all(connection)
    clock = Clock()
    key = Ed25519PrivateKey.generate()
    access = Service(ACCESS, Resources(database, keystore, LogKeys(folder), clock, identity_key=key))
    for station in (HERE, THERE):
        access.open_station(station)
    return access, clock


def closed(access: Service) -> None:
    access.database.close()
    access.resources.keystore.database.close()
