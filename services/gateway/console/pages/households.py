"""Household files (一户一档): the list, finding whom to open one for, opening, and what is done with a file."""

from typing import Any

from services.gateway.console.asking import station_date
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Column, Filter, Listing, Step, list_pages
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.relief.people import called, look_up, name_of, of_row

CATEGORIES = ("deep", "relative", "accident", "single_mother", "serious_illness")


def today(**_: Any) -> dict[str, Any]:
    """The date that stands in a form at first."""
    return {"occurred_on": station_date().isoformat()}


def about_household(key: str) -> dict[str, Any]:
    return {"household": name_of(key), "cancel": link("household", key=key)}


def of_household(key: str) -> dict[str, Any]:
    return {"person_id": key}


def _open_listing(
    name: str, path: str, question: str, title: str, menu: Menu | None, steps: tuple[Step, ...]
) -> Listing:
    return Listing(
        name=name,
        path=path,
        service="relief",
        question=question,
        key="person_id",
        title=title,
        columns=(
            Column(
                "person_id",
                label="field.household",
                show=of_row,
                to=lambda row: link("household", key=row["person_id"]),
            ),
            Column("category", words="category"),
            Column("persons", "number"),
            Column("since", "date"),
            Column("exit_by", "date"),
            Column("membership_ended", words="membership_ended"),
        ),
        filters=(
            Filter("people", "search", asked=called),
            Filter("category", words="category", values=CATEGORIES),
            Filter("exit_planned", "yes-no"),
            Filter("membership_ended", "yes-no", label="field.membership_has_ended"),
        ),
        steps=steps,
        nothing="households.nothing",
        first_step=Step("households.open", "household_find", ("relief", "OpenCase"), icon="person-plus"),
        menu=menu,
        looked_up=look_up,
    )


OPENING = Step("households.open", "household_find", ("relief", "OpenCase"), icon="person-plus")
HOUSEHOLDS = _open_listing(
    "households",
    "/households",
    "cases",
    "households.title",
    Menu("relief", 10, "households", "house-heart"),
    (OPENING, Step("households.exited", "households_exited", ("relief", "cases_exited"), icon="clock-history")),
)
EXITED = _open_listing(
    "households_exited",
    "/households/exited",
    "cases_exited",
    "households.exited",
    None,
    (Step("households.title", "households", ("relief", "cases"), icon="chevron-left"),),
)
FIND = Listing(
    name="household_find",
    path="/households/find",
    service="membership",
    question="members",
    key="person_id",
    title="households.find",
    hint="households.find_hint",
    columns=(
        Column("name", to=lambda row: link("household_open", key=row["person_id"])),
        Column("union_name", label="field.union"),
        Column("birth_year"),
        Column("since", "date", label="field.member_since"),
    ),
    filters=(Filter("text", "search", label="field.people"),),
    fixed=lambda: {"living": True},
)
OPEN = CommandForm(
    name="household_open",
    path="/households/<key>/open",
    service="relief",
    command="OpenCase",
    title="households.open",
    hint="households.open_hint",
    inputs=(
        Input("category", "choice", words="category", values=CATEGORIES),
        Input("persons", "number", hint="households.persons_hint"),
        Input("illness", "textarea", hint="households.sealed_hint"),
        Input("family", "textarea", hint="households.sealed_hint"),
        Input("occurred_on", "date"),
    ),
    fixed=of_household,
    begun=today,
    about=about_household,
    done=lambda _body, _answer, key: link("household", key=key),
    said="households.opened",
    template="relief_form.html",
)
ACCOUNT = CommandForm(
    name="household_account",
    path="/households/<key>/account",
    service="relief",
    command="RecordPayee",
    title="households.account",
    hint="households.account_hint",
    inputs=(
        Input("holder"),
        Input("account_number"),
        Input("bank"),
        Input("occurred_on", "date"),
    ),
    fixed=of_household,
    begun=lambda key: {**today(), "holder": name_of(key)},
    about=about_household,
    done=lambda _body, _answer, key: link("household", key=key),
    said="households.account_recorded",
    template="relief_form.html",
)
PLAN_EXIT = CommandForm(
    name="household_plan_exit",
    path="/households/<key>/plan-exit",
    service="relief",
    command="PlanExit",
    title="households.plan_exit",
    inputs=(Input("exit_by", "date"), Input("occurred_on", "date")),
    fixed=of_household,
    begun=today,
    about=about_household,
    done=lambda _body, _answer, key: link("household", key=key),
    template="relief_form.html",
)
EXIT = CommandForm(
    name="household_exit",
    path="/households/<key>/exit",
    service="relief",
    command="ExitCase",
    title="households.exit",
    inputs=(
        Input("reason", "choice", words="reason", values=("income", "employment", "recovered", "moved_away", "other")),
        Input("occurred_on", "date"),
    ),
    fixed=of_household,
    begun=today,
    about=about_household,
    done=lambda _body, _answer, key: link("household", key=key),
    serious=True,
    template="relief_form.html",
)

PAGES: tuple[Page, ...] = (
    *list_pages(HOUSEHOLDS),
    *list_pages(EXITED),
    *list_pages(FIND),
    form_page(OPEN),
    form_page(ACCOUNT),
    form_page(PLAN_EXIT),
    form_page(EXIT),
)
