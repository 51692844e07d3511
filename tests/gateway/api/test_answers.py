"""The answers that a carried year gives: each is of the shape that the document declares, whoever asks."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from schemathesis.core.failures import FailureGroup
from sqlalchemy import update

from lastmile.catalogue import catalogue
from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import STATION_ROLES, Role
from lastmile.kernel.store.following import cursors
from lastmile.settings import read_settings
from services.gateway.api.scopes import scope_of
from services.gateway.catalogue import QuestionOffered
from tests.gateway.api.asked_of_the_year import PARAMETERS, REVEALED, Rows, Told, once
from tests.gateway.api.conftest import STATION
from tests.gateway.api.people import FOR_EVER, StandInAccess
from tests.gateway.api.test_openapi import CHECKS
from tests.prepared import copied

SERVICES = catalogue().services
ORDER = ("", "card_application_file", "roster_check", "card_numbers_check", "history", "revealed", "explain")
"""What is asked after the lists, one after the other, since each takes what another answered."""


@pytest.fixture(scope="module")
def home(year_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    opened = Embedded(read_settings({}, home=copied(year_home, tmp_path_factory.mktemp("year") / "home")))
    yield opened
    opened.close()


class Walk:
    """Asks in one role after the other, and looks at each answer."""

    def __init__(self, operations: dict[str, list[Any]], access: StandInAccess) -> None:
        made = (operation for under in operations.values() for operation in under)
        self.operations = {operation.definition.raw["operationId"]: operation for operation in made}
        self.access, self.numbers = access, count()
        self.told: dict[Role, dict[str, Rows]] = defaultdict(dict)
        self.community = ""
        self.today = access.composition.home.clock().date().isoformat()

    def call(self, operation_id: str, role: Role, **given: Any) -> Any:
        more: dict[str, Any] = {"community": self.community} if role is Role.COMMUNITY_CHAIR else {}
        if role is Role.CITY_SYSTEM:
            more = {"scopes": [scope_of(operation_id.partition(".")[0], "read")]}
        who = self.access.let_in(f"walking as {role}", role, STATION, confirmed_until=FOR_EVER, **more)
        operation = self.operations[operation_id]
        case = operation.Case(path_parameters={"station": STATION}, **given)
        response = case.call(headers={**who, **given.get("headers", {})})
        assert response.status_code == 200, (operation_id, role, given, response.text)
        case.validate_response(response, checks=CHECKS)
        return response.json()

    def rows(self, question: str) -> Rows:
        rows: Rows = self.call(question, Role.CLERK, query={"size": 1_000})["rows"]
        return rows

    def tell(self, operation_id: str, by: Role, **body: Any) -> None:
        headers = {"Idempotency-Key": f"walk-{next(self.numbers)}"}
        self.call(operation_id, by, body=body, media_type="application/json", headers=headers)

    def do_what_the_year_lacks(self) -> None:
        """Applications that wait, a roster that is begun, a system, a stand-in, a stranger, a log that stopped."""
        for row in self.rows("membership.cards")[:5]:
            card = {"person_id": row["person_id"], "occurred_on": self.today}
            self.tell("membership.ReportCardLost", Role.CLERK, **card)
            self.tell("membership.ApplyForCard", Role.CLERK, **card)
        roster = {"import_id": "roster-1", "file_sha256": "0" * 64, "rows": 1}
        self.tell("membership.OpenImport", Role.CLERK, **roster)
        system = {"client_id": "city", "name": "12351", "secret_hash": "0" * 64, "scopes": "logs.read"}
        self.tell("access.RegisterSystem", Role.ADMINISTRATOR, **system)
        fund = self.rows("relief.funds_left")[0]
        aided = {row["person_id"] for row in self.rows("relief.applications")}
        others = [row["person_id"] for row in self.rows("relief.cases") if row["person_id"] not in aided]
        asked = {"application_id": "walk-1", "person_id": others[0], "occurred_on": self.today}
        grant = {"fund_id": fund["fund_id"], "programme": "warmth", "amount_fen": 100, "ground": "ill for months"}
        self.tell("relief.Apply", Role.CLERK, **asked, **grant)
        person = self.call("access.persons_list", Role.CHAIR, query={"role": "clerk"})["rows"][0]
        term = {"valid_from": self.today, "valid_to": self.today}
        self.tell("access.NameStandIn", Role.CHAIR, person_id=person["person_id"], role="station_head", **term)

    def ask(self, offered: QuestionOffered, role: Role) -> None:
        question = f"{offered.service}.{offered.name}"
        for parameters in self.parameters(offered, role):
            body = {"body": parameters, "media_type": "application/json"}
            for operation_id in self.operations.keys() & {question, f"{question}.ask"}:
                by_body = self.operations[operation_id].method.upper() == "POST"
                answer = self.call(operation_id, role, **(body if by_body else {"query": parameters}))
                rows = answer if isinstance(answer, list) else answer["rows"] if offered.listed else [answer]
                self.told[role][question] = [*self.told[role].get(question, ()), *rows]

    def parameters(self, offered: QuestionOffered, role: Role) -> Iterator[dict[str, Any]]:
        question = f"{offered.service}.{offered.name}"
        told = self.known_to(role)
        if offered.listed:
            yield from ({"sort": sort, "size": 200} for sort in sorts_of(offered))
        elif question in REVEALED:
            yield from self.reveal(offered.service, role, told[REVEALED[question]])
        elif question == "relief.bank_file":
            pay_list_id = told["relief.pay_lists"][0]["pay_list_id"]
            order = {"pay_list_id": pay_list_id, "format": "xlsx", "occurred_on": self.today}
            self.tell("relief.ExportBankFile", role, **order)
            yield {"pay_list_id": pay_list_id}
        elif question == "membership.card_application_file":
            list_id = f"list-{next(self.numbers)}"
            self.tell("membership.SendCardApplications", role, list_id=list_id)
            yield {"list_id": list_id}
        else:
            yield from PARAMETERS.get(question, once)(told)

    def reveal(self, service: str, role: Role, histories: Rows) -> Iterator[dict[str, Any]]:
        sealed = [event for history in histories for event in history["events"] if event["sealed"]]
        for event in sealed[:3]:
            field = {"position": event["position"], "field": event["sealed"][0]}
            self.tell(f"{service}.RevealField", role, **field, ground="to look at the answer")
            yield field

    def known_to(self, role: Role) -> Told:
        everybodys = {question: rows for told in self.told.values() for question, rows in told.items()}
        return {**everybodys, **self.told[role]}


def sorts_of(offered: QuestionOffered) -> list[str]:
    (words,) = (check.choices for check in offered.schema.fields["sort"].validators)
    return list(words)


def turn_of(offered: QuestionOffered) -> int:
    """Lists and what takes nothing come first, what takes anything of theirs after them."""
    if offered.name in ORDER:
        return ORDER.index(offered.name)
    takes = f"{offered.service}.{offered.name}" in PARAMETERS
    return len(ORDER) if offered.name.endswith(("_marked", "_commands")) else takes


def a_stranger_tries(home: Embedded) -> None:
    tried = {"account_name": "nobody", "password": "guessed", "address": "192.0.2.1"}
    session = {"session_id": "stranger", "token_hash": "0" * 64}
    home.calls.tell("access", STATION, "SignIn", [("stranger", {**tried, **session})], home.composition.gateway_token)


def a_log_stops(home: Embedded) -> None:
    stopped = {"stopped_at": "2017-12-30T00:00:00.000000Z", "stopped_position": 1, "stopped_because": "tried"}
    with home.reporting.database.write() as connection:
        here = cursors.c.log == f"{STATION}/relief"
        connection.execute(update(cursors).where(here).values(stopped))


@pytest.fixture(scope="module")
def walk(operations: dict[str, list[Any]], access: StandInAccess, home: Embedded) -> Walk:
    """Every question was asked in every role that may ask it."""
    walk = Walk(operations, access)
    walk.do_what_the_year_lacks()
    a_stranger_tries(home)
    a_log_stops(home)
    roles = sorted(STATION_ROLES, key=lambda role: role not in (Role.STATION_HEAD, Role.ADMINISTRATOR))
    for role in roles:
        for offered in sorted(catalogue().questions(), key=turn_of):
            if role in SERVICES[offered.service].permissions[offered.name]:
                walk.ask(offered, role)
        walk.community = walk.told[Role.STATION_HEAD]["membership.communities"][0]["community"]
    return walk


def test_every_answer_of_the_year_is_as_declared(walk: Walk) -> None:
    asked = {(question, role) for role, told in walk.told.items() for question, rows in told.items() if rows}
    assert {question for question, _ in asked} == {f"{o.service}.{o.name}" for o in catalogue().questions()}


def test_an_answer_of_the_year_that_is_not_as_declared_is_found(
    walk: Walk, home: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = home.calls.ask

    def otherwise(service: str, station: str, name: str, *given: Any) -> Any:
        answer = ask(service, station, name, *given)
        return {**answer, "rows": [{**row, "since": "lately"} for row in answer["rows"]]}

    monkeypatch.setattr(home.calls, "ask", otherwise)
    with pytest.raises(FailureGroup):
        walk.call("relief.cases", Role.CLERK)
