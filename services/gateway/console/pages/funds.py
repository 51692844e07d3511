"""Funds and what each has left."""

from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Column, Listing, Row, Step, list_pages
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.pages.households import today

SOURCES = ("central", "municipal", "own")


def _raise(row: Row) -> str:
    return link("raise_budget", key=row["fund_id"])


FUNDS = Listing(
    name="funds",
    path="/funds",
    service="relief",
    question="funds_left",
    key="fund_id",
    title="funds.title",
    columns=(
        Column("fund_id", label="field.fund", to=_raise),
        Column("source", words="source"),
        Column("budget_fen", "money"),
        Column("approved_fen", "money"),
        Column("paid_fen", "money"),
        Column("left_fen", "money"),
        Column("opened_by", "person"),
    ),
    steps=(Step("funds.open", "open_fund", ("relief", "OpenFund"), icon="wallet2"),),
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
    path="/funds/<key>/raise",
    service="relief",
    command="RaiseBudget",
    title="funds.raise",
    inputs=(Input("amount_fen", "money", label="field.added_fen"), Input("occurred_on", "date")),
    fixed=lambda key: {"fund_id": key},
    begun=today,
    about=lambda key: {"household": key, "cancel": link("funds")},
    done=lambda _body, _answer, **_: link("funds"),
    template="relief_form.html",
)

PAGES: tuple[Page, ...] = (*list_pages(FUNDS), form_page(OPEN), form_page(RAISE))
