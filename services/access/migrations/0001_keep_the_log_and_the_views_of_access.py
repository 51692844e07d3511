"""Keep the log and the views of access."""

import sqlalchemy as sa
from alembic import op

from lastmile.kernel.store.first_tables import create_kernel_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_kernel_tables()
    op.create_table(
        "persons",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("station", "person_id"),
    )
    op.create_table(
        "roles_held",
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "station", "role"),
    )
