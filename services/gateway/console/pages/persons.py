"""The people who work with the station: registered, given accounts and roles, recovered, and stood in for."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from lastmile.kernel.domain.identity import STATION_ROLES, Role
from services.gateway.console.asking import ask, may, names, station_date
from services.gateway.console.detail import Action, Fact, Record, Told, record_page
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.history import Event
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Choice, Column, Filter, Listing, Step, list_pages
from services.gateway.console.page import Menu, link
from services.gateway.console.relief.people import look_up, name_of
from services.gateway.console.texts import t_or
from services.gateway.session import current

ROLES = tuple(str(role) for role in STATION_ROLES if role is not Role.CITY_SYSTEM)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are easily taken for another."""


def first_password() -> str:
    """Something to write down once: three groups of four."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def said_of_roles(roles: Sequence[Mapping[str, Any]]) -> str:
    words = []
    for held in roles:
        beside = [str(held[name]) for name in ("community", "until") if held.get(name)]
        words.append(t_or(f"role.{held['role']}", held["role"]) + (f"（{'，'.join(beside)}）" if beside else ""))
    return "、".join(words)


def back(_body: Mapping[str, Any], _answer: Mapping[str, Any], key: str) -> str:
    return link("person", key=key)


def of_person(name: str, command: str, inputs: Sequence[Input], said: str, **more: Any) -> CommandForm:
    """A form about one person: the address names whom."""
    return CommandForm(
        name=name,
        path=f"/persons/<key>/{name.replace('_', '-')}",
        service="access",
        command=command,
        title=f"persons.{more.pop('text', name)}",
        inputs=inputs,
        fixed=lambda key: {"person_id": key},
        about_whom=lambda key: names([key])[key],
        begun=more.pop("begun", lambda **_: {"occurred_on": station_date()}),
        done=back,
        said=said,
        **more,
    )


def may_agree(told: Told) -> bool:
    """Whether the recovery waits for whoever looks: who had a hand in it cannot agree."""
    hands = {step["done_by"] for step in told["recovery"]} | {told["person_id"]}
    return bool(told["recovery"] and told["has_second_factor"]) and current().person_id not in hands


def has_household(told: Told) -> bool:
    return bool(told["household"])


def linked_members() -> Sequence[Choice]:
    """The members who are linked to the person whom the address names."""
    told = ask("access", "person", person_id=(request.view_args or {})["key"])
    people_around(told)
    return [(each["member_id"], name_of(each["member_id"])) for each in told["household"]]


def people_around(told: Told) -> Told:
    """The names of those who had a hand in a recovery, and of the members whose aid is the person's own."""
    links = told.get("household") or ()
    look_up([{"person_id": each["member_id"]} for each in links])
    return {"member_name": name_of, "may_see_members": may("membership", "member")}


def as_of(events: Sequence[Event], day: str) -> Told:
    """The roles and terms of standing in at this station, and the linked members, as they were on a day."""
    roles, terms, household = dict[str, Told](), dict[str, Told](), dict[str, Told]()
    for event in events:
        said = event["payload"]
        match event["type"]:
            case "RoleGranted":
                roles[said["role"]] = {"role": said["role"], "community": said.get("community")}
            case "RoleRevoked":
                roles.pop(said["role"], None)
            case "StandInNamed":
                terms[said["role"]] = {name: said[name] for name in ("role", "valid_from", "valid_to")}
            case "StandInEnded":
                terms.pop(said["role"], None)
            case "MemberLinked":
                household[said["member_id"]] = {name: said[name] for name in ("member_id", "kinship")}
            case "MemberUnlinked":
                household.pop(said["member_id"], None)
    stood_in = [
        {"role": role, "until": term["valid_to"]}
        for role, term in terms.items()
        if role not in roles and term["valid_from"] <= day <= term["valid_to"]
    ]
    return {
        "roles": [*roles.values(), *stood_in],
        "stand_ins": [term for term in terms.values() if term["valid_to"] >= day],
        "household": list(household.values()),
    }


ROLE = Input("role", "choice", words="role", values=ROLES)
SINCE = Input("occurred_on", "date")
GROUND = Input("ground", hint="form.ground_hint")
MEMBER = Input("member_id", hint="persons.member_id_hint")
FIRST = Input("first_password", hint="persons.password_hint")

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
PERSON = Record(
    name="person",
    path="/persons/<key>",
    service="access",
    question="person",
    key="person_id",
    aggregates=("person", "role", "stand_in", "household", "recovery"),
    as_of=as_of,
    title=lambda told: str(told.get("name") or told["person_id"]),
    facts=(
        Fact("account_name", only_today=True),
        Fact("account", words="account_state", only_today=True),
        Fact("must_change_password", "yes-no", only_today=True),
        Fact("has_second_factor", "yes-no", only_today=True),
        Fact("roles", show=lambda told: said_of_roles(told.get("roles") or ())),
        Fact("person_id"),
    ),
    actions=(
        Action("persons.agree", "agree_to_recovery", ("access", "AgreeToRecovery"), may_agree, icon="check2-circle"),
        Action("persons.grant", "grant", ("access", "GrantRole"), icon="person-badge"),
        Action("persons.stand_in", "stand_in", ("access", "NameStandIn"), icon="people"),
        Action(
            "persons.open_account", "open_account", ("access", "OpenAccount"), lambda told: told["account"] != "open"
        ),
        Action("persons.reset", "reset_account", ("access", "ResetAccount"), lambda told: told["account"] == "open"),
        Action("persons.revoke", "revoke", ("access", "RevokeRole"), lambda told: bool(told["roles"])),
        Action("persons.end_stand_in", "end_stand_in", ("access", "EndStandIn"), lambda told: bool(told["stand_ins"])),
        Action("persons.waive", "waive", ("access", "WaiveSecondFactor"), lambda told: bool(told["has_second_factor"])),
        Action("persons.link_member", "link_member", ("access", "LinkMember"), icon="house-heart"),
        Action(
            "persons.unlink_member", "unlink_member", ("access", "UnlinkMember"), lambda told: bool(told["household"])
        ),
        Action("persons.close", "close_account", ("access", "CloseAccount"), lambda told: told["account"] == "open"),
    ),
    back="persons",
    about=people_around,
    template="person.html",
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
FORMS = (
    REGISTER,
    of_person(
        "grant", "GrantRole", (ROLE, Input("community", hint="persons.community_hint"), SINCE), "persons.granted"
    ),
    of_person("revoke", "RevokeRole", (ROLE, SINCE), "persons.revoked", serious=True),
    of_person(
        "open_account",
        "OpenAccount",
        (Input("account_name", hint="persons.account_name_hint"), FIRST),
        "persons.account_opened",
        begun=lambda **_: {"first_password": first_password()},
    ),
    of_person(
        "reset_account",
        "ResetAccount",
        (GROUND, FIRST),
        "persons.reset_done",
        text="reset",
        begun=lambda **_: {"first_password": first_password()},
    ),
    of_person("close_account", "CloseAccount", (GROUND,), "persons.closed", text="close", serious=True),
    of_person("waive", "WaiveSecondFactor", (GROUND,), "persons.waived", serious=True),
    of_person(
        "stand_in",
        "NameStandIn",
        (ROLE, Input("valid_from", "date"), Input("valid_to", "date")),
        "persons.stand_in_named",
        hint="persons.stand_in_hint",
        begun=lambda **_: {"valid_from": station_date()},
    ),
    of_person(
        "agree_to_recovery",
        "AgreeToRecovery",
        (),
        "persons.agreed",
        text="agree",
        hint="persons.agree_hint",
        serious=True,
    ),
    of_person(
        "link_member",
        "LinkMember",
        (MEMBER, Input("kinship", "choice", words="kinship", values=("self", "household")), SINCE),
        "persons.member_linked",
        hint="persons.link_member_hint",
    ),
    of_person(
        "unlink_member",
        "UnlinkMember",
        (Input("member_id", "choice", choices=linked_members), GROUND, SINCE),
        "persons.member_unlinked",
        serious=True,
    ),
    of_person("end_stand_in", "EndStandIn", (ROLE,), "persons.stand_in_ended", serious=True),
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

PAGES = (*list_pages(PERSONS), record_page(PERSON), *(form_page(form) for form in FORMS), *list_pages(SIGN_INS))
