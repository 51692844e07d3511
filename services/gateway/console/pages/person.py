"""One person who works with the station: account, roles, household, and what is done about them."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from lastmile.kernel.domain.identity import STATION_ROLES, Role
from services.gateway.console.asking import ask, may, names, station_date
from services.gateway.console.detail import Action, Fact, Record, Told, record_page
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Choice
from services.gateway.console.page import link
from services.gateway.console.relief.people import look_up, name_of
from services.gateway.console.rights import rights_as_of, said_of_roles
from services.gateway.console.texts import t_or
from services.gateway.parts import gateway
from services.gateway.session import current

ROLES = tuple(str(role) for role in STATION_ROLES if role is not Role.CITY_SYSTEM)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are easily taken for another."""


def first_password() -> str:
    """Something to write down once: three groups of four."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def back(_body: Mapping[str, Any], _answer: Mapping[str, Any], key: str) -> str:
    return link("person", key=key)


def of_person(name: str, command: str, inputs: Sequence[Input], said: str, **more: Any) -> CommandForm:
    """A form about one person: the address names whom."""
    title = f"persons.{more.pop('text', name)}"
    return CommandForm(
        name=name,
        path=f"/persons/<key>/{name.replace('_', '-')}",
        service="access",
        command=command,
        title=title,
        submit=title,
        inputs=inputs,
        fixed=more.pop("fixed", lambda key: {"person_id": key}),
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


def roles_stood_in_for() -> Sequence[Choice]:
    """The roles for which the person whom the address names stands in."""
    told = ask("access", "person", person_id=(request.view_args or {})["key"])
    return [(term["role"], t_or(f"role.{term['role']}", term["role"])) for term in told["stand_ins"]]


def recovered(key: str) -> Mapping[str, Any]:
    """What stands beside the agreement: who gave the person a new way in, and when."""
    return {"recovery": ask("access", "person", person_id=key)["recovery"]}


def people_around(told: Told) -> Told:
    """The names of those who had a hand in a recovery, and of the members whose aid is the person's own."""
    links = told.get("household") or ()
    look_up([{"person_id": each["member_id"]} for each in links])
    return {"member_name": name_of, "may_see_members": may("membership", "member")}


def issuer(**_: Any) -> Told:
    """The provider at which people may sign in, if there is one."""
    provider = gateway().single_sign_on
    return {"issuer": provider.issuer} if provider else {}


ROLE = Input("role", "choice", words="role", values=ROLES)
SINCE = Input("occurred_on", "date")
GROUND = Input("ground", hint="form.ground_hint")
MEMBER = Input("member_id", hint="persons.member_id_hint")
SUBJECT = (
    Input("issuer", label="persons.issuer", hint="persons.issuer_hint"),
    Input("subject", label="persons.subject", hint="persons.subject_hint"),
)
FIRST = Input("first_password", hint="persons.password_hint")

PERSON = Record(
    name="person",
    path="/persons/<key>",
    service="access",
    question="person",
    key="person_id",
    aggregates=("person", "role", "stand_in", "household", "recovery"),
    as_of=rights_as_of,
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
        Action(
            "persons.link_subject", "link_subject", ("access", "LinkSubject"), lambda told: told["account"] == "open"
        ),
        Action("persons.unlink_subject", "unlink_subject", ("access", "UnlinkSubject")),
        Action("persons.close", "close_account", ("access", "CloseAccount"), lambda told: told["account"] == "open"),
    ),
    back="persons",
    about=people_around,
    template="person.html",
)
FORMS = (
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
        about=recovered,
        template="agree_to_recovery.html",
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
        (Input("member_id", "choice", "persons.linked_member", choices=linked_members), GROUND, SINCE),
        "persons.member_unlinked",
        serious=True,
    ),
    of_person(
        "link_subject",
        "LinkSubject",
        SUBJECT,
        "persons.subject_linked",
        hint="persons.link_subject_hint",
        begun=issuer,
    ),
    of_person(
        "unlink_subject",
        "UnlinkSubject",
        SUBJECT,
        "persons.subject_unlinked",
        hint="persons.unlink_subject_hint",
        fixed=lambda **_: {},
        begun=issuer,
        serious=True,
    ),
    of_person(
        "end_stand_in",
        "EndStandIn",
        (Input("role", "choice", choices=roles_stood_in_for),),
        "persons.stand_in_ended",
        serious=True,
    ),
)

PAGES = (record_page(PERSON), *(form_page(form) for form in FORMS))
