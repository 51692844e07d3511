"""A register kept before there were these views has them after the upgrade as if they had always been there."""

from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import MetaData, Table, select

from lastmile.kernel.store.database import Database
from lastmile.kernel.store.migrating import alembic_config, upgrade
from services.membership.api import MEMBERSHIP
from services.membership.views.card_applications import cards
from services.membership.views.communities import communities
from services.membership.views.found_by import found_by
from services.membership.views.honours import honours
from services.membership.views.members import members
from services.membership.views.unions_standing import unions
from tests.membership.station import DAY, Membership

KEPT_BEFORE = ("events", "members", "unions", "live_cards", "living_members")
VIEWS = (members, unions, found_by, cards, honours, communities)


def test_the_views_are_what_they_would_have_been(database_url: str, tmp_path: Path) -> None:
    source = Membership(f"sqlite:///{tmp_path / 'source.db'}", tmp_path)
    write_something_of_everything(source)
    older = Database(database_url)
    with older.write() as connection:
        command.upgrade(alembic_config(connection, MEMBERSHIP.migrations), "0001")
    copy(source.service.database, older)
    upgrade(older, MEMBERSHIP.migrations)
    for table in VIEWS:
        assert rows(older, table) == rows(source.service.database, table), table.name
    older.close()
    source.close()


def write_something_of_everything(station: Membership) -> None:
    on = {"occurred_on": DAY}
    for community in ("c1", "c3"):
        station.tell("ListCommunity", community=community, name="社区", **on)
    station.tell("DelistCommunity", community="c3", **on)
    station.tell("RegisterUnion", union_id="u3", name="联合", kind="joint", community="c1", **on)
    station.tell("CoverEmployer", union_id="u3", employer_id="e1", employer_name="小店", **on)
    wang, li, zhao = station.join("王小明", 1), station.join("单雄信", 2), station.join("Tom", 3, union="u2")
    station.tell("CorrectMember", person_id=li, name="单雄义", **on)
    station.tell("TransferMember", person_id=wang, to_union_id="u2", **on)
    for number, person_id in enumerate((wang, li, zhao)):
        station.tell("IssueCard", person_id=person_id, card_number=f"620000{number}", **on)
    station.tell("ReportCardLost", person_id=li, **on)
    station.tell("LeaveUnion", person_id=zhao, **on)
    station.tell("UnbindCard", person_id=zhao, reason="left", **on)
    title = {"title": "district_labour_medal"}
    station.tell("RecordHonour", person_id=wang, service="in_service", **title, **on)
    station.tell("RetireHonouree", person_id=wang, **title, **on)


def copy(source: Database, older: Database) -> None:
    """The rows as the older tables had them."""
    there = MetaData()
    there.reflect(older.engine, only=KEPT_BEFORE)
    here = MetaData()
    here.reflect(source.engine, only=KEPT_BEFORE)
    with source.read() as reading, older.write() as writing:
        for name in KEPT_BEFORE:
            columns = [here.tables[name].c[column.name] for column in there.tables[name].c]
            found = [dict(row) for row in reading.execute(select(*columns)).mappings()]
            writing.execute(there.tables[name].insert(), found)


def rows(database: Database, table: Table) -> list[dict[str, Any]]:
    with database.read() as connection:
        found = [dict(row) for row in connection.execute(select(table)).mappings()]
    return sorted(found, key=lambda row: [str(value) for value in row.values()])
