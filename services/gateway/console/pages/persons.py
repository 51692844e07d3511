"""The people who work with the station, whoever registers another, and the sign-ins."""

from services.gateway.console.asking import station_date
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Column, Filter, Listing, Step, list_pages
from services.gateway.console.page import Menu, link
from services.gateway.console.pages.person import ROLES, SINCE
from services.gateway.console.rights import said_of_roles

PERSONS = Listing(
    name="persons",
    path="/persons",
    service="access",
    question="persons_list",
    key="person_id",
    title="menu.persons",
    hint="persons.hint",
    columns=(
        Column("name", to=lambda row: link("person", key=row["person_id"])),
        Column("account_name"),
        Column("account", words="account_state"),
        Column("has_second_factor", "yes-no"),
        Column("roles", show=lambda row: said_of_roles(row["roles"])),
    ),
    filters=(
        Filter("account", words="account_state", values=("none", "open", "closed")),
        Filter("role", words="role", values=ROLES),
    ),
    steps=(Step("persons.register", "register_person", ("access", "RegisterPerson"), icon="person-plus"),),
    nothing="persons.nothing",
    first_step=Step("persons.register", "register_person", ("access", "RegisterPerson")),
    menu=Menu("administration", 10, "persons", "people"),
)
REGISTER = CommandForm(
    name="register_person",
    path="/persons/new",
    service="access",
    command="RegisterPerson",
    title="persons.register",
    inputs=(Input("name"), SINCE),
    new_ids=("person_id",),
    begun=lambda: {"occurred_on": station_date()},
    done=lambda body, _answer: link("person", key=body["person_id"]),
    said="persons.registered",
)
SIGN_INS = Listing(
    name="sign_ins",
    path="/sign-ins",
    service="access",
    question="sign_ins_list",
    key="session_id",
    title="menu.sign_ins",
    hint="sign_ins.hint",
    columns=(
        Column("at", "instant"),
        Column("name"),
        Column("way", words="sign_in_way"),
        Column("outcome", words="sign_in_outcome"),
        Column("address"),
    ),
    menu=Menu("administration", 20, "sign_ins", "clock-history"),
)

PAGES = (*list_pages(PERSONS), form_page(REGISTER), *list_pages(SIGN_INS))
