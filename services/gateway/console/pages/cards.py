"""Cards: applying for many members, the list for the bank, and taking in the numbers that come back."""

from itertools import groupby
from operator import itemgetter
from typing import Any

from flask import Response, flash, redirect, render_template, request
from uuid6 import uuid7
from werkzeug.wrappers import Response as AnyResponse

from lastmile.kernel.domain.failures import Failure
from services.gateway.console.asking import ask, code_of, station_date, tell, tell_rows
from services.gateway.console.errors import words_of
from services.gateway.console.listing import Column, Filter, Listing, Step, list_pages, selected
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.pages.members import MEMBERS
from services.gateway.console.register import files
from services.gateway.console.texts import t
from services.gateway.console.wrong import wrong_words

ROWS_AT_ONCE = 1_000
REFUSED_SHOWN = 200

APPLICATIONS = Listing(
    name="cards",
    path="/cards",
    service="membership",
    question="card_applications",
    key="application_number",
    title="cards.title",
    hint="cards.hint",
    columns=(
        Column("application_number", "number", label="cards.number"),
        Column("name", label="members.name", to=lambda row: link("member", key=row["person_id"])),
        Column("applied_on", "date", label="cards.applied_on"),
        Column("for_lost", "yes-no", label="cards.for_lost"),
        Column("status", label="cards.status", words="card_application"),
        Column("done_on", "date", label="cards.done_on"),
    ),
    filters=(
        Filter("status", label="cards.status", words="card_application", values=("waiting", "issued", "ended")),
        Filter("since", "date", label="cards.since_day"),
    ),
    steps=(Step("cards.take_in", "card_numbers", ("membership", "card_numbers_check"), icon="file-earmark-arrow-up"),),
    nothing="cards.nothing",
    first_step=Step("cards.choose_members", "members", ("membership", "ApplyForCard"), {"card": "none"}, icon="people"),
    menu=Menu("people", 40, "cards", "credit-card-2-front"),
    template="cards.html",
)


def apply() -> AnyResponse:
    """First for whom and on which day; sent again from there, the applications."""
    person_ids = request.form.getlist("person_id") or selected(MEMBERS)
    if not person_ids:
        flash("cards.nobody")
        return redirect(link("members"), 303)
    if not request.form.get("confirmed"):
        return _choosing(person_ids)
    command_id = request.form.get("command_id") or str(uuid7())
    on = request.form.get("occurred_on") or station_date().isoformat()
    rows = [(f"{command_id}:{each}", {"person_id": each, "occurred_on": on}) for each in person_ids]
    refused = []
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        outcomes = tell_rows("membership", "ApplyForCard", part)
        pairs = zip(part, outcomes, strict=True)
        refused += [(body["person_id"], words_of(o["problem"])) for (_, body), o in pairs if o["status"] == "failed"]
    if refused:
        return _choosing([person_id for person_id, _ in refused], dict(refused), len(rows) - len(refused))
    flash(t("cards.applied", count=len(rows)))
    return redirect(link("cards", status="waiting"), 303)


def _choosing(person_ids: list[str], refused: dict[str, str] | None = None, done: int = 0) -> AnyResponse:
    page = render_template(
        "cards_apply.html",
        person_ids=person_ids,
        people=ask("membership", "member_names", person_ids=person_ids[:REFUSED_SHOWN]),
        refused=refused or {},
        done=done,
        command_id=str(uuid7()),
        day=station_date().isoformat(),
    )
    return Response(page, 409 if refused else 200, mimetype="text/html")


def send() -> AnyResponse:
    """The list for the bank, with identity numbers: that it is taken out is recorded first."""
    list_id = request.form.get("list_id") or str(uuid7())
    tell("membership", "SendCardApplications", {"list_id": list_id}, f"send:{list_id}")
    return files.given(ask("membership", "card_application_file", list_id=list_id))


def numbers() -> AnyResponse:
    return _upload({})


def check() -> AnyResponse:
    """The dry run of the bank's file. Nothing is changed."""
    sent = files.sent()
    if sent is None:
        return _upload({"file": t("roster.no_file")})
    name, data = sent
    try:
        day = request.form.get("occurred_on") or None
        found = ask("membership", "card_numbers_check", file=data, occurred_on=day)
    except Failure as failure:
        if code_of(failure) != "invalid":
            raise
        return _upload({field: wrong_words(said) for field, said in failure.as_problem()["fields"].items()})
    return Response(render_template("card_numbers_checked.html", found=found, name=name), mimetype="text/html")


def marked() -> AnyResponse:
    return files.given(ask("membership", "card_numbers_marked", draft=request.form.get("draft", "")))


def take_in() -> AnyResponse:
    """Take in the numbers that change something now; sent again, nothing."""
    orders = ask("membership", "card_numbers_commands", draft=request.form.get("draft", ""))["orders"]
    refused: list[tuple[int, str]] = []
    for command, group in groupby(sorted(orders, key=itemgetter("command")), key=itemgetter("command")):
        part = list(group)
        outcomes = tell_rows("membership", command, [(order["command_id"], order["body"]) for order in part])
        pairs = zip(part, outcomes, strict=True)
        refused += [(order["row"], words_of(o["problem"])) for order, o in pairs if o["status"] == "failed"]
    if refused:
        return _upload({"file": t("cards.some_refused", count=len(refused))}, refused=refused[:REFUSED_SHOWN])
    flash(t("cards.taken_in", count=len(orders)) if orders else t("cards.nothing_new"))
    return redirect(link("cards", status="issued"), 303)


def _upload(wrong: dict[str, str], **more: Any) -> AnyResponse:
    day = request.form.get("occurred_on") or station_date().isoformat()
    page = render_template("card_numbers.html", wrong=wrong, day=day, **{"refused": [], **more})
    return Response(page, 422 if wrong else 200, mimetype="text/html")


_CHECKS = ("membership", "card_numbers_check")
PAGES: tuple[Page, ...] = (
    *list_pages(APPLICATIONS),
    Page("cards_apply", "/cards/apply", apply, ("membership", "ApplyForCard"), methods=("POST",)),
    Page("cards_send", "/cards/send", send, ("membership", "SendCardApplications"), methods=("POST",)),
    Page("card_numbers", "/cards/numbers", numbers, _CHECKS),
    Page("card_numbers_check", "/cards/numbers/check", check, _CHECKS, methods=("POST",)),
    Page("card_numbers_marked", "/cards/numbers/marked", marked, _CHECKS, methods=("POST",)),
    Page("card_numbers_take_in", "/cards/numbers/take-in", take_in, ("membership", "IssueCard"), methods=("POST",)),
)
