"""Keep whose aid is a person's own, and which recoveries wait for somebody to agree."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "household_links",
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("member_id", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("kinship", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "member_id", "station"),
    )
    op.create_index("persons_of_member", "household_links", ["member_id"], unique=False)

    op.create_table(
        "recoveries",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("done_by", sa.String(length=80), nullable=False),
        sa.Column("done_on", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("station", "position"),
    )
    op.create_index("recoveries_of_person", "recoveries", ["person_id"], unique=False)
