"""Applications: the list, and entering one for a household."""

from collections.abc import Sequence

from services.gateway.console.asking import ask
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Choice, Column, Filter, Listing, list_pages
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.pages.households import about_household, today
from services.gateway.console.relief.people import called, look_up, of_row
from services.gateway.console.showing import yuan
from services.gateway.console.texts import t

STATES = (
    "in_hand",
    "reviewed",
    "on_notice",
    "unopposed",
    "returned",
    "approved",
    "entered",
    "released",
    "paid",
    "failed",
    "reversed",
    "signed_for",
    "refused",
    "withdrawn",
)


def funds() -> Sequence[Choice]:
    """The funds with what each has left, to choose from."""
    rows = ask("relief", "funds_left", size=200)["rows"]
    return [(row["fund_id"], f"{row['fund_id']}（{t('funds.left', amount=yuan(row['left_fen']))}）") for row in rows]


APPLICATIONS = Listing(
    name="applications",
    path="/applications",
    service="relief",
    question="applications",
    key="application_id",
    title="applications.title",
    columns=(
        Column(
            "person_id",
            label="field.household",
            show=of_row,
            to=lambda row: link("application", key=row["application_id"]),
        ),
        Column("applied_on", "date"),
        Column("amount_fen", "money"),
        Column("state", words="state"),
        Column("since", "date", label="field.state_since"),
        Column("fund_id", label="field.fund"),
        Column("pay_list_id", label="field.pay_list"),
    ),
    filters=(
        Filter("people", "search", asked=called),
        Filter("state", words="state", values=STATES),
        Filter("month", "text", label="field.month"),
        Filter("open", "yes-no", label="field.underway"),
    ),
    nothing="applications.nothing",
    hint="applications.hint",
    menu=Menu("relief", 20, "applications", "journal-text"),
    looked_up=look_up,
)


APPLY = CommandForm(
    name="apply",
    path="/households/<key>/apply",
    service="relief",
    command="Apply",
    title="applications.apply",
    hint="applications.apply_hint",
    inputs=(
        Input("fund_id", "choice", label="field.fund", choices=funds),
        Input("amount_fen", "money"),
        Input("ground", "textarea", label="field.hardship", hint="households.sealed_hint"),
        Input("occurred_on", "date", label="field.applied_on"),
    ),
    fixed=lambda key: {"person_id": key, "programme": "warmth"},
    begun=today,
    about=about_household,
    new_ids=("application_id",),
    done=lambda body, _answer, **_: link("application", key=body["application_id"]),
    said="applications.applied",
    template="relief_form.html",
)

PAGES: tuple[Page, ...] = (*list_pages(APPLICATIONS), form_page(APPLY))
