"""From a person who is registered to one who has signed in, over the real access."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Role
from services.gateway.app import make_gateway
from services.gateway.parts import Gateway
from tests.gateway.console.answering import STATION
from tests.gateway.console.conftest import hidden, signed_in

PERSONS = f"/stations/{STATION}/persons"
CHOSEN = "a sentence of my own"


@pytest.fixture
def administrator(home: Embedded) -> FlaskClient:
    return signed_in(home, Role.ADMINISTRATOR)


@pytest.fixture
def door(home: Embedded, administrator: FlaskClient) -> FlaskClient:
    """A browser before the sign-in page, with nobody standing in for access."""
    parts: Gateway = administrator.application.extensions["lastmile"]
    app: Flask = make_gateway(replace(parts, calls=home.calls))
    return app.test_client()


def fill(client: FlaskClient, address: str, **typed: str) -> str:
    """Send the form at this address with what stands in it and what is typed; where it leads."""
    page = client.get(address).text
    given = {name: hidden(page, name) for name in set(re.findall(r'type="hidden" name="([^"]+)"', page))}
    answer = client.post(address, data=given | typed)
    assert answer.status_code == 303, re.findall(r'role="alert".*?</div>', answer.text, re.DOTALL)
    return answer.headers["Location"]


def registered(client: FlaskClient, name: str, account_name: str) -> str:
    """The address of a person who is registered, has a role and may sign in with `first password`."""
    person = fill(client, f"{PERSONS}/new", name=name, occurred_on="2017-11-01")
    assert fill(client, f"{person}/grant", role="clerk", occurred_on="2017-11-01") == person
    fill(client, f"{person}/open-account", account_name=account_name, first_password="first password")
    return person


def test_a_person_is_registered_given_a_role_and_signs_in_with_a_password_of_their_own(
    administrator: FlaskClient, door: FlaskClient
) -> None:
    person = registered(administrator, "赵新", "zhao")
    shown = administrator.get(person).text
    assert "经办" in shown
    assert "使用中" in shown
    fill(door, "/sign-in", account_name="zhao", password="first password")
    work = f"/stations/{STATION}/work"
    assert door.get(work).headers["Location"] == f"/stations/{STATION}/account/first-password"
    change = f"/stations/{STATION}/account/first-password"
    fill(door, change, old="first password", new=CHOSEN, again=CHOSEN)
    assert "赵新" in door.get(work).text
    assert "本设备" in door.get(f"/stations/{STATION}/account").text


def test_a_wrong_password_says_the_same_whether_the_account_is_there(
    administrator: FlaskClient, door: FlaskClient
) -> None:
    registered(administrator, "钱新", "qian")
    said = []
    for name in ("qian", "nobody"):
        page = door.get("/sign-in").text
        given = {key: hidden(page, key) for key in ("csrf_token", "command_id")}
        answer = door.post("/sign-in", data=given | {"account_name": name, "password": "wrong password"})
        assert answer.status_code == 401
        said.append(re.findall(r"<p>(账号或密码不对。)</p>", answer.text))
    assert said[0] == said[1] != []


def test_signing_out_ends_the_session_whatever_cookie_is_shown_later(
    administrator: FlaskClient, door: FlaskClient
) -> None:
    registered(administrator, "孙新", "sun")
    fill(door, "/sign-in", account_name="sun", password="first password")
    cookie = door.get_cookie("lastmile")
    assert cookie is not None
    token = hidden(door.get(f"/stations/{STATION}/account/first-password").text, "csrf_token")
    assert door.post("/sign-out", data={"csrf_token": token}).headers["Location"] == "/sign-in"
    door.set_cookie("lastmile", cookie.value)
    assert door.get(f"/stations/{STATION}/account").headers["Location"].startswith("/sign-in")


def test_a_city_system_is_registered_with_a_secret_that_is_shown_once(administrator: FlaskClient) -> None:
    address = f"/stations/{STATION}/systems/new"
    page = administrator.get(address).text
    secret = hidden(page, "secret")
    assert secret in page
    fill(administrator, address, client_id="city-1", name="市级平台", scopes="reporting.read")
    shown = administrator.get(f"/stations/{STATION}/systems").text
    assert "city-1" in shown
    assert secret not in shown
