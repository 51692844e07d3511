"""From a person who is registered to one who has signed in, over the real access."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP

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


def test_a_recovered_account_waits_on_the_pages_of_whoever_may_agree(
    home: Embedded, administrator: FlaskClient, door: FlaskClient
) -> None:
    person = registered(administrator, "李新", "li")
    chair = signed_in(home, Role.CHAIR)
    work, account = f"/stations/{STATION}/work", f"/stations/{STATION}/account"
    change = f"{account}/first-password"
    fill(door, "/sign-in", account_name="li", password="first password")
    fill(door, change, old="first password", new=CHOSEN, again=CHOSEN)
    fill(administrator, f"{person}/reset-account", ground="忘了", first_password="second password")
    fill(door, "/sign-in", account_name="li", password="second password")
    fill(door, change, old="second password", new=CHOSEN, again=CHOSEN)
    assert "账号恢复待同意" in chair.get(person).text
    assert "待同意的账号恢复" not in chair.get(work).text
    enrol(door, home)
    assert "账号被恢复过" in door.get(account).text
    assert "待同意的账号恢复" in chair.get(work).text
    assert "李新" in chair.get(f"/stations/{STATION}/recoveries").text
    assert "/agree-to-recovery" not in administrator.get(person).text
    page = administrator.get(f"{person}/agree-to-recovery").text
    given = {name: hidden(page, name) for name in ("csrf_token", "command_id")}
    refused = administrator.post(f"{person}/agree-to-recovery", data=given)
    assert (refused.status_code, "经手恢复的人和本人都不能同意" in refused.text) == (409, True)
    assert fill(chair, f"{person}/agree-to-recovery") == person
    assert "账号恢复待同意" not in chair.get(person).text
    assert "没有等您同意的账号恢复" in chair.get(f"/stations/{STATION}/recoveries").text
    assert "账号被恢复过" not in door.get(account).text


def enrol(client: FlaskClient, home: Embedded) -> None:
    address = f"/stations/{STATION}/account/second-factor"
    secret = hidden(client.get(address).text, "secret")
    page = client.get(address).text
    given = {name: hidden(page, name) for name in ("csrf_token", "command_id")}
    code = TOTP(secret).at(home.home.clock())
    assert client.post(address, data=given | {"secret": secret, "code": code}).status_code == 303


def test_the_household_of_a_person_is_shown_linked_and_taken_back(home: Embedded, administrator: FlaskClient) -> None:
    person = registered(administrator, "周新", "zhou")
    assert "尚未关联会员" in administrator.get(person).text
    linked = {"member_id": "0190-household-7", "kinship": "household", "occurred_on": "2017-11-02"}
    assert fill(signed_in(home, Role.STATION_HEAD), f"{person}/link-member", **linked) == person
    shown = administrator.get(person).text
    assert ("尚未关联会员" in shown, "…hold-7" in shown, "同一家庭" in shown) == (False, True, True)
    back = {"member_id": "0190-household-7", "ground": "搬走了", "occurred_on": "2017-11-03"}
    assert fill(administrator, f"{person}/unlink-member", **back) == person
    assert "尚未关联会员" in administrator.get(person).text


def test_a_city_system_is_registered_with_a_secret_that_is_shown_once(administrator: FlaskClient) -> None:
    address = f"/stations/{STATION}/systems/new"
    page = administrator.get(address).text
    secret = hidden(page, "secret")
    assert secret in page
    fill(administrator, address, client_id="city-1", name="市级平台", scopes="reporting.read")
    shown = administrator.get(f"/stations/{STATION}/systems").text
    assert "city-1" in shown
    assert secret not in shown
