"""A home from before pay lists were kept comes to the same views as one that kept them all along."""

from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import MetaData, Table, insert, select

from lastmile.kernel.store.database import Database
from lastmile.kernel.store.migrating import alembic_config, upgrade
from services.relief.api import RELIEF
from tests.relief.station import Station

OLD = ("applications", "application_hands", "case_files", "consolation_lists", "consolation_lines", "funds")
OLD_TOO = ("policies", "vouchers", "deaths", "tuition_aids", "events", "heads")
READ_FROM_THE_LOG = ("applications", "consolation_lists", "consolation_lines", "pay_list_lines")


def a_year(station: Station) -> None:
    station.walk("a1")
    station.walk("a2", until="RecordComparison", amount_fen=400_000)
    station.tell("ReturnApplication", application_id="a2", reason="too_much")
    station.tell("ResubmitApplication", application_id="a2", amount_fen=200_000)
    station.walk("a3", until="PublishNotice")
    station.tell("CloseNotice", application_id="a3", objections=1, occurred_on="2017-01-17")
    station.walk("a4", until="ReleasePayment", pay_list_id="list-2")
    failed: dict[str, Any] = {"paid": False, "reason": "no_such_card", "occurred_on": "2017-01-20"}
    station.tell("BookBankReturn", application_id="a4", **failed)
    station.tell("EnterPayment", application_id="a4", pay_list_id="list-3", occurred_on="2017-01-21")
    station.tell("ReversePayment", application_id="a1", reason="wrong_card", occurred_on="2017-01-22")
    station.tell("EnterPayment", application_id="a1", pay_list_id="list-3", occurred_on="2017-01-23")
    for list_id, day in (("ny", "2017-01-05"), ("ny-2018", "2017-12-01")):
        station.tell("PrepareConsolationList", list_id=list_id, occasion="new_year", fund_id="own", occurred_on=day)
        line: dict[str, Any] = {"recipient": "model_worker", "in_goods": True, "amount_fen": 100, "occurred_on": day}
        station.tell("AddToConsolationList", list_id=list_id, recipient_id="wu", **line)
    station.tell("ApproveConsolationList", list_id="ny")
    station.tell("SignForConsolation", list_id="ny", recipient_id="wu")


def rows(database: Database, name: str) -> list[dict[str, Any]]:
    table = Table(name, MetaData(), autoload_with=database.engine)
    with database.read() as connection:
        found = [dict(row) for row in connection.execute(select(table)).mappings()]
    return sorted(found, key=str)


def older_copy(station: Station, older: Database) -> None:
    """What the station's home would hold, had it stopped at the first shape."""
    with older.write() as connection:
        command.upgrade(alembic_config(connection, RELIEF.migrations), "0001")
    for name in (*OLD, *OLD_TOO):
        table = Table(name, MetaData(), autoload_with=older.engine)
        kept = [{c: row[c] for c in table.c.keys()} for row in rows(station.service.database, name)]  # noqa: SIM118
        if kept:
            with older.write() as connection:
                connection.execute(insert(table), kept)


def test_what_an_older_home_lacks_is_read_from_its_log(station: Station, tmp_path: Path) -> None:
    a_year(station)
    older = Database(f"sqlite:///{tmp_path / 'older.db'}")
    older_copy(station, older)
    upgrade(older, RELIEF.migrations)
    for name in READ_FROM_THE_LOG:
        assert rows(older, name) == rows(station.service.database, name), name
    (policy,) = rows(older, "policies")
    assert (policy["issuer"], policy["document_number"], policy["confirmed"]) == ("区总工会", "2016-1", 0)
    older.close()
