"""Migrations of a key store: the keys of persons, and the cursor of the erasures."""

from sqlalchemy import MetaData

from lastmile.kernel.store.following import cursors
from lastmile.kernel.store.keystore import keystore_tables
from lastmile.kernel.store.migrating import run_migrations

tables = MetaData()
for table in (*keystore_tables.sorted_tables, cursors):
    table.to_metadata(tables)
run_migrations(tables)
