"""Keep accounts, sessions, sign-ins, stand-ins and systems."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("name_token", sa.String(length=64), nullable=False),
        sa.Column("name_position", sa.BigInteger(), nullable=False),
        sa.Column("password_position", sa.BigInteger(), nullable=False),
        sa.Column("must_change_password", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_index("one_account_a_name", "accounts", ["station", "name_token"], unique=True)

    op.create_table(
        "codes_given",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("wrong_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("station", "position"),
    )
    op.create_index("codes_of_person", "codes_given", ["person_id", "step"], unique=False)

    op.create_table(
        "second_factors",
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("used_at", sa.String(length=27), nullable=False),
        sa.Column("ends_at", sa.String(length=27), nullable=False),
        sa.Column("confirmed_until", sa.String(length=27), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session_id"),
    )
    op.create_index("one_session_a_token", "sessions", ["token_hash"], unique=True)
    op.create_index("sessions_of_person", "sessions", ["person_id"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("session_id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("bucket", sa.String(length=4), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("address_token", sa.String(length=32), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("station", "session_id"),
    )
    op.create_index("sign_ins_from_address", "sign_ins", ["address_token", "at"], unique=False)
    op.create_index("sign_ins_of_person", "sign_ins", ["person_id", "at"], unique=False)

    op.create_table(
        "stand_ins",
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("named_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "station", "role"),
    )
    op.create_table(
        "subjects",
        sa.Column("subject_token", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.PrimaryKeyConstraint("subject_token"),
    )
    op.create_table(
        "systems",
        sa.Column("client_id", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("client_id"),
    )
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("account", sa.String(length=10), server_default="none", nullable=False))
        batch_op.add_column(sa.Column("must_change_password", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("has_second_factor", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("roles_held", schema=None) as batch_op:
        batch_op.add_column(sa.Column("community", sa.String(length=80), server_default="", nullable=False))

    # Where the names of those stand who were registered before.
    op.execute(
        "UPDATE persons SET position = (SELECT e.position FROM events AS e "
        "WHERE e.log = persons.station || '/access' AND e.type = 'PersonRegistered' "
        "AND e.stream = persons.station || '/person/' || persons.person_id AND e.version = 1)"
    )
