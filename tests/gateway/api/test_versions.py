"""Versions over REST: what is told of a record says which it was, and an order that minds an older one is refused."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from lastmile.catalogue import catalogue
from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Role
from lastmile.settings import read_settings
from services.gateway.api.commands import kebab, path_of
from services.gateway.api.questions import has_version
from tests.gateway.api.conftest import STATION
from tests.gateway.api.people import FOR_EVER, StandInAccess
from tests.gateway.api.records_changed import FILES, RECORDS, WITHOUT, Changed, Found, Order
from tests.prepared import copied

QUESTIONS = {f"{offered.service}.{offered.name}": offered for offered in catalogue().questions()}
COMMANDS = {f"{offered.service}.{offered.name}": offered for offered in catalogue().commands()}


@pytest.fixture(scope="module")
def home(year_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    opened = Embedded(read_settings({}, home=copied(year_home, tmp_path_factory.mktemp("year") / "home")))
    yield opened
    opened.close()


class Desk:
    """Asks and orders at the station, each in the role that may."""

    def __init__(self, client: FlaskClient, access: StandInAccess) -> None:
        self.client, self.access, self.keys = client, access, count()

    def ask(self, question: str, parameters: Mapping[str, Any]) -> TestResponse:
        service, name = question.split(".")
        role = Role.ADMINISTRATOR if service == "access" else Role.CLERK
        path = f"/api/v1/stations/{STATION}/{service}/{kebab(name)}"
        return self.client.get(path, query_string=dict(parameters), headers=self._of(role))

    def order(self, order: Order, if_match: str = "*") -> TestResponse:
        name, role, body = order
        headers = {"Idempotency-Key": f"{id(self)}-{next(self.keys)}", "If-Match": if_match, **self._of(role)}
        path = path_of(COMMANDS[name]).replace("<station:station>", STATION)
        return self.client.post(f"/api/v1{path}", json=dict(body), headers=headers)

    def rows(self, question: str, **parameters: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.ask(question, {"size": 1_000, **parameters}).get_json()["rows"]
        return rows

    def _of(self, role: Role) -> dict[str, str]:
        return self.access.let_in(f"minding as {role}", role, STATION, confirmed_until=FOR_EVER)


@pytest.fixture(scope="module")
def whom(app: Flask, access: StandInAccess) -> Iterator[Found]:
    """Of what one record after the other is made."""
    desk = Desk(app.test_client(), access)
    on_file = {row["person_id"] for row in desk.rows("relief.cases")}
    living = (row["person_id"] for row in desk.rows("membership.members", living="true"))
    members = (person_id for person_id in living if person_id not in on_file)
    fund, today = desk.rows("relief.funds_left")[0]["fund_id"], access.composition.home.clock().date().isoformat()
    return (Found(f"mark-{n}", today, next(members), fund) for n in count())


@pytest.fixture
def desk(client: FlaskClient, access: StandInAccess) -> Desk:
    return Desk(client, access)


@pytest.fixture
def record(question: str, desk: Desk, whom: Iterator[Found]) -> Changed:
    """A record that this question tells of, as it is before it is changed."""
    record = RECORDS[question](next(whom))
    for order in record.made:
        done = desk.order(order)
        assert done.status_code == 200, done.text
    return record


@pytest.mark.parametrize("question", RECORDS)
def test_an_order_minds_the_version_that_was_told(question: str, desk: Desk, record: Changed) -> None:
    told = desk.ask(question, record.parameters)
    version, etag = told.get_json()["version"], told.headers["ETag"]
    assert etag == f'"{version}"'
    assert desk.order(record.order, if_match=f'"{version - 1}"').status_code == 412
    done = desk.order(record.order, if_match=etag)
    assert done.status_code == 200, done.text
    assert desk.ask(question, record.parameters).headers["ETag"] == done.headers["ETag"] != etag
    assert desk.order(record.order, if_match=etag).status_code == 412


@contextmanager
def after_its_first_statement(engine: Engine, then: Callable[[], object]) -> Iterator[None]:
    """Do something once, as soon as the database was asked for anything."""
    asked = count()

    def told(*_: Any) -> None:
        if next(asked) == 0:
            then()

    event.listen(engine, "after_cursor_execute", told)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", told)
    assert next(asked)


@pytest.mark.parametrize("question", RECORDS)
def test_what_is_changed_while_it_is_read_is_never_told_under_the_newer_version(
    question: str, desk: Desk, record: Changed, home: Embedded
) -> None:

    def change() -> None:
        done = desk.order(record.order)
        assert done.status_code == 200, done.text

    engine = home.services[question.split(".", 1)[0]].database.engine
    with ThreadPoolExecutor(1) as another, after_its_first_statement(engine, lambda: another.submit(change).result()):
        told = desk.ask(question, record.parameters)
    assert told.status_code == 200
    assert desk.order(record.order, if_match=told.headers["ETag"]).status_code == 412


def test_every_question_about_one_record_tells_its_version_or_why_it_has_none() -> None:
    by_id = {
        question
        for question, offered in QUESTIONS.items()
        if any(kind.required and name.endswith("_id") for name, kind in offered.schema.fields.items())
    }
    versioned = {question for question, offered in QUESTIONS.items() if has_version(offered)}
    assert versioned == set(RECORDS)
    assert by_id - versioned == {*WITHOUT, *FILES}
    for question in WITHOUT:
        assert "no version" in (QUESTIONS[question].answered.schema.__doc__ or ""), question
