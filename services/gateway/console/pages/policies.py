"""Policy rows: which document sets ceiling, notice days and how often, where and from when."""

from typing import Any

from flask import g

from services.gateway.console.asking import station_date
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Column, Filter, Listing, Step, list_pages
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.pages.households import today

POLICIES = Listing(
    name="policies",
    path="/policies",
    service="relief",
    question="policies",
    key="policy_id",
    title="policies.title",
    columns=(
        Column("document_number"),
        Column("issuer"),
        Column("area"),
        Column("valid_from", "date", label="field.policy_from"),
        Column("valid_until", "date"),
        Column("ceiling_fen", "money"),
        Column("notice_days", "number"),
        Column("times_a_year", "number"),
        Column("confirmed", "yes-no", label="field.source_seen"),
        Column("stated_by", "person"),
    ),
    filters=(Filter("on", "date", label="field.valid_on"),),
    steps=(Step("policies.state", "state_policy", ("relief", "StatePolicy"), icon="journal-text"),),
    hint="policies.hint",
    nothing="policies.nothing",
    first_step=Step("policies.state", "state_policy", ("relief", "StatePolicy")),
    menu=Menu("relief", 80, "policies", "sliders"),
)


def _begun() -> dict[str, Any]:
    return {
        **today(),
        "valid_from": station_date().isoformat(),
        "area": g.station,
        "notice_days": 5,
        "times_a_year": 1,
    }


STATE = CommandForm(
    name="state_policy",
    path="/policies/state",
    service="relief",
    command="StatePolicy",
    title="policies.state",
    hint="policies.state_hint",
    inputs=(
        Input("document_number"),
        Input("issuer"),
        Input("area", hint="policies.area_hint"),
        Input("valid_from", "date", label="field.policy_from"),
        Input("valid_until", "date"),
        Input("ceiling_fen", "money"),
        Input("notice_days", "number"),
        Input("times_a_year", "number"),
        Input("confirmed", "yes-no", label="field.source_seen"),
        Input("occurred_on", "date"),
    ),
    fixed=lambda: {"programme": "warmth"},
    begun=_begun,
    about=lambda: {"cancel": link("policies")},
    new_ids=("policy_id",),
    done=lambda _body, _answer: link("policies"),
)

PAGES: tuple[Page, ...] = (*list_pages(POLICIES), form_page(STATE))
