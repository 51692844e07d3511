"""Keep the log and the views of membership."""

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
        "live_cards",
        sa.Column("card_token", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("card_token"),
    )
    op.create_table(
        "living_members",
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "members",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("union_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=True),
        sa.Column("living", sa.Integer(), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("station", "person_id"),
    )
    op.create_index("members_by_name", "members", ["station", "name"], unique=False)
    op.create_index("members_by_union", "members", ["station", "union_id"], unique=False)
    op.create_table(
        "requested_transfers",
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("from_station", sa.String(length=9), nullable=False),
        sa.Column("to_station", sa.String(length=9), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "from_station", "to_station"),
    )
    op.create_table(
        "unions",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("union_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("community", sa.String(length=80), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("station", "union_id"),
    )
