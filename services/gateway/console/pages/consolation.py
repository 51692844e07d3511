"""Festival consolation (节日慰问): lists, who stands on them, approval by another, signatures."""

from typing import Any

from flask import flash, redirect, request
from uuid6 import uuid7
from werkzeug.wrappers import Response as AnyResponse

from services.gateway.console.asking import ask, may, station_date, tell
from services.gateway.console.detail import Action, Fact, Record, Told, record_page
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Column, Filter, Listing, Step, list_pages
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.pages.applications import funds
from services.gateway.console.pages.households import today
from services.gateway.console.relief.lines import consolation_as_of
from services.gateway.console.relief.people import look_up, name_of
from services.gateway.console.searching import opened, sealed
from services.gateway.console.texts import t
from services.gateway.relief.capitals import in_capitals

OCCASIONS = ("new_year", "may_day", "double_ninth")
SEARCHES = frozenset({"text"})
LIST_ASKED = ("relief", "consolation_list")
RECIPIENTS = ("model_worker", "front_line_worker")

LISTS = Listing(
    name="consolation_lists",
    path="/consolation",
    service="relief",
    question="consolation_lists",
    key="list_id",
    title="consolation.title",
    columns=(
        Column("list_id", label="field.consolation_list", to=lambda row: link("consolation_list", key=row["list_id"])),
        Column("occasion", words="occasion"),
        Column("festival_year"),
        Column("lines", "number"),
        Column("amount_fen", "money"),
        Column("prepared_by", "person"),
        Column("prepared_on", "date"),
        Column("approved_on", "date"),
    ),
    filters=(
        Filter("occasion", words="occasion", values=OCCASIONS),
        Filter("approved", "yes-no", label="field.is_approved"),
    ),
    steps=(Step("consolation.prepare", "prepare_consolation", ("relief", "PrepareConsolationList"), icon="gift"),),
    nothing="consolation.nothing",
    first_step=Step("consolation.prepare", "prepare_consolation", ("relief", "PrepareConsolationList")),
    menu=Menu("relief", 60, "consolation", "gift"),
)
PREPARE = CommandForm(
    name="prepare_consolation",
    path="/consolation/prepare",
    service="relief",
    command="PrepareConsolationList",
    title="consolation.prepare",
    inputs=(
        Input("list_id", label="field.consolation_list", hint="consolation.id_hint"),
        Input("occasion", "choice", words="occasion", values=OCCASIONS),
        Input("fund_id", "choice", label="field.fund", choices=funds),
        Input("occurred_on", "date"),
    ),
    begun=today,
    about=lambda: {"cancel": link("consolation_lists")},
    done=lambda body, _answer: link("consolation_list", key=body["list_id"]),
)


def _about(key: str) -> dict[str, Any]:
    """What stands beside the approval: whose list it is, how many are on it, and the sum."""
    told = ask("relief", "consolation_list", list_id=key)
    capitals = in_capitals(told["amount_fen"]) if told["amount_fen"] else ""
    return {"told": told, "capitals": capitals, "cancel": link("consolation_list", key=key)}


def _about_person(key: str, person: str) -> dict[str, Any]:
    return {"household": name_of(person), "cancel": link("consolation_list", key=key)}


ADD = CommandForm(
    name="add_to_consolation",
    path="/consolation/<key>/add/<person>",
    service="relief",
    command="AddToConsolationList",
    title="consolation.add",
    submit="consolation.add",
    inputs=(
        Input("recipient", "choice", words="recipient", values=RECIPIENTS),
        Input("amount_fen", "money"),
        Input("in_goods", "yes-no"),
        Input("occurred_on", "date"),
    ),
    fixed=lambda key, person: {"list_id": key, "recipient_id": person},
    begun=today,
    about=_about_person,
    done=lambda _body, _answer, key, **_: link("consolation_list", key=key),
    template="relief_form.html",
)
APPROVE = CommandForm(
    name="approve_consolation",
    path="/consolation/<key>/approve",
    service="relief",
    command="ApproveConsolationList",
    title="consolation.approve",
    submit="consolation.approve",
    inputs=(Input("occurred_on", "date"),),
    fixed=lambda key: {"list_id": key},
    begun=today,
    about=_about,
    done=lambda _body, _answer, key: link("consolation_list", key=key),
    about_whom=lambda key: key,
    template="approve_consolation.html",
)


def _lines(key: str, told: Told) -> list[str]:
    """Each line is a stream of its own."""
    return [f"consolation_line/{key}/{line['recipient_id']}" for line in told["lines"]]


def _about_list(told: Told) -> dict[str, Any]:
    adding = _may_add(told)
    called = opened(request.args, SEARCHES).get("text", "") if adding else ""
    rows = [{**line, "person_id": line["recipient_id"]} for line in told["lines"]]
    look_up(rows)
    return {
        "whose": lambda event: name_of(event["payload"]["recipient_id"]) if "recipient_id" in event["payload"] else "",
        "rows": rows,
        "called": called,
        "found": ask("membership", "members", text=called, living=True, size=20)["rows"] if called else [],
        "name_of": name_of,
        "capitals": in_capitals(told["amount_fen"]) if told["amount_fen"] else "",
        "may_add": adding,
        "may_sign": may("relief", "SignForConsolation") and told["approved_on"] is not None,
        "command_id": str(uuid7()),
    }


def _list_title(told: Told) -> str:
    return f"{t('consolation.one', name=told['list_id'])} · {t('occasion.' + told['occasion'])} {told['festival_year']}"


LIST = Record(
    name="consolation_list",
    path="/consolation/<key>",
    service="relief",
    question="consolation_list",
    key="list_id",
    aggregates=("consolation",),
    beside=_lines,
    as_of=consolation_as_of,
    title=_list_title,
    facts=(
        Fact("prepared_by", "person"),
        Fact("prepared_on", "date"),
        Fact("approved_on", "date"),
        Fact("fund_id", label="field.fund"),
    ),
    actions=(
        Action(
            "consolation.approve",
            "approve_consolation",
            ("relief", "ApproveConsolationList"),
            lambda told: told["approved_on"] is None and bool(told["lines"]),
            icon="check2-square",
        ),
    ),
    back="consolation_lists",
    about=_about_list,
    template="consolation_list.html",
)


def search(key: str) -> AnyResponse:
    """On to the list with those who are called so: sent in a form, so that no address says it."""
    typed = request.form.get("text", "").strip()
    return redirect(link("consolation_list", key=key, **sealed({"text": typed}, SEARCHES)), 303)


def _may_add(told: Told) -> bool:
    return told["approved_on"] is None and may("relief", "AddToConsolationList") and may("membership", "members")


def sign_for(key: str) -> AnyResponse:
    person = request.form.get("recipient_id", "")
    body = {"list_id": key, "recipient_id": person, "occurred_on": station_date().isoformat()}
    tell("relief", "SignForConsolation", body, f"{request.form.get('command_id') or uuid7()}/{person}")
    flash("consolation.signed")
    return redirect(link("consolation_list", key=key), 303)


PAGES: tuple[Page, ...] = (
    *list_pages(LISTS),
    form_page(PREPARE),
    form_page(ADD),
    form_page(APPROVE),
    record_page(LIST),
    Page("consolation_searched", "/consolation/<key>/searched", search, LIST_ASKED, methods=("POST",)),
    Page(
        "sign_for_consolation", "/consolation/<key>/sign", sign_for, ("relief", "SignForConsolation"), methods=("POST",)
    ),
)
