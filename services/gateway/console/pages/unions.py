"""Grassroots unions: the list, one union, founding, dissolving and merging."""

from collections.abc import Sequence
from typing import Any

from services.gateway.console.detail import Action, Fact, Record, Told, record_page
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.history import Event
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Column, Filter, Listing, Step, list_pages
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.register.choices import communities, community_name, today, unions
from services.gateway.console.texts import t

ENDED_BY = ("UnionDissolved", "UnionMerged")
KINDS = ("single", "joint")


def _standing(told: Told) -> str:
    return t("unions.ended" if told["ended"] else "unions.stands")


def as_of(events: Sequence[Event], _day: str) -> Told:
    """Whether the union stood on a day, since when, and how many employers it covered by then."""
    types = [event["type"] for event in events]
    return {
        "ended": any(name in ENDED_BY for name in types),
        "since": events[0]["occurred_on"],
        "employers": types.count("EmployerCovered"),
    }


UNIONS = Listing(
    name="unions",
    path="/unions",
    service="membership",
    question="unions",
    key="union_id",
    title="unions.title",
    columns=(
        Column("name", label="unions.name", to=lambda row: link("union", key=row["union_id"])),
        Column("kind", label="unions.kind", words="union_kind"),
        Column("community", label="members.community", show=lambda row: community_name(row["community"])),
        Column("members", "number", label="unions.members"),
        Column("employers", "number", label="unions.employers"),
        Column("since", "date", label="unions.since"),
        Column("ended", label="unions.standing", show=_standing),
    ),
    filters=(
        Filter("text", "text", label="unions.sought"),
        Filter("community", label="members.community", choices=communities),
        Filter("kind", label="unions.kind", words="union_kind", values=KINDS),
        Filter("standing", label="unions.standing", words="union_standing", values=("true", "false")),
    ),
    steps=(Step("unions.found", "union_found", ("membership", "FoundUnion"), icon="building"),),
    nothing="unions.nothing",
    first_step=Step("unions.found", "union_found", ("membership", "FoundUnion"), icon="building"),
    menu=Menu("people", 20, "unions", "building"),
)

UNION = Record(
    name="union",
    path="/unions/<key>",
    service="membership",
    question="union",
    key="union_id",
    aggregates=("union",),
    as_of=as_of,
    title=lambda told: told.get("name") or t("unions.record"),
    kind="unions.record",
    facts=(
        Fact("ended", label="unions.standing", show=_standing),
        Fact("kind", label="unions.kind", words="union_kind"),
        Fact("community", label="members.community", show=lambda told: community_name(told.get("community"))),
        Fact(
            "members",
            "number",
            label="unions.members",
            only_today=True,
            to=lambda told: link("members", union_id=told["union_id"], living="true"),
        ),
        Fact("employers", "number", label="unions.employers"),
        Fact("since", "date", label="unions.since"),
        Fact("union_id", label="unions.number"),
    ),
    actions=(
        Action(
            "unions.see_members",
            "members",
            ("membership", "members"),
            icon="people",
            values=lambda told: {"key": "", "union_id": told["union_id"], "living": "true"},
        ),
        Action("unions.cover", "union_cover", ("membership", "CoverEmployer"), lambda told: told["kind"] == "joint"),
        Action("unions.merge", "union_merge", ("membership", "MergeUnion"), lambda told: not told["ended"]),
        Action("unions.dissolve", "union_dissolve", ("membership", "DissolveUnion"), lambda told: not told["ended"]),
    ),
    back="unions",
)

FOUND = CommandForm(
    name="union_found",
    path="/unions/found",
    service="membership",
    command="FoundUnion",
    title="unions.found",
    inputs=(
        Input("union_id", label="unions.number", hint="unions.number_hint"),
        Input("name", label="unions.name"),
        Input("kind", "choice", label="unions.kind", words="union_kind", values=KINDS),
        Input("community", "search", label="members.community", choices=communities),
        Input("occurred_on", "date", label="unions.since"),
    ),
    begun=today,
    done=lambda body, _answer: link("union", key=body["union_id"]),
)


def _named(key: str) -> str:
    return next((name for union_id, name in unions() if union_id == key), key)


def _form(name: str, command: str, title: str, *inputs: Input, **more: Any) -> CommandForm:
    """A form about one union that leads back to it."""
    return CommandForm(
        name=name,
        path=f"/unions/<key>/{name.removeprefix('union_')}",
        service="membership",
        command=command,
        title=title,
        inputs=(*inputs, Input("occurred_on", "date", label="members.day")),
        fixed=lambda key: {"union_id": key},
        begun=today,
        about=lambda key: {"cancel": link("union", key=key)},
        about_whom=_named,
        done=lambda _body, _answer, key: link("union", key=key),
        **more,
    )


FORMS = (
    FOUND,
    _form(
        "union_cover",
        "CoverEmployer",
        "unions.cover",
        Input("employer_id", label="unions.employer_number"),
        Input("employer_name", label="unions.employer_name"),
    ),
    _form(
        "union_merge",
        "MergeUnion",
        "unions.merge",
        Input("into_union_id", "search", label="unions.into", choices=unions),
        hint="unions.end_hint",
        serious=True,
    ),
    _form(
        "union_dissolve",
        "DissolveUnion",
        "unions.dissolve",
        Input("reason", label="unions.reason"),
        hint="unions.end_hint",
        serious=True,
    ),
)

PAGES: tuple[Page, ...] = (*list_pages(UNIONS), record_page(UNION), *map(form_page, FORMS))
