"""Pay lists: what there are, and putting many approved grants on a new one at once."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request
from uuid6 import uuid7
from werkzeug.wrappers import Response as AnyResponse

from lastmile.kernel.domain.failures import Failure, Forbidden
from services.gateway.console.asking import ask, code_of, may, station_date, tell_rows
from services.gateway.console.errors import words_of
from services.gateway.console.listing import Column, Filter, Listing, Step, list_pages
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.relief.people import look_up, name_of
from services.gateway.console.relief.sums import sum_of, told_anew
from services.gateway.console.texts import t

COMMAND = "EnterPayment"
PAYABLE = ("approved", "failed", "reversed")
"""The states from which a grant goes on a pay list: never yet, sent back by the bank, reversed."""
LISTS_A_DAY = 99

PAY_LISTS = Listing(
    name="pay_lists",
    path="/pay-lists",
    service="relief",
    question="pay_lists",
    key="pay_list_id",
    title="pay_lists.title",
    columns=(
        Column("pay_list_id", label="field.pay_list", to=lambda row: link("pay_list", key=row["pay_list_id"])),
        Column("entered_on", "date"),
        Column("lines", "number"),
        Column("amount_fen", "money"),
        Column("state", words="pay_list_state"),
        Column("paid", "number", label="field.lines_paid"),
        Column("failed", "number", label="field.lines_failed"),
    ),
    filters=(
        Filter("state", words="pay_list_state", values=("open", "with_bank", "answered")),
        Filter("month", "text", label="field.month"),
        Filter("failed", "yes-no", label="field.some_failed"),
    ),
    steps=(Step("pay_lists.enter", "enter_payments", ("relief", COMMAND), icon="wallet2"),),
    nothing="pay_lists.nothing",
    first_step=Step("pay_lists.enter", "enter_payments", ("relief", COMMAND)),
    menu=Menu("relief", 50, "pay_lists", "cash-coin"),
)


def enter_payments() -> AnyResponse:
    """The approved grants that are on no list; those ticked go on one. Raises Forbidden for who enters no payments."""
    if not may("relief", COMMAND):
        raise Forbidden(asked=COMMAND)
    waiting = payable()
    if request.method != "POST":
        wished = request.args.get("application_id")
        picked = {row["application_id"] for row in waiting if wished in (None, "", row["application_id"])}
        return _shown(waiting, picked, _free_id())
    known = {row["application_id"] for row in waiting}
    asked = list(dict.fromkeys(request.form.getlist("selected")))
    pay_list_id = request.form.get("pay_list_id", "").strip()
    if not asked:
        return _shown(waiting, set(), pay_list_id, wrong=t("pay_lists.none_picked"))
    command_id = request.form.get("command_id") or str(uuid7())
    on = request.form.get("occurred_on") or station_date().isoformat()
    bodies = [{"application_id": each, "pay_list_id": pay_list_id, "occurred_on": on} for each in asked]
    outcomes = tell_rows("relief", COMMAND, [(f"{command_id}/{body['application_id']}", body) for body in bodies])
    refused = {
        body["application_id"]: words_of(outcome["problem"])
        for body, outcome in zip(bodies, outcomes, strict=True)
        if outcome["status"] == "failed"
    }
    if len(refused) == len(asked):
        return _shown(waiting, known & set(asked), pay_list_id, wrong=t("pay_lists.all_refused"), refused=refused)
    flash(t("pay_lists.entered", count=len(asked) - len(refused), refused=len(refused)))
    return redirect(link("pay_list", key=pay_list_id), 303)


def enter_payments_sum() -> str:
    return told_anew(payable(), "enter_payments_sum")


def payable() -> list[Mapping[str, Any]]:
    """The grants that may go on a pay list, the oldest first."""
    rows = [row for state in PAYABLE for row in ask("relief", "applications", state=state, size=1_000)["rows"]]
    look_up(rows)
    return sorted(rows, key=lambda row: (row["since"], row["application_id"]))


def _free_id() -> str:
    """An id of the day that no list has yet."""
    for number in range(1, LISTS_A_DAY):
        name = f"pay-{station_date().isoformat()}-{number}"
        try:
            ask("relief", "pay_list", pay_list_id=name)
        except Failure as failure:
            if code_of(failure) == "not-found":
                return name
            raise
    return ""


def _shown(
    waiting: list[Mapping[str, Any]],
    picked: set[str],
    pay_list_id: str,
    wrong: str = "",
    refused: Mapping[str, str] | None = None,
) -> AnyResponse:
    page = render_template(
        "enter_payments.html",
        rows=waiting,
        picked=picked,
        pay_list_id=pay_list_id,
        **sum_of(waiting, picked),
        name_of=name_of,
        command_id=str(uuid7()),
        today=station_date().isoformat(),
        wrong=wrong,
        refused=refused or {},
    )
    return Response(page, 422 if wrong else 200, mimetype="text/html")


PAGES = (
    *list_pages(PAY_LISTS),
    Page("enter_payments_sum", "/pay-lists/enter/sum", enter_payments_sum, ("relief", COMMAND), methods=("POST",)),
    Page("enter_payments", "/pay-lists/enter", enter_payments, ("relief", COMMAND), methods=("GET", "POST")),
)
