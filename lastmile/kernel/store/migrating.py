"""Bringing a service's database to the shape this program knows, and refusing one that is newer."""

from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

from lastmile.kernel.store.database import Database, DatabaseUnfit
from lastmile.kernel.store.log import missing_triggers

KEYSTORE_MIGRATIONS = Path(__file__).parent / "keystore_migrations"


def upgrade(database: Database, migrations: Path) -> None:
    """Run the migrations that are missing. Raises DatabaseUnfit if the database is newer than the program."""
    _refuse_newer(database, migrations)
    with database.write() as connection:
        config = Config()
        config.set_main_option("script_location", str(migrations))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_shape(database: Database, migrations: Path, *, has_log: bool = True) -> None:
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
    return ScriptDirectory(str(migrations))


def _shown(database: Database) -> str:
    return database.url.render_as_string(hide_password=True)


def run_migrations(tables: MetaData) -> None:
    """What each service's migrations/env.py does: migrate over the connection that `upgrade` opened."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=tables, render_as_batch=True, compare_type=True)
    context.run_migrations()
