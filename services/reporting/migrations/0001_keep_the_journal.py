"""Keep the journal, what was sealed of it, and layouts."""

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
        "journal",
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("leaf", sa.LargeBinary(length=32), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log", "position"),
    )
    op.create_table(
        "journal_columns",
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("book", sa.String(length=64), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.String(length=10), nullable=False),
        sa.Column("amount1", sa.BigInteger(), nullable=True),
        sa.Column("amount2", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("log", "position"),
    )
    op.create_table(
        "journal_ends",
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("log"),
    )
    op.create_table(
        "segments",
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("segment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_position", sa.BigInteger(), nullable=False),
        sa.Column("last_position", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_leaf", sa.LargeBinary(length=32), nullable=False),
        sa.Column("first_recorded_at", sa.String(length=27), nullable=False),
        sa.Column("last_recorded_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("log", "segment"),
    )
    op.create_table(
        "layouts",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("registered_at", sa.String(length=27), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("station", "number"),
    )
