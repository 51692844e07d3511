"""Members: one list in which everybody is found, and admitting somebody by hand."""

from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Column, Filter, Listing, Row, Step, list_pages
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.register.choices import communities, today, unions
from services.gateway.console.texts import t

CARDS = ("none", "waiting", "live", "lost")
EMPLOYMENT = ("in_service", "retired", "unemployed")


def _standing(row: Row) -> str:
    return t("membership.living" if row["living"] else "membership.former")


def to_member(row: Row) -> str:
    return link("member", key=row["person_id"])


MEMBERS = Listing(
    name="members",
    path="/members",
    service="membership",
    question="members",
    key="person_id",
    title="members.title",
    columns=(
        Column("pinyin", label="members.name", show=lambda row: row["name"], to=to_member),
        Column("union_id", label="members.union", show=lambda row: row["union_name"] or row["union_id"]),
        Column("employment", label="members.employment", words="employment"),
        Column("birth_year", label="members.birth_year"),
        Column("card", label="members.card", words="card_state"),
        Column("living", label="members.standing", show=_standing),
        Column("since", "date", label="members.since"),
    ),
    filters=(
        Filter("text", "search", label="members.sought"),
        Filter("union_id", label="members.union", choices=unions),
        Filter("community", label="members.community", choices=communities),
        Filter("card", label="members.card", words="card_state", values=CARDS),
        Filter("living", label="members.standing", words="membership_standing", values=("true", "false")),
        Filter("since", "date", label="members.since_day"),
    ),
    steps=(
        Step("members.join", "member_join", ("membership", "JoinMember"), icon="person-plus"),
        Step("roster.bring_in", "roster", ("membership", "roster_check"), icon="file-earmark-arrow-up"),
    ),
    bulk=(Step("cards.apply_selected", "cards_apply", ("membership", "ApplyForCard"), icon="credit-card-2-front"),),
    nothing="members.nothing",
    first_step=Step("roster.bring_in", "roster", ("membership", "roster_check"), icon="file-earmark-arrow-up"),
    menu=Menu("people", 10, "members", "people"),
)


JOIN = CommandForm(
    name="member_join",
    path="/members/join",
    service="membership",
    command="JoinMember",
    title="members.join",
    hint="members.join_hint",
    inputs=(
        Input("name", label="members.name"),
        Input("identity_number", label="members.identity_number", hint="members.identity_number_hint"),
        Input("union_id", "search", label="members.union", choices=unions),
        Input("phone", label="members.phone"),
        Input("employment", "choice", label="members.employment", words="employment", values=EMPLOYMENT),
        Input("occurred_on", "date", label="members.joined_on"),
    ),
    begun=lambda: {**today(), "employment": "in_service"},
    done=lambda _body, answer: link("member", key=str(answer["stream"]).rpartition("/")[2]),
    said="members.joined",
)

PAGES: tuple[Page, ...] = (*list_pages(MEMBERS), form_page(JOIN))
