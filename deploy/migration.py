"""Write the next migration of a service (or of `keystore`) from what its tables have become.

`make migration SERVICE=relief MESSAGE="say what changes"`; read the file it names before you keep it.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from lastmile.composition import definition_of
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.migrating import KEYSTORE_MIGRATIONS, upgrade

TEMPLATE = KEYSTORE_MIGRATIONS / "script.py.mako"


def write_migration(service: str, message: str) -> Path:
    """The path of the new migration, which takes an up-to-date database to the tables as they are described."""
    migrations = KEYSTORE_MIGRATIONS if service == "keystore" else definition_of(service).migrations
    (migrations / "versions").mkdir(exist_ok=True)
    number = len(list((migrations / "versions").glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as directory:
        database = Database(f"sqlite:///{directory}/blank.db")
        upgrade(database, migrations)
        config = Config()
        config.set_main_option("script_location", str(migrations))
        with database.write() as connection:
            config.attributes["connection"] = connection
            made = command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
        database.close()
    assert made is not None
    assert not isinstance(made, list)
    return Path(made.path)


if __name__ == "__main__":
    print(write_migration(sys.argv[1], sys.argv[2]))
