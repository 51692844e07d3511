"""One member: the record, and what is done with it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.gateway.console.detail import Action, Fact, Record, Told, record_page
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.page import Page, link
from services.gateway.console.register.choices import community_name, name_of, today, unions
from services.gateway.console.register.membership import member_as_of
from services.gateway.console.texts import t

TITLES = ("national_model_worker", "municipal_model_worker", "district_labour_medal", "party_congress_delegate")


def _card(*states: str) -> Callable[[Told], bool]:
    return lambda told: bool(told["living"]) and told["card"]["status"] in states


def _living(told: Told) -> bool:
    return bool(told["living"])


def _card_said(told: Told) -> str:
    card: Mapping[str, Any] | None = told.get("card")
    if not isinstance(card, Mapping):
        return ""
    number = f" № {card['application_number']}" if card.get("application_number") else ""
    since = f" · {card['since']}" if card.get("since") else ""
    return t(f"card_state.{card['status']}") + number + since


def _standing(told: Told) -> str:
    return t("membership.living" if told["living"] else "membership.former")


def _beside(key: str, _told: Told) -> Sequence[str]:
    """Honours that were taken back have a history too."""
    return [f"honour/{key}/{title}" for title in TITLES]


MEMBER = Record(
    name="member",
    path="/members/<key>",
    service="membership",
    question="member",
    key="person_id",
    aggregates=("member", "card"),
    beside=_beside,
    as_of=member_as_of,
    title=lambda told: told.get("name") or name_of(told["person_id"]) or t("members.record"),
    kind="members.record",
    facts=(
        Fact("living", label="members.standing", show=_standing),
        Fact("since", "date", label="members.since"),
        Fact(
            "union_id",
            label="members.union",
            show=lambda told: told.get("union_name") or str(told["union_id"]),
            to=lambda told: link("union", key=told["union_id"]),
        ),
        Fact("community", label="members.community", show=lambda told: community_name(told.get("community"))),
        Fact("employment", label="members.employment", words="employment"),
        Fact("sex", label="members.sex", words="sex"),
        Fact("birth_year", label="members.birth_year"),
        Fact("card", label="members.card", show=_card_said),
        Fact("identity_number", "personal", label="members.identity_number"),
        Fact("phone", "personal", label="members.phone"),
        Fact("person_id"),
    ),
    actions=(
        Action("cards.apply", "member_card_apply", ("membership", "ApplyForCard"), _card("none", "lost")),
        Action("members.correct", "member_correct", ("membership", "CorrectMember"), _living),
        Action("members.transfer", "member_transfer", ("membership", "TransferMember"), _living),
        Action("members.request_transfer", "member_move_out", ("membership", "RequestTransfer"), _living),
        Action("cards.withdraw", "member_card_withdraw", ("membership", "WithdrawCardApplication"), _card("waiting")),
        Action("cards.report_lost", "member_card_lost", ("membership", "ReportCardLost"), _card("live")),
        Action("members.honour", "member_honour", ("membership", "RecordHonour"), _living),
        Action("members.leave", "member_leave", ("membership", "LeaveUnion"), _living),
        Action("members.died", "member_died", ("membership", "RecordDeath"), _living),
        Action("members.expel", "member_expel", ("membership", "ExpelMember"), _living),
    ),
    back="members",
    template="member.html",
)


def _form(name: str, command: str, title: str, *inputs: Input, serious: bool = False, hint: str = "") -> CommandForm:
    """A form about one member that leads back to the record."""
    return CommandForm(
        name=name,
        path=f"/members/<key>/{name.removeprefix('member_').replace('_', '-')}",
        service="membership",
        command=command,
        title=title,
        submit=title,
        hint=hint,
        inputs=inputs,
        fixed=lambda key: {"person_id": key},
        begun=today,
        about=lambda key: {"cancel": link("member", key=key)},
        about_whom=name_of,
        done=lambda _body, _answer, key: link("member", key=key),
        serious=serious,
    )


def _on(label: str) -> Input:
    return Input("occurred_on", "date", label=label)


FORMS = (
    _form("member_card_apply", "ApplyForCard", "cards.apply", _on("cards.applied_on")),
    _form("member_card_withdraw", "WithdrawCardApplication", "cards.withdraw", _on("members.day"), serious=True),
    _form(
        "member_card_lost",
        "ReportCardLost",
        "cards.report_lost",
        _on("members.day"),
        serious=True,
        hint="cards.report_lost_hint",
    ),
    _form(
        "member_correct",
        "CorrectMember",
        "members.correct",
        Input("name", label="members.name"),
        Input("phone", label="members.phone"),
        _on("members.day"),
        hint="members.correct_hint",
    ),
    _form(
        "member_transfer",
        "TransferMember",
        "members.transfer",
        Input("to_union_id", "search", label="members.to_union", choices=unions),
        _on("members.day"),
    ),
    _form(
        "member_move_out",
        "RequestTransfer",
        "members.request_transfer",
        Input("to_station", label="members.to_station"),
        _on("members.day"),
        hint="members.request_transfer_hint",
    ),
    _form(
        "member_honour",
        "RecordHonour",
        "members.honour",
        Input("title", "choice", label="members.honour_title", words="honour", values=TITLES),
        Input("service", "choice", label="members.employment", words="employment", values=("in_service", "retired")),
        _on("members.day"),
    ),
    _form("member_leave", "LeaveUnion", "members.leave", _on("members.day"), serious=True, hint="members.leave_hint"),
    _form("member_died", "RecordDeath", "members.died", _on("members.day"), serious=True),
    _form(
        "member_expel",
        "ExpelMember",
        "members.expel",
        Input("decision", label="members.decision", hint="form.ground_hint"),
        _on("members.day"),
        serious=True,
    ),
)

PAGES: tuple[Page, ...] = (record_page(MEMBER), *map(form_page, FORMS))
