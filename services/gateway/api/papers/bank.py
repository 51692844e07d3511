"""The file for the bank, and what the bank sent back."""

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any, TypedDict

from marshmallow import RAISE, Schema, fields, validate

from lastmile.kernel.domain.failures import Invalid
from services.gateway.api.papers.paper import ID, Asker, Paper
from services.gateway.relief.bank_file import file_of
from services.gateway.relief.bank_return import LARGEST_FILE_BYTES, Line, NotReadable, booking, lines_of


class BankSheet(Schema):
    """Which pay list, as which file."""

    pay_list_id = fields.String(required=True, validate=ID)
    format = fields.String(load_default="xlsx", validate=validate.OneOf(["xlsx", "csv"]))


class BankReturn(Schema):
    """What the bank sent back for a pay list, as base64, and the day on which it is booked."""

    class Meta:
        unknown = RAISE

    pay_list_id = fields.String(required=True, validate=ID)
    file = fields.String(required=True, validate=validate.Length(1, LARGEST_FILE_BYTES * 4 // 3 + 4))
    occurred_on = fields.Date(required=True)


class BankFileSheet(TypedDict):
    """The pay list for the bank."""

    name: Annotated[str, "What the file is called."]
    file: Annotated[str, "As base64."]


class ReturnedLine(TypedDict):
    """A line of the bank's return as it was read."""

    row: int
    application_id: str
    paid: bool
    reason: Annotated[str, "Why the bank did not pay; empty where it did."]
    problem: Annotated[str, "Why the line cannot be booked; empty where it can."]


class ReturnedOrder(TypedDict):
    """An order BookBankReturn for one line without a problem."""

    row: int
    command_id: str
    body: dict[str, Any]


class ReturnRead(TypedDict):
    """What the bank's return would book."""

    lines: list[ReturnedLine]
    orders: list[ReturnedOrder]


def bank_file_sheet(asker: Asker, given: Mapping[str, Any]) -> BankFileSheet:
    """The pay list for the bank; given after ExportBankFile, for ten minutes."""
    found = asker.ask("relief", "bank_file", pay_list_id=given["pay_list_id"])
    without = [row["reference"] for row in found["rows"] if not row["account_number"]]
    if without:
        raise Invalid({"pay_list_id": [f"No account is recorded for {', '.join(without)}: RecordPayee first."]})
    data, name, _ = file_of(given.get("format", "xlsx"), found["pay_list_id"], found["rows"])
    return {"name": name, "file": base64.b64encode(data).decode()}


def bank_return_check(asker: Asker, given: Mapping[str, Any]) -> ReturnRead:
    """What the bank's return would book; nothing is changed."""
    pay_list_id = given["pay_list_id"]
    lines = _lines(given["file"], asker.ask("relief", "pay_list", pay_list_id=pay_list_id)["rows"])
    told, orders = [], []
    for each in lines:
        told.append(
            ReturnedLine(
                row=each.number,
                application_id=each.reference,
                paid=each.paid,
                reason=each.reason,
                problem=each.wrong,
            )
        )
        if not each.wrong:
            command_id, body = booking(pay_list_id, each.reference, each.reason, given["occurred_on"])
            orders.append(ReturnedOrder(row=each.number, command_id=command_id, body=body))
    return {"lines": told, "orders": orders}


def _lines(file: str, standing: list[dict[str, Any]]) -> list[Line]:
    try:
        return lines_of(base64.b64decode(file, validate=True), standing)
    except (binascii.Error, ValueError):
        raise Invalid({"file": ["Not base64."]}) from None
    except NotReadable as error:
        raise Invalid({"file": [" ".join((error.text, *map(str, error.values.values())))]}) from None


PAPERS = (
    Paper("bank-file-sheet", "bank_file", BankSheet(), bank_file_sheet, BankFileSheet),
    Paper("bank-return-check:ask", "BookBankReturn", BankReturn(), bank_return_check, ReturnRead, in_body=True),
)
