"""The kernel's tables as a service's first migration makes them: a shape of the past, never edited."""

import sqlalchemy as sa
from alembic import op

from lastmile.kernel.store.log import REFUSE_CHANGES


def create_kernel_tables() -> None:
    """Log, head, answers, checkpoints, cursors, refused reactions, relay cursor, and the triggers on the log."""
    op.create_table(
        "answered_commands",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("caller", sa.String(length=80), nullable=False),
        sa.Column("command_id", sa.String(length=160), nullable=False),
        sa.Column("body_hmac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("station", "caller", "command_id"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("log", "size"),
    )
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
        "events",
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("stream", sa.String(length=250), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("occurred_on", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("command_id", sa.String(length=160), nullable=False),
        sa.Column("leaf", sa.LargeBinary(length=32), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log", "position"),
        sa.UniqueConstraint("stream", "version", name="one_version_once"),
    )
    op.create_index("events_by_recorded_at", "events", ["log", "recorded_at"], unique=False)
    op.create_table(
        "heads",
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("origin", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(length=32), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("log"),
    )
    op.create_table(
        "published",
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("log"),
    )
    op.create_table(
        "refused_reactions",
        sa.Column("follower", sa.String(length=60), nullable=False),
        sa.Column("log", sa.String(length=60), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("reaction", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("follower", "log", "position", "reaction"),
    )
    for statement in REFUSE_CHANGES[op.get_bind().dialect.name]:
        op.execute(statement)
