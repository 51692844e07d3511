"""Find members by all they are called, and keep cards, applications, honours, communities and imports as views."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.membership.views.found_by import terms
from services.membership.views.members import named

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admissions_by_import",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("import_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("station", "import_id", "person_id"),
    )
    with op.batch_alter_table("admissions_by_import", schema=None) as batch_op:
        batch_op.create_index("admissions_by_person", ["station", "person_id"], unique=False)

    op.create_table(
        "card_applications",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("application_number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("for_lost", sa.Integer(), nullable=False),
        sa.Column("applied_on", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("done_on", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("station", "application_number"),
    )
    with op.batch_alter_table("card_applications", schema=None) as batch_op:
        batch_op.create_index("card_applications_by_person", ["station", "person_id"], unique=False)
        batch_op.create_index("card_applications_by_status", ["station", "status"], unique=False)

    op.create_table(
        "cards",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("station", "person_id"),
    )
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.create_index("cards_by_status", ["station", "status", "since"], unique=False)

    op.create_table(
        "communities",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("community", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("station", "community"),
    )
    op.create_table(
        "found_by",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("term", _sorted_text(), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("station", "term", "person_id"),
    )
    with op.batch_alter_table("found_by", schema=None) as batch_op:
        batch_op.create_index("found_by_person", ["person_id"], unique=False)

    op.create_table(
        "honours",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("station", "person_id", "title"),
    )
    op.create_table(
        "roster_imports",
        sa.Column("station", sa.String(length=9), nullable=False),
        sa.Column("import_id", sa.String(length=80), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.String(length=10), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("admitted", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("station", "import_id"),
    )
    with op.batch_alter_table("roster_imports", schema=None) as batch_op:
        batch_op.create_index("roster_imports_by_file", ["station", "file_sha256"], unique=False)

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pinyin", _sorted_text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("card", sa.String(length=10), nullable=False, server_default="none"))
        batch_op.add_column(sa.Column("sex", sa.String(length=10), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("birth_year", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("employment", sa.String(length=20), nullable=False, server_default=""))
        batch_op.drop_index(batch_op.f("members_by_name"))
        batch_op.drop_index(batch_op.f("members_by_union"))
        batch_op.create_index("members_by_union", ["station", "union_id", "pinyin", "person_id"], unique=False)
        batch_op.create_index("members_by_person", ["person_id"], unique=False)
        batch_op.create_index("members_by_pinyin", ["station", "pinyin", "person_id"], unique=False)
        batch_op.create_index("members_by_since", ["station", "since", "person_id"], unique=False)

    with op.batch_alter_table("unions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", sa.String(length=10), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("members", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("employers", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index("unions_by_community", ["station", "community"], unique=False)
    _fill()


def _sorted_text() -> sa.String:
    return sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")


def _fill() -> None:
    """What these views would hold had they been kept from the first event on."""
    connection = op.get_bind()
    views = _Views()
    for station, kind, payload, occurred_on in _events(connection):
        views.take(station, kind, payload, occurred_on)
    tables = sa.MetaData()
    tables.reflect(connection, only=["members", "unions", "found_by", "cards", "honours", "communities"])
    for name in ("cards", "honours", "communities"):
        if rows := list(getattr(views, name).values()):
            connection.execute(tables.tables[name].insert(), rows)
    for key, row in views.cards.items():
        views.persons[key]["card"] = row["status"]
    _fill_members(connection, tables.tables["members"], tables.tables["found_by"], views.persons)
    unions = tables.tables["unions"]
    for (station, union_id), row in views.unions.items():
        where = (unions.c.station == station, unions.c.union_id == union_id)
        living = sa.select(sa.func.count()).select_from(tables.tables["members"])
        living = living.where(sa.text("station = :s AND union_id = :u AND living = 1"))
        members = connection.execute(living, {"s": station, "u": union_id}).scalar_one()
        connection.execute(unions.update().where(*where).values(**row, members=members))


def _fill_members(connection: Any, members: sa.Table, found_by: sa.Table, persons: dict[Any, Any]) -> None:
    for row in connection.execute(sa.select(members.c.station, members.c.person_id, members.c.name)).all():
        key = {"station": row.station, "person_id": row.person_id}
        told = dict(persons.get((row.station, row.person_id), {}))
        if row.name is not None:
            told |= named(row.name)
            connection.execute(found_by.insert(), [key | {"term": term} for term in terms(row.name)])
        where = (members.c.station == row.station, members.c.person_id == row.person_id)
        if told:
            connection.execute(members.update().where(*where).values(**told))


def _events(connection: Any) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    for (data,) in connection.execute(sa.text("SELECT entry FROM events ORDER BY log, position")):
        entry = json.loads(bytes(data))
        yield entry["log"].partition("/")[0], entry["type"], entry["payload"], entry["occurred_on"]


class _Views:
    """Rows by their keys, as the events that there were made them."""

    def __init__(self) -> None:
        self.persons: dict[Any, dict[str, Any]] = {}
        self.unions: dict[Any, dict[str, Any]] = {}
        self.cards: dict[Any, dict[str, Any]] = {}
        self.honours: dict[Any, dict[str, Any]] = {}
        self.communities: dict[Any, dict[str, Any]] = {}

    def take(self, station: str, kind: str, told: dict[str, Any], day: str) -> None:
        person = (station, told.get("person_id"))
        match kind:
            case "MemberRegistered" | "MemberJoined" | "MemberRejoined" | "MemberMovedIn":
                self.persons[person] = {name: told[name] for name in ("sex", "birth_year", "employment")}
            case "UnionRegistered" | "UnionFounded":
                self.unions[station, told["union_id"]] = {"since": day, "employers": 0}
            case "EmployerCovered":
                self.unions[station, told["union_id"]]["employers"] += 1
            case "CommunityListed":
                row = {"station": station, "community": told["community"], "name": told["name"]}
                self.communities[station, told["community"]] = row
            case "CommunityDelisted":
                self.communities.pop((station, told["community"]), None)
            case _:
                self._take_what_persons_hold(person, kind, told, day)

    def _take_what_persons_hold(self, person: Any, kind: str, told: dict[str, Any], day: str) -> None:
        here = {"station": person[0], "person_id": person[1]}
        match kind:
            case "CardIssued" | "CardReplaced" | "CardLost":
                status = "lost" if kind == "CardLost" else "live"
                self.cards[person] = here | {"status": status, "since": day}
            case "CardUnbound":
                self.cards.pop(person, None)
            case "HonourRecorded":
                row = {"title": told["title"], "service": told["service"], "since": day}
                self.honours[*person, told["title"]] = here | row
            case "HonoureeRetired":
                self.honours[(*person, told["title"])]["service"] = told["service"]
            case "HonourRevoked":
                self.honours.pop((*person, told["title"]), None)
