"""Bringing a database to the shape this program knows, and refusing one that is newer."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from lastmile.kernel.store.database import Database, DatabaseUnfit
from lastmile.kernel.store.log import missing_triggers

KEYSTORE_MIGRATIONS = Path(__file__).parent / "keystore_migrations"


def upgrade(database: Database, migrations: Path) -> None:
    """Run the migrations that are missing. Raises DatabaseUnfit if the database is newer than the program."""
    _refuse_newer(database, migrations)
    with database.write() as connection:
        command.upgrade(alembic_config(connection, migrations), "head")
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA optimize = 0x10002")  # Else it takes a station for a handful of rows.


def check_shape(database: Database, migrations: Path, *, has_log: bool) -> None:
    """Raises DatabaseUnfit unless the database has just the shape this program knows and keeps its log append-only."""
    revision = _refuse_newer(database, migrations)
    head = _scripts(migrations).get_current_head()
    if revision != head:
        raise DatabaseUnfit(
            f"database {_shown(database)} is at revision {revision}, not {head}: run `lastmile migrate`"
        )
    if has_log:
        with database.read() as connection:
            missing = missing_triggers(connection)
        if missing:
            raise DatabaseUnfit(
                f"database {_shown(database)} lacks the triggers that keep its log unchanged: {', '.join(missing)}. "
                "Find out who removed them, run `lastmile verify`, then restore them from the first migration."
            )


def alembic_config(connection: Connection, migrations: Path, tables: MetaData | None = None) -> Config:
    """Alembic's settings for one database; `tables` are needed only to write a new migration."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("version_locations", str(migrations))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, tables=tables)
    return config


def _refuse_newer(database: Database, migrations: Path) -> str | None:
    with database.read() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in _scripts(migrations).walk_revisions()}
    if revision is not None and revision not in known:
        raise DatabaseUnfit(
            f"database {_shown(database)} is at revision {revision}, which this program does not know: it is newer. "
            "Upgrade the program."
        )
    return revision


def _scripts(migrations: Path) -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent / "migrations"), version_locations=[str(migrations)])


def _shown(database: Database) -> str:
    return database.url.render_as_string(hide_password=True)
