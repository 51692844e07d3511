"""Migrations of membership's database."""

from lastmile.kernel.store.migrating import run_migrations
from services.membership.api import MEMBERSHIP

run_migrations(MEMBERSHIP.tables)
