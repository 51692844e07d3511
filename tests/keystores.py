"""A keystore of its own for a service that a test runs."""

from pathlib import Path

from lastmile.kernel.store.database import Database
from lastmile.kernel.store.following import cursors
from lastmile.kernel.store.keystore import Keystore, MasterKey, keystore_tables


def keystore_in(directory: Path) -> Keystore:
    """On SQLite in this directory, made if it is not there; whoever asks closes its database."""
    database = Database(f"sqlite:///{directory / 'keys.db'}")
    with database.write() as connection:
        keystore_tables.create_all(connection)
        cursors.create(connection, checkfirst=True)
    return Keystore(database, MasterKey(bytes(32)))
