"""Funds and what each has left."""

from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Column, Listing, Step, list_pages
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.pages.applications import funds
from services.gateway.console.pages.households import today

SOURCES = ("central", "municipal", "own")


FUNDS = Listing(
    name="funds",
    path="/funds",
    service="relief",
    question="funds_left",
    key="fund_id",
    title="funds.title",
    columns=(
        Column("fund_id", label="field.fund"),
        Column("source", words="source"),
        Column("budget_fen", "money"),
        Column("approved_fen", "money"),
        Column("paid_fen", "money"),
        Column("left_fen", "money"),
        Column("opened_by", "person"),
    ),
    steps=(
        Step("funds.open", "open_fund", ("relief", "OpenFund"), icon="wallet2"),
        Step("funds.raise", "raise_budget", ("relief", "RaiseBudget"), icon="cash-coin"),
    ),
    hint="funds.hint",
    nothing="funds.nothing",
    first_step=Step("funds.open", "open_fund", ("relief", "OpenFund")),
    menu=Menu("relief", 70, "funds", "bank"),
)
OPEN = CommandForm(
    name="open_fund",
    path="/funds/open",
    service="relief",
    command="OpenFund",
    title="funds.open",
    inputs=(
        Input("fund_id", label="field.fund", hint="funds.id_hint"),
        Input("source", "choice", words="source", values=SOURCES),
        Input("budget_fen", "money"),
        Input("occurred_on", "date"),
    ),
    fixed=lambda: {"programme": "warmth"},
    begun=today,
    about=lambda: {"cancel": link("funds")},
    done=lambda _body, _answer: link("funds"),
)
RAISE = CommandForm(
    name="raise_budget",
    path="/funds/raise",
    service="relief",
    command="RaiseBudget",
    title="funds.raise",
    inputs=(
        Input("fund_id", "choice", label="field.fund", choices=funds),
        Input("amount_fen", "money", label="field.added_fen"),
        Input("occurred_on", "date"),
    ),
    begun=today,
    about=lambda: {"cancel": link("funds")},
    done=lambda _body, _answer: link("funds"),
)

PAGES: tuple[Page, ...] = (*list_pages(FUNDS), form_page(OPEN), form_page(RAISE))
