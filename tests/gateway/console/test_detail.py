"""The record: facts, history, an earlier date, and masked fields that are shown after a ground was recorded."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from lastmile.kernel.domain.failures import Invalid
from tests.gateway.console.answering import STATION, Answering
from tests.gateway.console.conftest import hidden

RECORD = f"/stations/{STATION}/sample/c1"
ONLY_TODAY = "只有今天的情况，不能按日期查看"
EVENTS = [
    {
        "event_id": f"e{position}",
        "position": position,
        "version": position,
        "type": "CaseOpened" if position == 1 else "GrantPaid",
        "occurred_on": f"2017-0{position}-01",
        "recorded_at": f"2017-0{position}-01T04:00:00.000000Z",
        "actor": "p7",
        "role": "clerk",
        "correlation_id": "",
        "payload": {"amount_fen": position * 100},
        "sealed": ["full_name"] if position == 1 else [],
    }
    for position in (1, 2)
]


def history(parameters: Mapping[str, Any]) -> dict[str, Any]:
    assert (parameters["aggregate"], parameters["key"]) == ("case", "c1")
    assert parameters["beside"] == ["grant/c1", "visit/v1"]
    upto = parameters.get("as_of", "9999")
    return {"stream": "s", "version": 2, "events": [event for event in EVENTS if event["occurred_on"] <= upto]}


@pytest.fixture(autouse=True)
def a_record(services: Answering) -> None:
    services.questions["sample", "case"] = lambda _: {
        "case_id": "c1",
        "amount_fen": 200,
        "account": "6222",
        "visit_id": "v1",
    }
    services.questions["sample", "history"] = history
    services.questions["sample", "revealed"] = lambda _: {"value": "王小明"}


def test_a_record_shows_its_facts_its_history_and_who_did_it(console: FlaskClient) -> None:
    shown = console.get(RECORD).text
    assert "2.00 元" in shown
    assert "建档立卡" in shown
    assert "名p7" in shown


def test_a_record_as_of_an_earlier_date_says_what_had_been_said_by_then(console: FlaskClient) -> None:
    shown = console.get(f"{RECORD}?as_of=2017-01-15").text
    assert "1.00 元" in shown
    assert "发放救助金" not in shown
    assert "2017-01-15" in shown


def test_what_the_events_do_not_tell_is_said_to_be_known_of_today_alone(console: FlaskClient) -> None:
    today, then = console.get(RECORD).text, console.get(f"{RECORD}?as_of=2017-01-15").text
    assert ("6222" in today, ONLY_TODAY in today) == (True, False)
    assert ("6222" in then, ONLY_TODAY in then) == (False, True)


def test_before_its_first_event_a_record_is_said_not_to_be_there(console: FlaskClient) -> None:
    then = console.get(f"{RECORD}?as_of=2016-12-31").text
    assert "到 2016-12-31 还没有这份记录" in then
    assert 'id="facts"' not in then


def test_who_may_not_see_the_history_is_offered_no_earlier_date(console: FlaskClient, services: Answering) -> None:
    assert 'name="as_of"' in console.get(RECORD).text
    services.session["role"] = "chair"
    assert 'name="as_of"' not in console.get(RECORD).text
    assert console.get(f"{RECORD}?as_of=2017-01-15").status_code == 403


def test_a_record_of_which_the_service_keeps_no_history_shows_none(console: FlaskClient, services: Answering) -> None:
    del services.questions["sample", "history"]
    shown = console.get(RECORD).text
    assert "2.00 元" in shown
    assert 'id="history"' not in shown


def test_only_what_the_role_may_do_is_offered(console: FlaskClient) -> None:
    shown = console.get(RECORD).text
    assert f'href="{RECORD}/pay"' in shown
    assert f'href="{RECORD}/hidden"' not in shown


def test_a_masked_field_is_shown_once_after_its_ground_was_recorded(console: FlaskClient, services: Answering) -> None:
    shown = console.get(RECORD).text
    assert "王小明" not in shown
    address = f"/stations/{STATION}/reveal/sample/1/full_name"
    assert f'href="{address}?back=' in shown
    asking = console.get(address)
    assert "王小明" not in asking.text
    data = {name: hidden(asking.text, name) for name in ("csrf_token", "command_id")}
    told = console.post(address, data=data | {"ground": "核对姓名"})
    assert "王小明" in told.text
    assert services.told[0][0] == "RevealField"
    assert services.told[0][2] == {"position": 1, "field": "full_name", "ground": "核对姓名"}


def test_without_a_ground_nothing_is_shown(console: FlaskClient, services: Answering) -> None:
    def refuse(_body: object) -> None:
        raise Invalid({"ground": ["Shorter than minimum length 1."]})

    services.commands["RevealField"] = refuse
    address = f"/stations/{STATION}/reveal/sample/1/full_name"
    token = hidden(console.get(address).text, "csrf_token")
    answer = console.post(address, data={"csrf_token": token, "ground": ""})
    assert answer.status_code == 422
    assert "王小明" not in answer.text
