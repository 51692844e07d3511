"""The migrations lead to just the tables that the code describes, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from deploy.migration import described
from lastmile.kernel.store.database import Database, DatabaseUnfit
from lastmile.kernel.store.migrating import check_shape, upgrade
from lastmile.settings import LOG_SERVICES, SERVICES


@pytest.mark.parametrize("name", [*SERVICES, "keystore"])
def test_migrations_lead_to_the_tables_as_described(name: str, database_url: str) -> None:
    migrations, tables = described(name)
    database = Database(database_url)
    upgrade(database, migrations)
    upgrade(database, migrations)
    with database.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), tables)
    check_shape(database, migrations, has_log=name in LOG_SERVICES)
    database.close()
    assert not differences


def test_a_database_newer_than_the_program_is_refused(database_url: str) -> None:
    migrations, _ = described("access")
    database = Database(database_url)
    upgrade(database, migrations)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnfit, match=r"9999.*newer"):
        check_shape(database, migrations, has_log=True)
    with pytest.raises(DatabaseUnfit, match="newer"):
        upgrade(database, migrations)
    database.close()


def test_a_log_without_its_triggers_is_refused(database_url: str) -> None:
    migrations, _ = described("access")
    database = Database(database_url)
    upgrade(database, migrations)
    on_table = "" if database.is_sqlite else " ON events"
    with database.write() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER events_refuse_update{on_table}")
    with pytest.raises(DatabaseUnfit, match="events_refuse_update"):
        check_shape(database, migrations, has_log=True)
    database.close()
