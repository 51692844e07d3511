"""Keep the log and the views of relief."""

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
        "application_hands",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("application_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("station", "application_id", "person_id"),
    )
    op.create_table(
        "applications",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("application_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("fund_id", sa.String(length=80), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("approved_on", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("station", "application_id"),
    )
    op.create_index("applications_by_state", "applications", ["station", "state"], unique=False)
    op.create_table(
        "case_files",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("exit_by", sa.String(length=10), nullable=True),
        sa.Column("membership_ended", sa.String(length=10), nullable=True),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("station", "person_id"),
    )
    op.create_table(
        "consolation_lines",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("list_id", sa.String(length=80), nullable=False),
        sa.Column("recipient_id", sa.String(length=80), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_on", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("station", "list_id", "recipient_id"),
    )
    op.create_table(
        "consolation_lists",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("list_id", sa.String(length=80), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("fund_id", sa.String(length=80), nullable=False),
        sa.Column("approved_on", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("station", "list_id"),
    )
    op.create_table(
        "deaths",
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "station"),
    )
    op.create_table(
        "funds",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("fund_id", sa.String(length=80), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=False),
        sa.Column("approved_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("approved_fen <= budget_fen", name="no_fund_is_overspent"),
        sa.CheckConstraint("paid_fen <= approved_fen", name="only_what_is_approved_is_paid"),
        sa.PrimaryKeyConstraint("station", "fund_id"),
    )
    op.create_table(
        "policies",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("policy_id", sa.String(length=80), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_until", sa.String(length=10), nullable=True),
        sa.Column("ceiling_fen", sa.BigInteger(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("stated_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("station", "policy_id"),
    )
    op.create_table(
        "tuition_aids",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("aid_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("school_year", sa.String(length=40), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("station", "aid_id"),
    )
    op.create_index(
        "one_tuition_aid_a_school_year",
        "tuition_aids",
        ["person_id", "school_year"],
        unique=True,
        sqlite_where=sa.text("refused = 0"),
        postgresql_where=sa.text("refused = 0"),
    )
    op.create_table(
        "vouchers",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("voucher", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.String(length=80), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("station", "voucher"),
    )
