"""The notice as it hangs out: names masked."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, TypedDict

from marshmallow import Schema, fields

from lastmile.kernel.domain.answers import Day
from services.gateway.api.papers.paper import ID, Asker, Paper
from services.gateway.relief.names import UNKNOWN, masked, member_names


class NoticeSheet(Schema):
    """Which application; without any, all that are on notice."""

    application_id = fields.String(validate=ID)


class OnNotice(TypedDict):
    """A line of the notice."""

    application_id: str
    name: Annotated[str, "Masked."]
    category: str
    amount_fen: int
    notice_until: Day


class NoticeHung(TypedDict):
    """The notice as it hangs out."""

    rows: list[OnNotice]
    count: int


def notice_sheet(asker: Asker, given: Mapping[str, Any]) -> NoticeHung:
    """The notice as it hangs out, names masked."""
    found = asker.ask("relief", "notice", **given)["rows"]
    names = member_names(partial(asker.ask, "membership"), sorted({row["person_id"] for row in found}))
    rows = [
        OnNotice(
            application_id=row["application_id"],
            name=masked(names.get(row["person_id"]) or UNKNOWN),
            category=row["category"],
            amount_fen=row["amount_fen"],
            notice_until=row["notice_until"],
        )
        for row in found
    ]
    return {"rows": rows, "count": len(rows)}


PAPER = Paper("notice-sheet", "notice", NoticeSheet(), notice_sheet, NoticeHung)
