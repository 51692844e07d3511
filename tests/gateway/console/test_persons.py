"""From a person who is registered to one who has signed in, over the real access."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP

from lastmile.embedded import Embedded
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.domain.identity import Role
from services.gateway.app import make_gateway
from services.gateway.parts import Gateway, SingleSignOn
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
    assert "重置密码 ·" in page
    given = {name: hidden(page, name) for name in ("csrf_token", "command_id")}
    refused = administrator.post(f"{person}/agree-to-recovery", data=given)
    assert (refused.status_code, "经手恢复的人和本人都不能同意" in refused.text) == (409, True)
    assert fill(chair, f"{person}/agree-to-recovery") == person
    assert "账号恢复待同意" not in chair.get(person).text
    assert "没有等您同意的账号恢复" in chair.get(f"/stations/{STATION}/recoveries").text
    assert "账号被恢复过" not in door.get(account).text


def test_a_standing_in_is_ended_that_is_there_and_no_other_is_offered(
    home: Embedded, administrator: FlaskClient
) -> None:
    person, chair = registered(administrator, "尤新", "you"), signed_in(home, Role.CHAIR)
    days = {"valid_from": "2017-12-01", "valid_to": "2018-01-31"}
    fill(chair, f"{person}/stand-in", role="station_head", **days)
    page = chair.get(f"{person}/end-stand-in").text
    assert re.findall(r'<option value="([^"]+)"', page) == ["station_head"]
    fill(chair, f"{person}/end-stand-in", role="station_head")
    assert "end-stand-in" not in chair.get(person).text


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


def history_of(page: str) -> list[tuple[str, str]]:
    """What happened, and when."""
    return re.findall(r'<strong title="(\w+)">[^<]*</strong> <time datetime="([\d-]+)"', page)


def test_the_record_of_a_person_tells_who_granted_a_role_named_a_stand_in_and_linked_a_member(
    home: Embedded, administrator: FlaskClient
) -> None:
    person, chair = registered(administrator, "吴新", "wu"), signed_in(home, Role.CHAIR)
    fill(administrator, f"{person}/revoke", role="clerk", occurred_on="2017-11-20")
    fill(chair, f"{person}/stand-in", role="clerk", valid_from="2017-12-01", valid_to="2017-12-05")
    linked = {"member_id": "0190-household-8", "kinship": "self", "occurred_on": "2017-11-21"}
    fill(chair, f"{person}/link-member", **linked)
    shown = administrator.get(person).text
    assert history_of(shown) == [
        ("MemberLinked", "2017-11-21"),
        ("StandInNamed", "2017-12-01"),
        ("RoleRevoked", "2017-11-20"),
        ("RoleGranted", "2017-11-01"),
        ("PersonRegistered", "2017-11-01"),
    ]
    by = re.findall(r'<p class="by">([^（<]*)', shown)
    assert (by[0], by[2]) == ("chair", "administrator")


def test_the_roles_of_a_person_are_told_as_of_a_date_and_the_account_of_today_alone(
    home: Embedded, administrator: FlaskClient
) -> None:
    person, chair = registered(administrator, "郑新", "zheng"), signed_in(home, Role.CHAIR)
    fill(administrator, f"{person}/grant", role="community_chair", community="c7", occurred_on="2017-11-10")
    fill(administrator, f"{person}/revoke", role="clerk", occurred_on="2017-11-20")
    fill(chair, f"{person}/stand-in", role="cashier", valid_from="2017-12-01", valid_to="2017-12-05")

    def roles(day: str) -> str:
        page = administrator.get(f"{person}?as_of={day}").text
        assert page.count("只有今天的情况，不能按日期查看") == 4
        found = re.search(r"<dt>角色</dt>\s*<dd[^>]*>([^<]*)</dd>", page)
        assert found
        return found[1]

    assert roles("2017-11-05") == "经办"
    assert roles("2017-11-15") == "经办、社区联合工会主席（c7）"
    assert roles("2017-11-25") == "社区联合工会主席（c7）"
    assert roles("2017-12-03") == "社区联合工会主席（c7）、出纳（2017-12-05）"
    assert roles("2017-12-06") == "社区联合工会主席（c7）"


def test_a_subject_of_single_sign_on_is_linked_to_a_person_and_taken_away(
    home: Embedded, administrator: FlaskClient
) -> None:
    person = registered(administrator, "王新", "wang")
    subject = {"issuer": "https://sso.example.org", "subject": "wang@example.org"}
    assert f"{person}/link-subject" in administrator.get(person).text
    assert fill(administrator, f"{person}/link-subject", **subject) == person
    shown = administrator.get(person).text
    assert "单点登录账号已关联" in shown
    assert "wang@example.org" not in shown
    assert station_of(home, **subject) == STATION
    assert fill(administrator, f"{person}/unlink-subject", **subject) == person
    assert station_of(home, **subject) == ""
    assert "link-subject" not in signed_in(home, Role.CHAIR).get(person).text


def test_the_issuer_at_which_people_sign_in_stands_in_the_form_already(
    home: Embedded, administrator: FlaskClient
) -> None:
    person = registered(administrator, "冯新", "feng")
    parts: Gateway = administrator.application.extensions["lastmile"]
    issuer = "https://sso.example.org"
    assert issuer not in administrator.get(f"{person}/link-subject").text
    administrator.application.extensions["lastmile"] = replace(parts, single_sign_on=SingleSignOn(issuer, "", "", ""))
    for form in ("link-subject", "unlink-subject"):
        assert f'value="{issuer}"' in administrator.get(f"{person}/{form}").text


def station_of(home: Embedded, **subject: str) -> str:
    """Where somebody signs in under the subject, nothing for nowhere."""
    try:
        found = home.calls.ask("access", STATION, "station_of", subject, home.composition.gateway_token)
    except NotFound:
        return ""
    return str(found["station"])


def test_a_city_system_is_registered_with_a_secret_that_is_shown_once(administrator: FlaskClient) -> None:
    address = f"/stations/{STATION}/systems/new"
    page = administrator.get(address).text
    secret = hidden(page, "secret")
    assert secret in page
    fill(administrator, address, client_id="city-1", name="市级平台", scopes="reporting.read")
    shown = administrator.get(f"/stations/{STATION}/systems").text
    assert "city-1" in shown
    assert secret not in shown
