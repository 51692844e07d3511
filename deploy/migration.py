"""Write the next migration of a service (or of `keystore`) from what its tables have become.

`make migration SERVICE=relief MESSAGE="say what changes"`; read the file it names before you keep it.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import MetaData

from lastmile.composition import definition_of
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.following import cursors
from lastmile.kernel.store.keystore import keystore_tables
from lastmile.kernel.store.migrating import KEYSTORE_MIGRATIONS, alembic_config, upgrade


def described(service: str) -> tuple[Path, MetaData]:
    """Where the migrations of a database are, and its tables as they are described now."""
    if service != "keystore":
        definition = definition_of(service)
        return definition.migrations, definition.tables
    tables = MetaData()
    for table in (*keystore_tables.sorted_tables, cursors):
        table.to_metadata(tables)
    return KEYSTORE_MIGRATIONS, tables


def write_migration(service: str, message: str) -> Path:
    """The path of the new migration, which takes an up-to-date database to the tables as they are described."""
    migrations, tables = described(service)
    number = len(list(migrations.glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as directory:
        database = Database(f"sqlite:///{directory}/blank.db")
        upgrade(database, migrations)
        with database.write() as connection:
            config = alembic_config(connection, migrations, tables)
            made = command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
        database.close()
    assert made is not None
    assert not isinstance(made, list)
    return Path(made.path)


if __name__ == "__main__":
    print(write_migration(sys.argv[1], sys.argv[2]))
