"""Every container is given settings that the program has and accepts, and databases that are made."""

import base64

import pytest
from sqlalchemy import make_url

from deploy.postgresql.roles import read_roles
from lastmile.settings import LOG_SERVICES, SERVICES, SETTINGS, WrongSettings, read_settings
from tests.deploy.composed import CONTAINERS, OURS, ROOT, VARIABLE, command, environment, filled_in, read_env

SETTING_NAMES = {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("name", OURS)
def test_every_lastmile_variable_is_a_setting(name: str) -> None:
    given = {variable for variable in environment(name) if variable.startswith("LASTMILE_")}
    assert given <= SETTING_NAMES


@pytest.mark.parametrize("name", [name for name in OURS if "lastmile" in command(OURS[name])])
def test_the_program_accepts_its_settings(name: str, written: dict[str, str]) -> None:
    given = {variable: filled_in(value, written) for variable, value in environment(name).items()}
    settings = read_settings(given)
    assert settings.production
    assert settings.master_key == base64.b64decode(written["LASTMILE_MASTER_KEY"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_gets_its_own_databases_and_the_addresses_of_all(name: str, written: dict[str, str]) -> None:
    settings = read_settings({variable: filled_in(value, written) for variable, value in environment(name).items()})
    assert set(settings.database_urls) == {name}
    assert set(settings.keystore_urls) == {name} & set(LOG_SERVICES)
    assert settings.http_address == ("0.0.0.0", 8000)  # noqa: S104 - inside the container.
    assert settings.service_urls == {service: f"http://{service}:8000" for service in SERVICES}
    assert settings.amqp_uri.endswith("@rabbitmq:5672/lastmile")


@pytest.mark.parametrize("name", ["lastmile", "init", "migrate"])
def test_what_works_on_the_whole_deployment_gets_every_database(name: str, written: dict[str, str]) -> None:
    settings = read_settings({variable: filled_in(value, written) for variable, value in environment(name).items()})
    assert set(settings.database_urls) == set(SERVICES)
    assert set(settings.keystore_urls) == set(LOG_SERVICES)
    assert settings.over_http == (name == "lastmile")


@pytest.mark.parametrize("name", [*SERVICES, "lastmile", "init", "migrate"])
def test_database_urls_name_roles_passwords_and_databases_that_are_made(name: str) -> None:
    roles = read_roles()
    for variable, value in environment(name).items():
        if variable.endswith(("_DATABASE_URL", "_KEYSTORE_URL")):
            url = make_url(VARIABLE.sub(lambda found: found["name"], value))
            service = variable.split("_")[1].lower()
            role = roles.owner if name == "migrate" else roles.services[service]
            assert (url.username, url.password) == (role.name, role.password_variable)
            assert url.host == "postgres"
            assert url.database == roles.services[service].databases["KEYSTORE" in variable]


def test_the_roles_are_those_of_the_services_and_get_all_their_passwords() -> None:
    roles = read_roles()
    assert set(roles.services) == set(SERVICES)
    assert {role.password_variable for role in roles.all} <= set(environment("databases"))
    assert environment("databases") == environment("grants")


def test_the_gateway_waits_for_every_service_and_holds_nothing(written: dict[str, str]) -> None:
    gateway = CONTAINERS["gateway"]
    assert gateway["depends_on"] == {name: {"condition": "service_healthy"} for name in SERVICES}
    assert "volumes" not in gateway
    given = {variable: filled_in(value, written) for variable, value in environment("gateway").items()}
    settings = read_settings(given)
    assert (settings.database_urls, settings.keystore_urls, settings.amqp_uri) == ({}, {}, "")
    assert settings.service_urls == {service: f"http://{service}:8000" for service in SERVICES}
    assert settings.facing.secure
    assert settings.facing.single_sign_on is None


def test_the_example_has_every_setting_and_production_refuses_its_secret() -> None:
    example = read_env(ROOT / "deploy/settings.env.example")
    assert set(example) == SETTING_NAMES
    with pytest.raises(WrongSettings) as refused:
        read_settings(example)
    assert set(refused.value.problems) == {"LASTMILE_MASTER_KEY"}
    assert read_settings(example | {"LASTMILE_PRODUCTION": "0"}).over_http
