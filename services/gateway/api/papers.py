"""Papers of relief: the notice as it hangs out, names masked; the file for the bank; and what the bank sent back."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypedDict

from apispec import APISpec
from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate

from lastmile.kernel.domain.answers import Day, answer_field
from lastmile.kernel.domain.failures import Forbidden, Invalid
from services.gateway.api import asked
from services.gateway.api.answers_shown import ShownAnswers
from services.gateway.api.commands import json_answer
from services.gateway.api.declared import answer, failures
from services.gateway.api.questions import OF_A_QUESTION
from services.gateway.api.scopes import let_in, scope_of, secured_by
from services.gateway.api.stations import STATION
from services.gateway.console.relief.bank_file import file_of
from services.gateway.console.relief.bank_return import LARGEST_FILE_BYTES, NotReadable, booking, lines_of
from services.gateway.console.relief.people import PERSONS_AT_ONCE, UNKNOWN, masked
from services.gateway.parts import gateway

READ = scope_of("relief", "read")
_ID = validate.Length(1, 80)


class NoticeSheet(Schema):
    """Which application; without any, all that are on notice."""

    application_id = fields.String(validate=_ID)


class BankSheet(Schema):
    """Which pay list, as which file."""

    pay_list_id = fields.String(required=True, validate=_ID)
    format = fields.String(load_default="xlsx", validate=validate.OneOf(["xlsx", "csv"]))


class BankReturn(Schema):
    """What the bank sent back for a pay list, as base64, and the day on which it is booked."""

    class Meta:
        unknown = RAISE

    pay_list_id = fields.String(required=True, validate=_ID)
    file = fields.String(required=True, validate=validate.Length(1, LARGEST_FILE_BYTES * 4 // 3 + 4))
    occurred_on = fields.Date(required=True)


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


def add_papers(routes: Blueprint, spec: APISpec, converter: Any, answers: ShownAnswers) -> None:
    """A path for each paper. They change nothing; what must be recorded first is recorded by an order."""
    spec.components.schema("relief.BankReturn", schema=BankReturn())
    for path, method, view, shape, more in (
        ("notice-sheet", "GET", notice_sheet, NoticeHung, _in_address(NoticeSheet(), converter)),
        ("bank-file-sheet", "GET", bank_file_sheet, BankFileSheet, _in_address(BankSheet(), converter)),
        ("bank-return-check:ask", "POST", bank_return_check, ReturnRead, IN_BODY),
    ):
        answered = answers.of("relief", answer_field(shape))
        documented = routes.doc(**_documented(view, answered, more))(view)
        where = f"/stations/{STATION}/relief/{path}"
        routes.add_url_rule(where, view.__name__, documented, methods=[method], tags=["relief"])


def notice_sheet(station: str) -> Response:
    """The notice as it hangs out, names masked."""
    identity = let_in(READ).identity
    found = gateway().calls.ask("relief", station, "notice", _given(NoticeSheet()), identity)
    names = _names(station, sorted({row["person_id"] for row in found["rows"]}), identity)
    shown = ("application_id", "category", "amount_fen", "notice_until")
    rows = [
        {**{name: row[name] for name in shown}, "name": masked(names.get(row["person_id"]) or UNKNOWN)}
        for row in found["rows"]
    ]
    return json_answer({"rows": rows, "count": len(rows)})


def _names(station: str, person_ids: list[str], identity: str) -> dict[str, str | None]:
    known: dict[str, str | None] = {}
    for start in range(0, len(person_ids), PERSONS_AT_ONCE):
        asked_for = {"person_ids": person_ids[start : start + PERSONS_AT_ONCE]}
        known |= gateway().calls.ask("membership", station, "member_names", asked_for, identity)
    return known


def bank_file_sheet(station: str) -> Response:
    """The pay list for the bank; given after ExportBankFile, for ten minutes."""
    identity, given = let_in(READ).identity, _given(BankSheet())
    kind = given.pop("format", "xlsx")
    found = gateway().calls.ask("relief", station, "bank_file", given, identity)
    wrong = BankSheet().validate({**given, "format": kind})
    if wrong:
        raise Invalid(dict(wrong))
    without = [row["reference"] for row in found["rows"] if not row["account_number"]]
    if without:
        raise Invalid({"pay_list_id": [f"No account is recorded for {', '.join(without)}: RecordPayee first."]})
    data, name, _ = file_of(kind, found["pay_list_id"], found["rows"])
    return json_answer({"name": name, "file": base64.b64encode(data).decode()})


def bank_return_check(station: str) -> Response:
    """What the bank's return would book; nothing is changed."""
    session = let_in(READ)
    if session.role not in gateway().catalogue.services["relief"].permissions["BookBankReturn"]:
        raise Forbidden(asked="BookBankReturn")
    sent = asked.members()
    pay_list = {"pay_list_id": sent.get("pay_list_id", "")}
    standing = gateway().calls.ask("relief", station, "pay_list", pay_list, session.identity)["rows"]
    return json_answer(_read(asked.checked_body(BankReturn()), standing))


def _read(sent: Mapping[str, Any], standing: list[dict[str, Any]]) -> dict[str, Any]:
    try:
        lines = lines_of(base64.b64decode(sent["file"], validate=True), standing)
    except (binascii.Error, ValueError):
        raise Invalid({"file": ["Not base64."]}) from None
    except NotReadable as error:
        raise Invalid({"file": [" ".join((error.text, *map(str, error.values.values())))]}) from None
    told = [
        {"row": each.number, "application_id": each.reference, "paid": each.paid, "reason": each.reason}
        | {"problem": each.wrong}
        for each in lines
    ]
    orders = []
    for each in lines:
        if not each.wrong:
            command_id, body = booking(sent["pay_list_id"], each.reference, each.reason, sent["occurred_on"])
            orders.append({"row": each.number, "command_id": command_id, "body": body})
    return {"lines": told, "orders": orders}


def _given(schema: Schema) -> dict[str, Any]:
    return asked.parameters(schema, request.args)


def _in_address(schema: Schema, converter: Any) -> dict[str, Any]:
    return {"parameters": [*converter.schema2parameters(schema, location="query"), "ActingAs"]}


IN_BODY = {
    "parameters": ["ActingAs"],
    "requestBody": {"required": True, "content": {"application/json": {"schema": "relief.BankReturn"}}},
}


def _documented(view: Callable[..., Response], answered: dict[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    refused = failures(413, 415) if "requestBody" in more else {}
    return {
        "operationId": f"relief.{view.__name__}",
        "summary": " ".join((view.__doc__ or "").split()),
        "responses": {"200": answer("The answer.", answered), **OF_A_QUESTION, **refused},
        "security": secured_by(READ),
        **more,
    }
