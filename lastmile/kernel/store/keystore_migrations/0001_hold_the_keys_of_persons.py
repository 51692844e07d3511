"""Hold the keys of persons."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blind_index",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("kind", "token"),
    )
    with op.batch_alter_table("blind_index", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blind_index_person_id"), ["person_id"], unique=False)

    op.create_table(
        "cursors",
        sa.Column("follower", sa.String(length=60), nullable=False),
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("origin", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(length=32), nullable=False),
        sa.Column("stopped_at", sa.String(length=27), nullable=True),
        sa.Column("stopped_position", sa.BigInteger(), nullable=True),
        sa.Column("stopped_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("follower", "log"),
    )
    op.create_table(
        "erased_persons",
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "person_keys",
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "purpose"),
    )
