"""One pay list: its lines, its bank file, the release, and the bank's return with what failed."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, request
from uuid6 import uuid7
from werkzeug.wrappers import Response as AnyResponse

from lastmile.kernel.domain.failures import Failure, Invalid
from services.gateway.console.asking import ask, may, names, station_date, tell, tell_rows
from services.gateway.console.confirming import CODE, confirm, needs_confirmation
from services.gateway.console.detail import Fact, Record, Told, record_page, show
from services.gateway.console.errors import words_of
from services.gateway.console.exporting import as_file
from services.gateway.console.page import Page, link
from services.gateway.console.relief.lines import of_the_list, pay_list_as_of
from services.gateway.console.relief.people import look_up, name_of
from services.gateway.console.texts import t
from services.gateway.console.wrong import wrong_words
from services.gateway.relief.bank_file import file_of
from services.gateway.relief.bank_return import Line, NotReadable, booking, lines_of
from services.gateway.relief.capitals import in_capitals
from services.gateway.session import current

FORMATS = ("xlsx", "csv")


def _payments(_key: str, told: Told) -> list[str]:
    """What happened to each line stands in the stream of its payment."""
    return [f"payment/{row['application_id']}" for row in told["rows"]]


def _about(told: Told) -> dict[str, Any]:
    rows = told["rows"]
    look_up(rows)
    names(str(row[by]) for row in rows for by in ("entered_by", "released_by") if row.get(by))
    person_of = {row["application_id"]: row["person_id"] for row in rows}
    return {
        "whose": lambda event: _called(person_of.get(event["payload"].get("application_id"))),
        "capitals": in_capitals(told["amount_fen"]),
        "name_of": name_of,
        "mine": {row["application_id"] for row in rows if row["entered_by"] == current().person_id},
        "confirming": needs_confirmation("relief", "ReleasePayment"),
        "may_export": may("relief", "ExportBankFile"),
        "may_release": may("relief", "ReleasePayment"),
        "may_book": may("relief", "BookBankReturn"),
        "today": station_date().isoformat(),
        "code_wrong": "",
        "wrong": "",
        "refused": {},
        "lines": None,
        "command_id": str(uuid7()),
    }


def _called(person_id: str | None) -> str:
    return name_of(person_id) if person_id else ""


PAY_LIST = Record(
    name="pay_list",
    path="/pay-lists/<key>",
    service="relief",
    question="pay_list",
    key="pay_list_id",
    aggregates=("pay_list",),
    beside=_payments,
    chosen=of_the_list,
    as_of=pay_list_as_of,
    title=lambda told: t("pay_list.title", name=told["pay_list_id"]),
    facts=(
        Fact("state", words="pay_list_state"),
        Fact("entered_on", "date"),
        Fact("paid_fen", "money"),
        Fact("failed", "number", label="field.lines_failed"),
    ),
    back="pay_lists",
    about=_about,
    template="pay_list.html",
)


def _shown(key: str, status: int = 200, **more: Any) -> AnyResponse:
    """The list with what came of a form that was sent from it."""
    return Response(show(PAY_LIST, key, **more), status, mimetype="text/html")


def bank_file(key: str) -> AnyResponse:
    """The file for the bank: that it is taken is recorded first, then the account numbers are read."""
    kind = request.form.get("format", "xlsx")
    kind = kind if kind in FORMATS else "xlsx"
    body = {"pay_list_id": key, "format": kind, "occurred_on": station_date().isoformat()}
    tell("relief", "ExportBankFile", body, request.form.get("command_id") or str(uuid7()))
    rows = ask("relief", "bank_file", pay_list_id=key)["rows"]
    without = [row for row in rows if not row["account_number"]]
    if without:
        look_up(without)
        people = "、".join(name_of(row["person_id"]) for row in without)
        return _shown(key, 409, wrong=t("pay_list.account_missing", people=people))
    return as_file(*file_of(kind, key, rows))


def release(key: str) -> AnyResponse:
    """Release every line that is entered; who had a hand in one is kept from that one."""
    told = ask("relief", "pay_list", pay_list_id=key)
    command_id = request.form.get("command_id") or str(uuid7())
    try:
        if needs_confirmation("relief", "ReleasePayment"):
            confirm(request.form.get(CODE, ""), f"{command_id}/{uuid7()}")
    except Invalid as invalid:
        return _shown(key, 422, code_wrong=wrong_words(invalid.fields[CODE]))
    except Failure as failure:
        return _shown(key, 422, wrong=words_of(failure.as_problem()))
    on = request.form.get("occurred_on") or station_date().isoformat()
    entered = [row["application_id"] for row in told["rows"] if row["state"] == "entered"]
    rows = [(f"{command_id}/{each}", {"application_id": each, "occurred_on": on}) for each in entered]
    refused = _refused(rows, tell_rows("relief", "ReleasePayment", rows))
    if refused:
        done = len(rows) - len(refused)
        said = t("pay_list.some_refused", done=done, refused=len(refused))
        return _shown(key, 409, wrong=said, refused=refused)
    flash(t("pay_list.released", count=len(rows)))
    return redirect(link("pay_list", key=key), 303)


def bank_return(key: str) -> AnyResponse:
    """The bank's return: looked at first, a line each; booked when it is sent a second time as it was shown."""
    if request.form.get("confirmed"):
        return _book(key)
    told = ask("relief", "pay_list", pay_list_id=key)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _shown(key, 422, wrong=t("return.no_file"))
    try:
        lines = lines_of(file.read(), told["rows"])
    except NotReadable as error:
        return _shown(key, 422, wrong=t(error.text, **error.values))
    lines.sort(key=lambda line: not line.wrong)
    return _shown(key, lines=lines, sums=_sums(lines))


def _sums(lines: Sequence[Line]) -> dict[str, int]:
    good = [line for line in lines if not line.wrong and line.known]
    return {
        "paid": sum(line.paid for line in good),
        "failed": sum(not line.paid for line in good),
        "wrong": sum(bool(line.wrong) for line in lines),
        "paid_fen": sum(line.known["amount_fen"] for line in good if line.paid and line.known),
    }


def _book(key: str) -> AnyResponse:
    on = request.form.get("occurred_on") or station_date().isoformat()
    standing = ask("relief", "pay_list", pay_list_id=key)["rows"]
    unanswered = {row["application_id"] for row in standing if row["state"] == "released"}
    sent = [line.partition(" ") for line in request.form.getlist("line")]
    rows = [booking(key, reference, reason, on) for reference, _, reason in sent]
    outcomes = tell_rows("relief", "BookBankReturn", rows)
    refused = _refused(rows, outcomes)
    news = unanswered & {str(body["application_id"]) for _, body in rows}
    if refused:
        said = t("pay_list.some_not_booked", done=len(rows) - len(refused), refused=len(refused))
        return _shown(key, 409, wrong=said, refused=refused)
    flash(t("pay_list.booked", count=len(rows)) if news else t("pay_list.booked_before"))
    return redirect(link("pay_list", key=key), 303)


def _refused(rows: Sequence[tuple[str, Told]], outcomes: Sequence[Told]) -> dict[str, str]:
    return {
        str(body["application_id"]): words_of(outcome["problem"])
        for (_, body), outcome in zip(rows, outcomes, strict=True)
        if outcome["status"] == "failed"
    }


PAGES = (
    record_page(PAY_LIST),
    Page("bank_file", "/pay-lists/<key>/bank-file", bank_file, ("relief", "ExportBankFile"), methods=("POST",)),
    Page("release", "/pay-lists/<key>/release", release, ("relief", "ReleasePayment"), methods=("POST",)),
    Page("bank_return", "/pay-lists/<key>/return", bank_return, ("relief", "BookBankReturn"), methods=("POST",)),
)
