"""What is up for approval, with each amount and their sum in capitals."""

from collections.abc import Mapping
from typing import Annotated, Any, TypedDict

from marshmallow import Schema, fields

from services.gateway.api.papers.paper import ID, Asker, Paper
from services.gateway.relief.capitals import in_capitals


class ApprovalSheet(Schema):
    """Which of the applications that wait for approval; without any, all."""

    application_ids = fields.List(fields.String(validate=ID))


class UpForApproval(TypedDict):
    """A line of the sheet."""

    application_id: str
    person_id: str
    asked_fen: Annotated[int, "As it was handed in."]
    amount_fen: int
    in_capitals: Annotated[str, "The amount."]
    flags: Annotated[list[str], "What is out of the ordinary; empty: may be approved with others at once."]
    barred: Annotated[list[str], "Why whoever asks may not approve it; empty where they may."]


class SheetForApproval(TypedDict):
    """What is up for approval."""

    rows: list[UpForApproval]
    count: int
    sum_fen: int
    sum_in_capitals: str


def approval_sheet(asker: Asker, given: Mapping[str, Any]) -> SheetForApproval:
    """What is up for approval, each amount and their sum in capitals as well."""
    wanted = given.get("application_ids")
    rows = [
        UpForApproval(
            application_id=row["application_id"],
            person_id=row["person_id"],
            asked_fen=row["asked_fen"],
            amount_fen=row["amount_fen"],
            in_capitals=in_capitals(row["amount_fen"]),
            flags=row["flags"],
            barred=row["barred"],
        )
        for row in asker.ask("relief", "approvals_waiting")["rows"]
        if not wanted or row["application_id"] in wanted
    ]
    sum_fen = sum(row["amount_fen"] for row in rows)
    return {"rows": rows, "count": len(rows), "sum_fen": sum_fen, "sum_in_capitals": in_capitals(sum_fen)}


PAPER = Paper("approval-sheet", "approvals_waiting", ApprovalSheet(), approval_sheet, SheetForApproval)
