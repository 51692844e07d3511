"""Bringing in a roster: template, dry run, the same workbook back, confirmation; and taking the whole back."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from lastmile.kernel.domain.failures import Failure
from services.gateway.console.asking import ask, code_of, station_date, tell, tell_rows
from services.gateway.console.detail import Action, Fact, Record, Told, record_page, show
from services.gateway.console.errors import words_of
from services.gateway.console.history import Event, said_by
from services.gateway.console.listing import Column, Listing, Step, list_pages
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.register import files
from services.gateway.console.texts import t
from services.gateway.console.wrong import wrong_words

KINDS = ("joined", "registered")
ROWS_AT_ONCE = 1_000
REFUSED_SHOWN = 200

IMPORTS = Listing(
    name="roster_imports",
    path="/roster/imports",
    service="membership",
    question="roster_imports",
    key="import_id",
    title="roster.imports",
    columns=(
        Column(
            "opened_on", "date", label="roster.opened_on", to=lambda row: link("roster_import", key=row["import_id"])
        ),
        Column("status", label="roster.status", words="roster_status"),
        Column("rows", "number", label="roster.rows"),
        Column("admitted", "number", label="roster.admitted"),
        Column("undone", "number", label="roster.undone"),
        Column("opened_by", "person", label="roster.opened_by"),
    ),
    steps=(Step("roster.bring_in", "roster", ("membership", "roster_check"), icon="file-earmark-arrow-up"),),
    nothing="roster.no_imports",
    first_step=Step("roster.bring_in", "roster", ("membership", "roster_check"), icon="file-earmark-arrow-up"),
)


def import_as_of(events: Sequence[Event], _day: str) -> Told:
    """What had become of the import: the last word of its events."""
    said = said_by(events)
    status = {"ImportOpened": "open", "ImportConfirmed": "confirmed", "ImportUndone": "undone"}
    return {
        "opened_on": events[0]["occurred_on"],
        "opened_by": events[0]["actor"],
        "status": status[events[-1]["type"]],
        **{name: said.get(name, 0) for name in ("admitted", "undone", "left")},
    }


IMPORT = Record(
    name="roster_import",
    path="/roster/imports/<key>",
    service="membership",
    question="roster_import",
    key="import_id",
    aggregates=("roster_import",),
    as_of=import_as_of,
    title=lambda told: f"{t('roster.import')} {told['opened_on']}",
    facts=(
        Fact("status", label="roster.status", words="roster_status"),
        Fact("opened_by", "person", label="roster.opened_by"),
        Fact("rows", "number", label="roster.rows"),
        Fact("admitted", "number", label="roster.admitted"),
        Fact("undone", "number", label="roster.undone"),
        Fact("left", "number", label="roster.left"),
    ),
    actions=(
        Action(
            "roster.see_members",
            "members",
            ("membership", "members"),
            icon="people",
            values=lambda told: {"key": "", "since": told["opened_on"]},
        ),
        Action(
            "cards.choose_members",
            "members",
            ("membership", "ApplyForCard"),
            lambda told: told["status"] == "confirmed",
            icon="credit-card-2-front",
            values=lambda _told: {"key": "", "card": "none", "living": "true"},
        ),
    ),
    back="roster_imports",
    about=lambda _told: {"refused": [], "unsure": False},
    template="roster_import.html",
)


def begin() -> AnyResponse:
    return _upload({})


def template() -> AnyResponse:
    return files.given(ask("membership", "roster_template"))


def check() -> AnyResponse:
    """The dry run: what would become of each row. Nothing is changed."""
    sent = files.sent()
    if sent is None:
        return _upload({"file": t("roster.no_file")})
    name, data = sent
    asked = {"occurred_on": request.form.get("occurred_on"), "kind": request.form.get("kind")}
    try:
        found = ask("membership", "roster_check", file=data, **{name: value or None for name, value in asked.items()})
    except Failure as failure:
        if code_of(failure) != "invalid":
            raise
        return _upload({field: wrong_words(said) for field, said in failure.as_problem()["fields"].items()})
    return Response(render_template("roster_checked.html", found=found, name=name), mimetype="text/html")


def marked() -> AnyResponse:
    """The same workbook with what would become of each row beside it."""
    return files.given(ask("membership", "roster_marked", draft=request.form.get("draft", "")))


def confirm() -> AnyResponse:
    """Bring in what changes something now. Sent again, it goes on where it stopped, or changes nothing."""
    ordered = ask("membership", "roster_commands", draft=request.form.get("draft", ""))
    import_id, orders = ordered["import_id"], ordered["orders"]
    opened = {"import_id": import_id, "file_sha256": ordered["file_sha256"], "rows": ordered["rows"]}
    tell("membership", "OpenImport", opened, f"open:{import_id}")
    refused = []
    for start in range(0, len(orders), ROWS_AT_ONCE):
        part = orders[start : start + ROWS_AT_ONCE]
        outcomes = tell_rows("membership", ordered["command"], [(order["command_id"], order["body"]) for order in part])
        pairs = zip(part, outcomes, strict=True)
        refused += [(order["row"], words_of(o["problem"])) for order, o in pairs if o["status"] == "failed"]
    tell("membership", "ConfirmImport", {"import_id": import_id}, f"confirm:{import_id}:{len(orders) - len(refused)}")
    if refused:
        return _record(import_id, 409, refused=refused[:REFUSED_SHOWN])
    flash(t("roster.brought_in", count=len(orders)) if orders else t("roster.nothing_new"))
    return redirect(link("roster_import", key=import_id), 303)


def undo(key: str) -> AnyResponse:
    """Take back every admission that nothing touched since."""
    if request.form.get("sure") != "yes":
        return _record(key, 422, unsure=True)
    standing = ask("membership", "roster_import", import_id=key)["standing"]
    for start in range(0, len(standing), ROWS_AT_ONCE):
        part = standing[start : start + ROWS_AT_ONCE]
        rows = [(f"undo:{key}:{person_id}", {"person_id": person_id, "import_id": key}) for person_id in part]
        tell_rows("membership", "UndoAdmission", rows)
    tell("membership", "UndoImport", {"import_id": key}, f"undo:{key}")
    flash(t("roster.taken_back", count=len(standing)))
    return redirect(link("roster_import", key=key), 303)


def _upload(wrong: dict[str, str]) -> AnyResponse:
    day = request.form.get("occurred_on") or station_date().isoformat()
    imports = ask("membership", "roster_imports", sort="-opened_on", size=5)["rows"]
    page = render_template(
        "roster.html", wrong=wrong, kinds=KINDS, kind=request.form.get("kind", "joined"), day=day, imports=imports
    )
    return Response(page, 422 if wrong else 200, mimetype="text/html")


def _record(key: str, status: int = 200, **more: Any) -> AnyResponse:
    return Response(show(IMPORT, key, **more), status, mimetype="text/html")


_CHECKS = ("membership", "roster_check")
PAGES: tuple[Page, ...] = (
    Page("roster", "/roster", begin, _CHECKS, Menu("people", 30, "roster", "file-earmark-arrow-up")),
    Page("roster_template", "/roster/template", template, ("membership", "roster_template")),
    Page("roster_check", "/roster/check", check, _CHECKS, methods=("POST",)),
    Page("roster_marked", "/roster/marked", marked, ("membership", "roster_marked"), methods=("POST",)),
    Page("roster_confirm", "/roster/confirm", confirm, ("membership", "OpenImport"), methods=("POST",)),
    *list_pages(IMPORTS),
    record_page(IMPORT),
    Page("roster_undo", "/roster/imports/<key>/undo", undo, ("membership", "UndoImport"), methods=("POST",)),
)
