"""Who asks for what is not theirs, or for what is not there, is refused and changes nothing."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from services.membership.permissions import PERMISSIONS
from tests.system.station import Station
from tests.system.wrongly import RIGHT, ask, refusal


def test_a_command_for_another_station_is_refused(unchanged: Station) -> None:
    elsewhere = unchanged.token(station="110102999")
    refusal(unchanged.post("membership", "RegisterMember", RIGHT, "elsewhere", elsewhere), 403, "forbidden")


def test_a_command_without_its_role_is_refused(unchanged: Station) -> None:
    cashier = unchanged.token(Role.CASHIER)
    refusal(unchanged.post("membership", "RegisterMember", RIGHT, "cashier", cashier), 403, "forbidden")


def test_a_question_for_another_station_or_role_is_refused(unchanged: Station) -> None:
    for token in (unchanged.token(station="110102999"), unchanged.token(Role.CASHIER)):
        response = ask(unchanged, "questions/members", {"text": "李"}, token)
        refusal(response, 403, "forbidden")


@pytest.mark.parametrize("command", ["EraseEverything", "registermember", "RegisterMember ", "💥"])
def test_an_unknown_command_is_not_found(unchanged: Station, command: str) -> None:
    refusal(unchanged.post("membership", command, RIGHT, "unknown"), 404, "not-found")


def test_a_path_that_is_none_is_not_found(unchanged: Station) -> None:
    for path in ("/", "/nowhere", f"/stations/{unchanged.code}/commands", "/logs/../health"):
        response = unchanged.client.get(unchanged.url("membership") + path)
        assert response.status_code in (404, 200 if path.endswith("health") else 404), path


def test_an_identity_that_is_missing_forged_changed_or_expired_is_refused(unchanged: Station) -> None:
    body, _, signature = unchanged.token().partition(".")
    chair = Identity(
        "clerk", Role.CHAIR, unchanged.code, "2099-01-01T00:00:00Z", confirmed_until="9999-12-31T00:00:00Z"
    )
    tokens = [
        sign_identity(chair, Ed25519PrivateKey.generate()),
        f"{sign_identity(chair, Ed25519PrivateKey.generate()).partition('.')[0]}.{signature}",
        f"{body}.",
        body,
        "nonsense",
        f"{body}.{signature}.{signature}",
        unchanged.token(expires_at="2017-01-01T00:00:00Z"),
        unchanged.token(expires_at="2099-01-01T00:00:00"),
        unchanged.token(expires_at="never"),
    ]
    for token in tokens:
        response = unchanged.post("membership", "RegisterMember", RIGHT, "forged", token)
        refusal(response, 401, "unauthenticated")
    url = f"{unchanged.url('membership')}/stations/{unchanged.code}/commands/RegisterMember"
    for header in ("", "Bearer", f"Basic {unchanged.token()}", f"Service {unchanged.token()}"):
        refusal(unchanged.client.post(url, json=RIGHT, headers={"Authorization": header}), 401, "unauthenticated")


def test_logs_are_shown_to_neighbours_alone(unchanged: Station) -> None:
    for path in (
        "/logs",
        f"/logs/{unchanged.code}/membership/entries",
        f"/logs/{unchanged.code}/membership/checkpoint",
    ):
        for header in ({}, {"Authorization": f"Bearer {unchanged.token()}"}, {"Authorization": "Service secret"}):
            refusal(unchanged.client.get(unchanged.url("membership") + path, headers=header), 401, "unauthenticated")


def test_a_neighbour_that_asks_oddly_gets_an_answer_all_the_same(unchanged: Station) -> None:
    headers = {"Authorization": f"Service {unchanged.deployment.composition.neighbour_secret}"}
    url = f"{unchanged.url('membership')}/logs/{unchanged.code}/membership/entries"
    whole = unchanged.client.get(url, headers=headers).content
    assert whole.count(b"\n") == len(unchanged.data("membership"))
    for odd in ({"after": "-5"}, {"after": "x"}, {"limit": "1000000"}):
        assert unchanged.client.get(url, headers=headers, params=odd).content == whole
    for none in ({"limit": "-1"}, {"limit": "0"}, {"after": str(2**80)}):
        response = unchanged.client.get(url, headers=headers, params=none)
        assert (response.status_code, response.content) == (200, b""), none


def test_every_command_of_membership_is_refused_to_whom_it_is_not_for(unchanged: Station) -> None:
    for name, roles in PERMISSIONS.items():
        for role in (Role.CLERK, Role.CASHIER, Role.DISTRICT_AUDITOR, Role.CITY_SYSTEM):
            if role not in roles:
                kind = "commands" if name[0].isupper() else "questions"
                refusal(ask(unchanged, f"{kind}/{name}", {}, unchanged.token(role)), 403, "forbidden")
