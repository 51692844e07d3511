"""Settings of the gateway: what people type, which proxies are believed, where single sign-on goes."""

import pytest

from lastmile.facing import SingleSignOn
from lastmile.settings import WrongSettings, read_settings

MASTER_KEY = {"LASTMILE_PRODUCTION": "1", "LASTMILE_MASTER_KEY": "A" * 42 + "E="}
SIGN_ON = {
    "LASTMILE_OIDC_ISSUER": "https://sso.example.org",
    "LASTMILE_OIDC_CLIENT_ID": "lastmile",
    "LASTMILE_OIDC_CLIENT_SECRET": "told to nobody",
}


def problems(**environment: str) -> dict[str, str]:
    with pytest.raises(WrongSettings) as refused:
        read_settings(environment)
    return refused.value.problems


def test_without_settings_the_gateway_faces_this_machine() -> None:
    facing = read_settings({}).facing
    assert (facing.public_url, facing.secure, facing.trusted_proxies) == ("", False, 0)
    assert facing.single_sign_on is None


def test_cookies_go_over_tls_alone_where_the_address_says_so_and_in_production() -> None:
    assert read_settings({"LASTMILE_PUBLIC_URL": "https://lastmile.example.org/"}).facing.secure
    assert read_settings(MASTER_KEY | {"LASTMILE_PUBLIC_URL": "http://127.0.0.1:8000"}).facing.secure
    assert not read_settings({"LASTMILE_PUBLIC_URL": "http://lastmile.example.org"}).facing.secure


def test_production_refuses_an_address_without_tls_unless_it_is_this_machine() -> None:
    told = problems(**MASTER_KEY, LASTMILE_PUBLIC_URL="http://lastmile.example.org")
    assert set(told) == {"LASTMILE_PUBLIC_URL"}


@pytest.mark.parametrize("name", ["LASTMILE_TRUSTED_PROXIES", "LASTMILE_GATEWAY_THREADS"])
@pytest.mark.parametrize("value", ["-1", "many", "1.5", "1000"])
def test_counts_are_whole_numbers_within_reason(name: str, value: str) -> None:
    assert set(problems(**{name: value})) == {name}


def test_single_sign_on_is_whole_or_not_there() -> None:
    assert read_settings(SIGN_ON).facing.single_sign_on == SingleSignOn(*SIGN_ON.values())
    for missing in SIGN_ON:
        given = {name: value for name, value in SIGN_ON.items() if name != missing}
        assert set(problems(**given)) == {missing}


def test_an_address_without_a_host_is_none() -> None:
    assert set(problems(LASTMILE_PUBLIC_URL="lastmile.example.org")) == {"LASTMILE_PUBLIC_URL"}
