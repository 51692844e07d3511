"""The form: errors at their fields, nothing typed lost, sent twice and done once."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from lastmile.kernel.domain.failures import Invalid, Refused, StaleVersion
from services.gateway.console.inputs import NotUnderstood, fen
from tests.gateway.console.answering import STATION, Answering
from tests.gateway.console.conftest import hidden

FORM = f"/stations/{STATION}/sample/c1/pay"


def fill(console: FlaskClient, address: str = FORM, **typed: str) -> Any:
    shown = console.get(address).text
    given = {name: hidden(shown, name) for name in ("csrf_token", "command_id")}
    return console.post(address, data=given | typed)


def test_what_was_typed_becomes_the_command(console: FlaskClient, services: Answering) -> None:
    answer = fill(console, amount_fen="1,234.5", paid_on="2017-03-01")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/stations/{STATION}/sample/c1"
    ((name, _, body),) = services.told
    assert (name, body) == ("Pay", {"amount_fen": 123450, "paid_on": "2017-03-01", "case_id": "c1"})


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(console: FlaskClient, services: Answering) -> None:
    answer = fill(console, amount_fen="a lot", remark="</textarea><script>")
    assert answer.status_code == 422
    assert 'id="field-amount_fen-wrong"' in answer.text
    assert 'value="a lot"' in answer.text
    assert "&lt;/textarea&gt;&lt;script&gt;" in answer.text
    assert 'href="#field-paid_on"' in answer.text
    assert not services.told


def test_what_the_service_finds_wrong_stands_at_its_field_in_words(console: FlaskClient, services: Answering) -> None:
    def refuse(_body: object) -> None:
        raise Invalid({"paid_on": ["2017-09-01 is after today, 2017-06-01."], "case_id": ["Unknown field."]})

    services.commands["Pay"] = refuse
    answer = fill(console, amount_fen="1", paid_on="2017-09-01")
    assert "2017-09-01 晚于今天（2017-06-01）" in answer.text
    assert "没有这一项" in answer.text


def test_a_form_sent_twice_is_done_once_and_leads_to_the_same_page(console: FlaskClient, services: Answering) -> None:
    shown = console.get(FORM).text
    data = {name: hidden(shown, name) for name in ("csrf_token", "command_id")}
    data |= {"amount_fen": "1", "paid_on": "2017-03-01"}
    first, second = console.post(FORM, data=data), console.post(FORM, data=data)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(services.told) == 1


class SelfApproval(Refused):
    """Who handled it may not approve it."""


@pytest.mark.parametrize(("failure", "status"), [(SelfApproval(), 409), (StaleVersion(), 412)])
def test_a_refusal_is_said_above_the_form_with_what_was_typed(
    console: FlaskClient, services: Answering, failure: Exception, status: int
) -> None:
    def refuse(_body: object) -> None:
        raise failure

    services.commands["Pay"] = refuse
    answer = fill(console, amount_fen="12.30", paid_on="2017-03-01")
    assert answer.status_code == status
    assert 'value="12.30"' in answer.text
    assert 'role="alert"' in answer.text


def test_what_needs_a_second_factor_asks_for_it_in_the_form(console: FlaskClient, services: Answering) -> None:
    services.session["role"] = "chair"
    address = f"/stations/{STATION}/sample/c1/hidden"
    assert "second_factor_code" in console.get(address).text
    assert fill(console, address, amount_fen="5").status_code == 422
    assert not services.told
    services.commands["GiveSecondFactor"] = lambda _: {"event_types": ["SecondFactorRefused"]}
    wrong = fill(console, address, amount_fen="5", second_factor_code="000000")
    assert "验证码不对" in wrong.text
    assert 'value="5"' in wrong.text
    services.commands["GiveSecondFactor"] = lambda _: {"event_types": ["SecondFactorGiven"]}
    assert fill(console, address, amount_fen="5", second_factor_code="123 456").status_code == 303
    assert [name for name, _, _ in services.told] == ["GiveSecondFactor", "GiveSecondFactor", "Hidden"]


def test_without_a_second_factor_the_page_says_where_to_enrol_one(console: FlaskClient, services: Answering) -> None:
    services.session |= {"role": "chair", "has_second_factor": False}
    answer = fill(console, f"/stations/{STATION}/sample/c1/hidden", amount_fen="5", second_factor_code="123456")
    assert answer.status_code == 403
    assert f"/stations/{STATION}/account/second-factor" in answer.text


def test_what_is_recorded_as_a_no_is_said_at_its_field_and_can_be_tried_again(
    console: FlaskClient, services: Answering
) -> None:
    services.commands["ChangePassword"] = lambda body: {
        "event_types": ["PasswordChanged" if body["old"] == "right" else "PasswordChangeRefused"]
    }
    address = f"/stations/{STATION}/account/password"
    typed = {"new": "a new password", "again": "a new password"}
    wrong = fill(console, address, old="wrong", **typed)
    assert wrong.status_code == 422
    assert "现在的密码不对" in wrong.text
    assert 'value="wrong"' not in wrong.text
    again = {name: hidden(wrong.text, name) for name in ("csrf_token", "command_id")}
    assert console.post(address, data=again | typed | {"old": "right"}).status_code == 303


def test_a_form_leads_back_to_where_it_was_opened_and_nowhere_else(console: FlaskClient) -> None:
    page = f"http://localhost/stations/{STATION}/sample/c1"
    assert f'href="/stations/{STATION}/sample/c1"' in console.get(FORM, headers={"Referer": page}).text
    assert "elsewhere" not in console.get(FORM, headers={"Referer": "http://elsewhere/x"}).text


@pytest.mark.parametrize(
    ("typed", "meant"), [("1", 100), ("1.5", 150), ("1,234.56 元", 123456), ("¥0.07", 7), ("１２．５", 1250)]
)
def test_money_is_typed_in_yuan_and_meant_in_fen(typed: str, meant: int) -> None:
    assert fen(typed) == meant


@pytest.mark.parametrize("typed", ["1.234", "-1", "1e3", "一百", "", "1."])
def test_what_is_no_amount_is_refused(console: FlaskClient, typed: str) -> None:
    with console.application.test_request_context(), pytest.raises(NotUnderstood):
        fen(typed)
