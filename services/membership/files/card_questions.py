"""What is asked about card files: the applications for the bank, and the numbers that come back."""

from collections import Counter
from datetime import timedelta
from hashlib import sha256
from typing import Any

from marshmallow import Schema, fields, validate

from lastmile.kernel.domain.aggregate import stream_name
from lastmile.kernel.domain.entry import Entry, log_name
from lastmile.kernel.domain.failures import Forbidden, Invalid
from lastmile.kernel.store import log
from lastmile.kernel.store.service import Asking
from services.membership.files import card_numbers
from services.membership.files.draft import opened_draft, sealed_draft
from services.membership.files.roster_questions import FINE_ROWS_SHOWN, WRONG_ROWS_SHOWN, file_answer, file_of, marked
from services.membership.files.table import Table, sheet_of
from services.membership.files.workbook import read_table
from services.membership.files.written import workbook_of
from services.membership.views import card_applications, shown_names, unions_standing
from services.membership.views.register import members_of_persons

GIVEN_FOR = timedelta(minutes=10)
"""How long after it was recorded that the list is taken out it is given."""

APPLICATION_HEADER = ("申请编号", "姓名", "身份证号", "手机号", "所属工会", "申请日期", "补卡", "卡号")


class OfList(Schema):
    """Which list of applications."""

    list_id = fields.String(required=True, validate=validate.Length(1, 80))


def card_application_file(asking: Asking) -> dict[str, str]:
    """The waiting applications for the bank, with an empty column for the card's number.

    Given to whoever recorded SendCardApplications, for some minutes.
    """
    list_id = asking.parameters["list_id"]
    _recorded(asking, list_id)
    waiting = card_applications.waiting(asking.connection, asking.station)
    people = _people(asking, [row.person_id for row in waiting])
    rows = [
        (
            str(row.application_number),
            *people[row.person_id],
            row.applied_on,
            "是" if row.for_lost else "",
            "",
        )
        for row in waiting
    ]
    return file_answer(f"办卡申请-{asking.today}.xlsx", workbook_of(APPLICATION_HEADER, rows, sheet="办卡申请"))


def card_numbers_check(asking: Asking) -> dict[str, Any]:
    """What would become of each row if the card numbers were taken in now; nothing is changed."""
    data, day = file_of(asking), asking.parameters["occurred_on"]
    if day > asking.today:
        raise Invalid({"occurred_on": [f"{day} is after today, {asking.today}."]})
    content = {
        "rows": read_table(data).rows,
        "occurred_on": day.isoformat(),
        "file_sha256": sha256(data).hexdigest(),
    }
    checked = _checked(asking, content)
    names = shown_names.names(asking, [c.body["person_id"] for c in checked if c.body])
    told = [_told(item, names) for item in checked]
    return {
        "rows": len(checked),
        "counts": {"new": 0, "known": 0, "wrong": 0} | Counter(item.status for item in checked),
        "wrong": [row for row in told if row["status"] == "wrong"][:WRONG_ROWS_SHOWN],
        "fine": [row for row in told if row["status"] != "wrong"][:FINE_ROWS_SHOWN],
        "draft": sealed_draft(asking, "card numbers", content),
    }


def card_numbers_marked(asking: Asking) -> dict[str, str]:
    """The same rows, with what would become of each in a last column."""
    content = opened_draft(asking, "card numbers", asking.parameters["draft"])
    header = sheet_of(Table(content["rows"]), card_numbers.COLUMNS).header
    rows = [(c.row.cells, c.status, c.problems) for c in _checked(asking, content)]
    return file_answer("卡号-核对结果.xlsx", marked(header, rows))


def card_numbers_commands(asking: Asking) -> dict[str, Any]:
    """What to order so that the numbers are taken in."""
    content = opened_draft(asking, "card numbers", asking.parameters["draft"])
    file = content["file_sha256"][:24]
    orders = [
        {
            "row": item.row.number,
            "command": item.command,
            "command_id": f"cards-{file}:{item.row.number}",
            "body": item.body,
        }
        for item in _checked(asking, content)
        if item.status == "new"
    ]
    return {"orders": orders}


def _checked(asking: Asking, content: dict[str, Any]) -> list[card_numbers.Checked]:
    sheet = sheet_of(Table(content["rows"]), card_numbers.COLUMNS)
    return card_numbers.check_card_numbers(asking, sheet, fields.Date().deserialize(content["occurred_on"]))


def _told(item: card_numbers.Checked, names: dict[str, str | None]) -> dict[str, Any]:
    person_id = item.body.get("person_id", "")
    return {
        "row": item.row.number,
        "status": item.status,
        "name": names.get(person_id) or item.row.said.get("name", ""),
        "application_number": item.row.said.get("application_number", ""),
        "problems": item.problems,
    }


def _people(asking: Asking, person_ids: list[str]) -> dict[str, tuple[str, str, str, str]]:
    """Person to name, identity number, telephone and union, in clear."""
    here = log_name(asking.station, "membership")
    streams = {stream_name(asking.station, "member", person_id): person_id for person_id in person_ids}
    entries = log.streams(asking.connection, here, list(streams))
    known = members_of_persons(asking, person_ids)
    unions = unions_standing.names(asking.connection, asking.station, {row.union_id for row in known.values()})
    people = {}
    for stream, person_id in streams.items():
        number, phone = (_plain(asking, entries.get(stream, []), name) for name in ("identity_number", "phone"))
        member = known.get(person_id)
        union = unions.get(member.union_id, ("", ""))[0] if member else ""
        people[person_id] = ((member.name if member else None) or "", number, phone, union)
    return people


def _plain(asking: Asking, entries: list[Entry], name: str) -> str:
    """The field as the last entry that has it says."""
    for entry in reversed(entries):
        if name in entry.payload:
            keystore, person_id = asking.resources.keystore, entry.payload["person_id"]
            return keystore.unseal(person_id, "identity", entry.event_id, name, entry.payload[name]) or ""
    return ""


def _recorded(asking: Asking, list_id: str) -> None:
    """Raises Forbidden unless the asker recorded lately that the list is taken out."""
    stream = stream_name(asking.station, "card_list", list_id)
    since = log.instant(asking.resources.clock() - GIVEN_FOR)
    entries = log.streams(asking.connection, log_name(asking.station, "membership"), [stream]).get(stream, [])
    if not any(entry.actor == asking.identity.person_id and entry.recorded_at >= since for entry in entries):
        raise Forbidden("the file is given after SendCardApplications alone", asked="card_application_file")
