"""Who acts is believed only as access signed it, for as long as it said, and no further than the role reaches."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lastmile.kernel.domain.failures import Forbidden, Unauthenticated
from lastmile.kernel.domain.identity import Identity, Role, Scope, read_identity, service_identity, sign_identity

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
END = datetime(2017, 6, 1, 12, tzinfo=UTC)
CLERK = Identity("li", Role.CLERK, "110102017", "2017-06-01T12:00:00Z")
TOKEN = sign_identity(CLERK, KEY)
BEFORE = END - timedelta(seconds=1)
PERMISSIONS = {
    "OpenBox": {Role.CLERK: Scope.STATION},
    "boxes": {Role.CLERK: Scope.STATION, Role.DISTRICT_AUDITOR: Scope.EVERY_STATION},
}


def test_a_signed_identity_is_read_back() -> None:
    assert read_identity(TOKEN, KEY.public_key(), BEFORE) == CLERK


def test_an_identity_of_another_signer_is_refused() -> None:
    with pytest.raises(Unauthenticated, match="not signed by access"):
        read_identity(TOKEN, Ed25519PrivateKey.generate().public_key(), BEFORE)


def test_a_body_under_the_signature_of_another_is_refused() -> None:
    chair = sign_identity(replace(CLERK, role=Role.CHAIR), KEY)
    with pytest.raises(Unauthenticated, match="not signed by access"):
        read_identity(f"{chair.partition('.')[0]}.{TOKEN.partition('.')[2]}", KEY.public_key(), BEFORE)


@pytest.mark.parametrize("now", [END, END + timedelta(days=1), END.astimezone(tz=None)])
def test_an_identity_ends_at_the_instant_it_names(now: datetime) -> None:
    with pytest.raises(Unauthenticated, match="expired at 2017-06-01T12:00:00Z"):
        read_identity(TOKEN, KEY.public_key(), now)


@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="utf-8"))
def test_no_character_of_a_token_can_be_another(place: int, character: str) -> None:
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]
    if changed != TOKEN:
        try:
            read = read_identity(changed, KEY.public_key(), BEFORE)
        except Unauthenticated:
            return
        # Base64 leaves bits over at the end of a part, which say nothing.
        assert read == CLERK


@pytest.mark.parametrize("token", ["", ".", "a.b", "a.b.c", "名.名", TOKEN + ".", TOKEN.replace(".", "")])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        read_identity(token, KEY.public_key(), BEFORE)


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{}", b"not json", b'{"person_id":"li","role":"king","station":"s","expires_at":"2017-06-01T12:00:00Z"}'],
)
def test_what_access_would_never_sign_is_refused_even_if_signed(body: bytes) -> None:
    token = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (body, KEY.sign(body)))
    with pytest.raises(Unauthenticated, match="malformed"):
        read_identity(token, KEY.public_key(), BEFORE)


def test_an_identity_carries_whose_aid_is_the_persons_own() -> None:
    clerk = replace(CLERK, household=("m1", "m2"))
    assert read_identity(sign_identity(clerk, KEY), KEY.public_key(), BEFORE) == clerk


def test_an_identity_signed_before_households_were_carried_is_read_and_names_none() -> None:
    body = b'{"person_id":"li","role":"clerk","station":"110102017","expires_at":"2017-06-01T12:00:00Z"}'
    token = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (body, KEY.sign(body)))
    assert read_identity(token, KEY.public_key(), BEFORE) == CLERK


def test_a_role_may_ask_what_its_row_says_at_its_own_station() -> None:
    CLERK.may("OpenBox", "110102017", PERMISSIONS)


def test_nobody_acts_at_another_station_without_a_row_that_reaches_it() -> None:
    with pytest.raises(Forbidden, match="not for people of station 110102017"):
        CLERK.may("OpenBox", "110102018", PERMISSIONS)
    replace(CLERK, role=Role.DISTRICT_AUDITOR).may("boxes", "110102018", PERMISSIONS)


@pytest.mark.parametrize("name", ["OpenBox", "CloseBox"])
def test_without_a_row_nothing_may_be_asked(name: str) -> None:
    with pytest.raises(Forbidden, match=f"the role cashier may not ask {name}"):
        replace(CLERK, role=Role.CASHIER).may(name, "110102017", PERMISSIONS)


def test_a_service_acts_for_itself_under_its_own_name() -> None:
    identity = service_identity("sample", "110102017")
    assert (identity.person_id, identity.role, identity.station) == ("service:sample", Role.SERVICE, "110102017")
