"""Identities that are forged, altered, stolen or given beforehand; and forms that come from another site."""

import base64
import json
from collections.abc import Callable
from hashlib import sha256

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from tests.hostile.addresses import CONSOLE, FORM, filled, rules
from tests.hostile.browsing import browser, hidden_on, sign_in
from tests.hostile.conftest import PASSWORD, STATION, session_of
from tests.hostile.doors import Door, request

CURRENT = "/api/v1/sessions/current"
MEMBERS = f"/stations/{STATION}/members"
ACCOUNT = f"/stations/{STATION}/account"
FORGED, CHOSEN = "forged-by-a-stranger", "chosen-by-a-stranger"


def claimed(**members: str) -> str:
    """A part of a token as many other systems make it."""
    return base64.urlsafe_b64encode(json.dumps(members).encode()).decode().rstrip("=")


def another(character: str) -> str:
    return "A" if character != "A" else "B"


FORGERIES: dict[str, Callable[[str, str], str]] = {
    "altered at its beginning": lambda secret, _: another(secret[0]) + secret[1:],
    "cut": lambda secret, _: secret[:-1],
    "longer": lambda secret, _: f"{secret}A",
    "in other letters": lambda secret, _: secret.swapcase(),
    "what access keeps of it": lambda secret, _: sha256(secret.encode()).hexdigest(),
    "its public name": lambda _, session_id: session_id,
    "not signed at all": lambda *_: f"{claimed(alg='none', typ='JWT')}.{claimed(sub='chair', role='chair')}.",
    "an identity under another key": lambda *_: sign_identity(
        Identity("chair", Role.CHAIR, STATION, "2099-01-01T00:00:00Z"), Ed25519PrivateKey.generate()
    ),
    "nothing": lambda *_: "",
    "not ASCII": lambda *_: "\xff\xfe",
    "a question to a database": lambda *_: "' OR 1=1 --",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_secret_that_access_did_not_give_opens_nothing(served: Door, clerk: str, forgery: str) -> None:
    told = served.client.get(CURRENT, headers={"Authorization": f"Bearer {clerk}"})
    assert told.status_code == 200
    forged = FORGERIES[forgery](clerk, told.json()["session_id"])
    (answer,) = served.raw(request("GET", CURRENT, f"Authorization: Bearer {forged}"))
    assert (answer.status, json.loads(answer.body)["code"]) == (401, "unauthenticated")
    (page,) = served.raw(request("GET", MEMBERS, f"Cookie: lastmile={forged}"))
    assert (page.status, page.header("Location").partition("?")[0]) == (302, "/sign-in")


@pytest.mark.parametrize(
    "role", [f"{STATION}:chair", "110102018:clerk", f"{STATION}:gateway", f"{STATION}:clerk:%00", ":"]
)
def test_a_role_that_is_not_held_is_not_had_by_naming_it(served: Door, clerk: str, role: str) -> None:
    who = {"Authorization": f"Bearer {clerk}"}
    assert served.client.get(CURRENT, headers={**who, "Lastmile-Role": role}).status_code in {200, 403}
    shown = served.client.get(CURRENT, headers={**who, "Lastmile-Role": role}).json()
    assert shown.get("role", "clerk") == "clerk"
    assert shown.get("station", STATION) == STATION


@pytest.mark.parametrize("role", [f"{STATION}:chair", "110102018:clerk", "wizard", "\xff", ":::"])
def test_a_browser_that_keeps_a_role_no_longer_held_goes_on_in_one_that_is(served: Door, clerk: str, role: str) -> None:
    (page,) = served.raw(request("GET", ACCOUNT, f"Cookie: lastmile={clerk}; lastmile_role={role}"))
    assert page.status == 200
    (refused,) = served.raw(
        request("GET", f"/stations/{STATION}/persons", f"Cookie: lastmile={clerk}; lastmile_role={role}")
    )
    assert refused.status == 403


def test_a_secret_opens_one_door_and_a_cookie_the_other(served: Door, clerk: str) -> None:
    (page,) = served.raw(request("GET", MEMBERS, f"Authorization: Bearer {clerk}"))
    assert page.status == 302
    (answer,) = served.raw(request("GET", CURRENT, f"Cookie: lastmile={clerk}"))
    assert answer.status == 401


def test_a_session_that_a_stranger_put_into_the_browser_is_not_the_one_that_signing_in_opens(served: Door) -> None:
    victims = browser(served, session=FORGED)
    answer = sign_in(victims, "clerk-1", PASSWORD, command_id=FORGED)
    assert answer.status_code == 303, answer.text
    given = answer.cookies["lastmile"]
    assert given not in ("", FORGED)
    for known in (FORGED, sha256(FORGED.encode()).hexdigest()):
        assert browser(served, session=known).get(ACCOUNT).status_code == 302
    assert browser(served, session=given).get(ACCOUNT).status_code == 200


def test_the_id_of_a_form_that_a_stranger_chose_opens_the_session_for_nobody_without_the_password(served: Door) -> None:
    victims, strangers = browser(served), browser(served)
    assert sign_in(victims, "clerk-1", PASSWORD, command_id=CHOSEN).status_code == 303
    refused = sign_in(strangers, "clerk-1", "guessed", command_id=CHOSEN)
    assert refused.status_code == 401
    assert "lastmile" not in strangers.cookies


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(served: Door) -> None:
    stolen = session_of(served, "head")
    owner, thief = browser(served, session=stolen), browser(served, session=stolen)
    assert thief.get(ACCOUNT).status_code == 200
    form = hidden_on(owner, ACCOUNT)
    assert owner.post("/sign-out", data=form).status_code == 303
    assert thief.get(ACCOUNT).status_code == 302
    assert served.client.get(CURRENT, headers={"Authorization": f"Bearer {stolen}"}).status_code == 401


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(served: Door) -> None:
    answer = sign_in(browser(served), "clerk-1", PASSWORD)
    given = answer.headers.get_list("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in given} >= {"lastmile", "lastmile_device"}
    for cookie in given:
        assert "Domain" not in cookie
        assert "Max-Age=0" in cookie or ("SameSite=Lax" in cookie and "HttpOnly" in cookie), cookie


class TestFormsFromElsewhere:
    """Every address that takes a form, asked by a browser that is signed in but did not get the form from us."""

    def test_a_form_without_our_token_is_refused_everywhere(self, served: Door, clerk: str, posts: list[str]) -> None:
        assert len(posts) > 80
        client = browser(served, session=clerk)
        answered = {path: client.post(path, data={"command_id": "x"}).status_code for path in posts}
        assert {path for path, status in answered.items() if status != 400} == set()

    @pytest.mark.parametrize("whose", ["another browser's", "forged", "of a session since ended"])
    def test_a_token_that_was_not_given_to_this_browser_is_refused(self, served: Door, clerk: str, whose: str) -> None:
        tokens = {
            "another browser's": hidden_on(browser(served, session=clerk), ACCOUNT)["csrf_token"],
            "forged": "IjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAi.aaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "of a session since ended": hidden_on(browser(served), "/sign-in")["csrf_token"],
        }
        ours = browser(served, session=clerk)
        right = hidden_on(ours, ACCOUNT)["csrf_token"]
        assert self.language(ours, tokens[whose]).status_code == 400
        assert self.language(ours, right).status_code == 303

    def language(self, client: httpx.Client, token: str) -> httpx.Response:
        return client.post("/preferences", data={"csrf_token": token, "language": "en"})


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """An address for every page of the console that takes a form."""
    found = [rule for rule in rules(tmp_path_factory.mktemp("rules")) if rule.endpoint.startswith(CONSOLE)]
    return [filled(rule, "x") for rule in found if FORM in (rule.methods or ())]
