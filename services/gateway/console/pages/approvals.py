"""What waits for approval: what is plain approved at once, the exceptions one by one."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request
from uuid6 import uuid7
from werkzeug.wrappers import Response as AnyResponse

from lastmile.kernel.domain.failures import Failure, Invalid
from services.gateway.console.asking import ask, may, station_date, tell_rows
from services.gateway.console.confirming import CODE, confirm, needs_confirmation
from services.gateway.console.errors import words_of
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.relief.people import look_up, name_of
from services.gateway.console.relief.sums import sum_of, told_anew
from services.gateway.console.texts import t
from services.gateway.console.wrong import wrong_words

COMMAND = "ApproveApplication"
Row = Mapping[str, Any]


def approvals() -> AnyResponse:
    waiting = ask("relief", "approvals_waiting")["rows"]
    if request.method != "POST":
        return _shown(waiting, picked=None)
    picked = set(request.form.getlist("selected")) & {row["application_id"] for row in _plain(waiting)}
    if not picked:
        return _shown(waiting, picked, wrong=t("approvals.none_picked"))
    command_id = request.form.get("command_id") or str(uuid7())
    try:
        if needs_confirmation("relief", COMMAND):
            confirm(request.form.get(CODE, ""), f"{command_id}/{uuid7()}")
    except Invalid as invalid:
        return _shown(waiting, picked, code_wrong=wrong_words(invalid.fields[CODE]))
    except Failure as failure:
        return _shown(waiting, picked, wrong=words_of(failure.as_problem()))
    on = request.form.get("occurred_on") or station_date().isoformat()
    rows = [(f"{command_id}/{each}", {"application_id": each, "occurred_on": on}) for each in sorted(picked)]
    outcomes = tell_rows("relief", COMMAND, rows)
    refused = {
        body["application_id"]: words_of(outcome["problem"])
        for (_, body), outcome in zip(rows, outcomes, strict=True)
        if outcome["status"] == "failed"
    }
    if refused:
        done = len(rows) - len(refused)
        left = ask("relief", "approvals_waiting")["rows"]
        return _shown(left, set(), refused=refused, wrong=t("approvals.some_refused", done=done, refused=len(refused)))
    flash(t("approvals.done", count=len(rows)))
    return redirect(link("approvals"), 303)


def approvals_sum() -> str:
    return told_anew(_plain(ask("relief", "approvals_waiting")["rows"]), "approvals_sum")


def _plain(waiting: list[Row]) -> list[Row]:
    """What may be approved at once: nothing out of the ordinary, and not barred to whoever asks."""
    return [row for row in waiting if not row["flags"] and not row["barred"]]


def _shown(
    waiting: list[Row],
    picked: set[str] | None,
    wrong: str = "",
    code_wrong: str = "",
    refused: Mapping[str, str] | None = None,
) -> AnyResponse:
    look_up(waiting)
    plain = _plain(waiting)
    chosen = {row["application_id"] for row in plain} if picked is None else picked
    page = render_template(
        "approvals.html",
        plain=plain,
        exceptions=[row for row in waiting if row["flags"] and not row["barred"]],
        barred=[row for row in waiting if row["barred"]],
        picked=chosen,
        **sum_of(plain, chosen),
        name_of=name_of,
        may_approve=may("relief", COMMAND),
        confirming=needs_confirmation("relief", COMMAND),
        command_id=str(uuid7()),
        today=station_date().isoformat(),
        wrong=wrong,
        code_wrong=code_wrong,
        refused=refused or {},
    )
    return Response(page, 422 if wrong or code_wrong else 200, mimetype="text/html")


PAGES = (
    Page("approvals_sum", "/approvals/sum", approvals_sum, ("relief", "approvals_waiting"), methods=("POST",)),
    Page(
        "approvals",
        "/approvals",
        approvals,
        ("relief", "approvals_waiting"),
        Menu("relief", 40, "approvals", "clipboard-check"),
        methods=("GET", "POST"),
    ),
)
