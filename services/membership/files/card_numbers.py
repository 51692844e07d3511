"""Card numbers as the bank sends them: which columns, and what would become of each row."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lastmile.kernel.domain.aggregate import stream_name
from lastmile.kernel.domain.entry import log_name
from lastmile.kernel.domain.events import command_type, event_type
from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.store import log
from lastmile.kernel.store.service import Asking
from services.membership import card, card_issuing
from services.membership.files.table import Column, Row, Sheet
from services.membership.files.words import Problem, problem, problems_of
from services.membership.views import card_applications, live_cards, members

COLUMNS = (
    Column("card_number", "卡号", ("京卡卡号", "互助服务卡号", "互助卡号")),
    Column("application_number", "申请编号", ("申请号",), needed=False),
    Column("identity_number", "身份证号", ("身份证号码", "证件号码", "公民身份号码"), needed=False),
    Column("name", "姓名", needed=False),
)
EXAMPLE = ("6210000000000000000", "1", "", "")

ROUNDED = problem("卡号：按数字录入，后几位已丢失；请把该列设为文本", "card_number: typed as a number and rounded")
NOBODY = problem(
    "找不到此人：申请编号不在待办申请里，身份证号也不是本站会员", "nobody here has this application or number"
)
DISAGREE = problem("申请编号与身份证号不是同一个人", "the application and the identity number are two persons'")
NOT_TOLD = problem("申请编号和身份证号至少填一个", "neither application nor identity number is given")


@dataclass(frozen=True)
class Checked:
    """What would become of a row: `new`, `known` (the member has this card) or `wrong`."""

    row: Row
    status: str
    command: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Known:
    """Who waits and who is known, and what earlier rows of the file would change."""

    numbered: dict[int, str]
    persons: dict[str, str]
    living: dict[str, str]
    states: dict[str, card.CardState]
    seen: dict[str, int] = field(default_factory=dict)


def check_card_numbers(asking: Asking, sheet: Sheet, occurred_on: date) -> list[Checked]:
    """Each row of the file, in order, with what would become of it."""
    known = _known(asking, sheet)
    return [_checked(asking, row, known, occurred_on) for row in sheet.rows]


def _checked(asking: Asking, row: Row, known: _Known, occurred_on: date) -> Checked:
    person_id, trouble = _person(row, known)
    number = row.said["card_number"].replace(" ", "")
    if "e+" in number.lower():
        trouble = ROUNDED
    if trouble:
        return Checked(row, "wrong", problems=[trouble])
    for what in (f"person {person_id}", f"card {number}"):
        if what in known.seen:
            first = known.seen[what]
            return Checked(row, "wrong", problems=[problem(f"与第 {first} 行重复", f"the same as in row {first}")])
    known.seen |= {f"person {person_id}": row.number, f"card {number}": row.number}
    state = known.states.get(person_id, card.card.initial)
    kind = card_issuing.ReplaceCard if isinstance(state, card.Lost) else card_issuing.IssueCard
    body = {"person_id": person_id, "card_number": number, "occurred_on": occurred_on.isoformat()}
    return _decided(asking, row, kind, {name: value for name, value in body.items() if value}, state)


def _decided(
    asking: Asking,
    row: Row,
    kind: type[card_issuing.IssueCard | card_issuing.ReplaceCard],
    body: dict[str, Any],
    state: card.CardState,
) -> Checked:
    try:
        command = command_type(kind).parse(body, actor="", today=asking.today)
        token = asking.resources.keystore.master.blind("card number", command.card_number)
        holder = live_cards.holder(asking.connection, token)
        facts = card_issuing.CardFacts(
            card_token=token,
            is_member=members.is_member(asking.connection, asking.station, command.person_id),
            taken=holder is not None and holder != command.person_id,
        )
        events = (
            card_issuing.replace_card(command, state, facts)
            if isinstance(command, card_issuing.ReplaceCard)
            else card_issuing.issue_card(command, state, facts)
        )
    except Failure as failure:
        return Checked(row, "wrong", problems=problems_of(failure))
    return Checked(row, "new" if events else "known", kind.__name__, body)


def _person(row: Row, known: _Known) -> tuple[str, Problem | None]:
    application, identity = row.said.get("application_number", ""), row.said.get("identity_number", "").upper()
    if not application and not identity:
        return "", NOT_TOLD
    meant = {known.living.get(known.persons.get(identity, ""), "")} if identity else set()
    if application and (not identity or (application.isdigit() and int(application) in known.numbered)):
        meant.add(known.numbered.get(int(application), "") if application.isdigit() else "")
    if len(meant) > 1:
        return "", DISAGREE if "" not in meant else NOBODY
    (person_id,) = meant
    return person_id, None if person_id else NOBODY


def _known(asking: Asking, sheet: Sheet) -> _Known:
    numbers = [row.said.get("identity_number", "").upper() for row in sheet.rows]
    asked = [number for number in numbers if number]
    found = asking.resources.keystore.known_persons("identity number", asked)
    persons = {number: person_id for number, person_id in zip(asked, found, strict=True) if person_id}
    here = members.members_at(asking.connection, list(persons.values()))
    living = {person_id: person_id for person_id, station in here.items() if station == asking.station}
    numbered = card_applications.numbered(asking.connection, asking.station)
    states = _states(asking, {*living, *numbered.values()})
    return _Known(numbered, persons, living, states)


def _states(asking: Asking, person_ids: set[str]) -> dict[str, card.CardState]:
    kinds = {event_type(kind).name: event_type(kind) for kind in card.card.events}
    streams = {stream_name(asking.station, "card", person_id): person_id for person_id in sorted(person_ids)}
    states: dict[str, card.CardState] = {}
    found = log.streams(asking.connection, log_name(asking.station, "membership"), list(streams))
    for stream, entries in found.items():
        state: card.CardState = card.card.initial
        for entry in entries:
            state = card.evolve(state, kinds[entry.type].load(entry.payload, entry.occurred_on))
        states[streams[stream]] = state
    return states
