"""Keep the log and the views of activities."""

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
        "activities",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("activity_id", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("community", sa.String(length=80), nullable=True),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("by_card", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("swipes", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("station", "activity_id"),
    )
    op.create_index("activities_by_day", "activities", ["station", "day"], unique=False)
    op.create_table(
        "card_holders",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("card_token", sa.String(length=80), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("live_from", sa.String(length=10), nullable=False),
        sa.Column("live_until", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("station", "card_token", "position"),
    )
    op.create_table(
        "enrolments",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("activity_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("station", "activity_id", "person_id"),
    )
    op.create_table(
        "standing_swipes",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("activity_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("card_token", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("station", "activity_id", "person_id", "card_token"),
    )
    op.create_table(
        "waiting_swipes",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("card_token", sa.String(length=80), nullable=False),
        sa.Column("activity_id", sa.String(length=80), nullable=False),
        sa.Column("swiped_on", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("station", "card_token", "activity_id"),
    )
