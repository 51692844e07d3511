"""Checking a roster row by row: against the rules as they will be applied, and the register as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lastmile.kernel.domain.aggregate import stream_name
from lastmile.kernel.domain.entry import log_name
from lastmile.kernel.domain.events import command_type, event_type
from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.store import log
from lastmile.kernel.store.service import Asking
from services.membership import admission, member
from services.membership.files.roster import body_of
from services.membership.files.table import Row, Sheet
from services.membership.files.words import Problem, problem, problems_of
from services.membership.identity_number import birth_year_of, sex_of
from services.membership.schemas import SCHEMAS
from services.membership.views import members, unions_standing

Command = admission.RegisterMember | admission.JoinMember
KINDS: dict[str, type[Command]] = {"joined": admission.JoinMember, "registered": admission.RegisterMember}


@dataclass(frozen=True)
class Checked:
    """What would become of a row: `new`, `again` (joins again), `known` (nothing to do) or `wrong`."""

    row: Row
    status: str
    body: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Register:
    """What the register knows of the persons in a roster, and what earlier rows of it would add."""

    persons: dict[str, str]
    states: dict[str, member.MemberState]
    member_at: dict[str, str]
    unions: frozenset[str]
    seen: dict[str, int] = field(default_factory=dict)


def check_roster(asking: Asking, sheet: Sheet, kind: str, import_id: str, occurred_on: date) -> list[Checked]:
    """Each row of the roster, in order, with what would become of it."""
    unions = unions_standing.standing_by_name(asking.connection, asking.station)
    bodies = [body_of(row, unions, import_id, occurred_on) for row in sheet.rows]
    numbers = [body["identity_number"] for body in bodies if "identity_number" in body]
    register = _register(asking, numbers, frozenset(unions.values()))
    checked = (_checked(asking, KINDS[kind], *pair, register) for pair in zip(sheet.rows, bodies, strict=True))
    return list(checked)


def _checked(asking: Asking, kind: type[Command], row: Row, body: dict[str, Any], register: _Register) -> Checked:
    try:
        command = command_type(kind).parse(body, actor="", today=asking.today, schema=SCHEMAS[kind.__name__])
    except Failure as failure:
        return Checked(row, "wrong", body, problems_of(failure))
    number = command.identity_number
    if number in register.seen:
        first = register.seen[number]
        twice = problem(f"与第 {first} 行是同一个身份证号", f"the same identity number as in row {first}")
        return Checked(row, "wrong", body, [twice])
    register.seen[number] = row.number
    state = register.states.get(number, member.Unknown())
    if isinstance(state, member.Living):
        return _known(row, body, state)
    try:
        _decide(command, state, _admission(command, register))
    except Failure as failure:
        return Checked(row, "wrong", body, problems_of(failure))
    return Checked(row, "again" if isinstance(state, member.Former) else "new", body)


def _known(row: Row, body: dict[str, Any], living: member.Living) -> Checked:
    if living.union_id == body["union_id"]:
        return Checked(row, "known", body)
    other = problem(
        "已是本站另一工会的会员，请用会籍接转", f"a member of the union {living.union_id} already: transfer them"
    )
    return Checked(row, "wrong", body, [other])


def _decide(command: Command, state: member.MemberState, known: admission.Admission) -> None:
    if isinstance(command, admission.RegisterMember):
        admission.register_member(command, state, known)
    else:
        admission.join_member(command, state, known)


def _admission(command: Command, register: _Register) -> admission.Admission:
    person_id = register.persons.get(command.identity_number, "")
    return admission.Admission(
        person_id=person_id,
        sex=sex_of(command.identity_number),
        birth_year=birth_year_of(command.identity_number),
        union_stands=command.union_id in register.unions,
        member_at=register.member_at.get(person_id),
        import_open=True,
    )


def _register(asking: Asking, numbers: list[str], unions: frozenset[str]) -> _Register:
    known = asking.resources.keystore.known_persons("identity number", numbers)
    persons = {number: person_id for number, person_id in zip(numbers, known, strict=True) if person_id}
    states = dict(_states(asking, {person_id: number for number, person_id in persons.items()}))
    return _Register(persons, states, members.members_at(asking.connection, list(persons.values())), unions)


def _states(asking: Asking, numbers: dict[str, str]) -> Iterator[tuple[str, member.MemberState]]:
    """Identity number to membership, for the persons (id to number) whom this station knows."""
    kinds = {event_type(kind).name: event_type(kind) for kind in member.member.events}
    streams = {stream_name(asking.station, "member", person_id): number for person_id, number in numbers.items()}
    found = log.streams(asking.connection, log_name(asking.station, "membership"), list(streams))
    for stream, entries in found.items():
        state = member.member.initial
        for entry in entries:
            state = member.evolve(state, kinds[entry.type].load(entry.payload, entry.occurred_on))
        yield streams[stream], state
