"""What containers run and what the program is stay in step: compose file, image, command line, settings, secrets."""

import base64
import importlib.util
import json
import re
import stat
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import make_url

from deploy.postgresql.roles import read_roles
from lastmile.cli import app
from lastmile.settings import LOG_SERVICES, SERVICES, SETTINGS, WrongSettings, read_settings
from tests.deploy.composed import (
    COMPOSE,
    CONTAINERS,
    OURS,
    ROOT,
    STAYING,
    TOOLS,
    VARIABLE,
    command,
    environment,
    filled_in,
    instructions,
    make_secrets,
    read_env,
    texts,
)

SETTING_NAMES = {setting.name for setting in SETTINGS}
COMMANDS = {registered.callback.__name__ for registered in app.registered_commands if registered.callback}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What `make secrets` wrote."""
    directory = tmp_path_factory.mktemp("secrets")
    assert make_secrets(directory).returncode == 0
    return read_env(directory / ".env")


def test_every_service_has_its_container_and_every_container_of_a_service_its_service() -> None:
    run = [command(container) for container in OURS.values() if "service" in command(container)]
    assert sorted(run) == sorted(["lastmile", "service", name] for name in SERVICES)
    assert all(command(CONTAINERS[name])[-1] == name for name in SERVICES)


@pytest.mark.parametrize("name", OURS)
def test_every_container_runs_something_that_exists(name: str) -> None:
    program, *words = command(OURS[name])
    if program == "lastmile":
        assert words[0] in COMMANDS or words == ["--help"]
    else:
        assert [program, words[0]] == ["python", "-m"]
        assert importlib.util.find_spec(words[1]) is not None


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


def test_services_wait_for_the_grants_and_these_for_the_migrations() -> None:
    done = "service_completed_successfully"
    assert CONTAINERS["databases"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert CONTAINERS["migrate"]["depends_on"] == {"databases": {"condition": done}}
    assert CONTAINERS["grants"]["depends_on"] == {"migrate": {"condition": done}}
    for name in SERVICES:
        assert CONTAINERS[name]["depends_on"]["grants"] == {"condition": done}
        assert CONTAINERS[name]["depends_on"]["identity-key"] == {"condition": done}
        assert CONTAINERS[name]["depends_on"]["rabbitmq"] == {"condition": "service_started"}


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


def test_what_stays_is_started_again_and_watched_and_what_does_not_is_neither() -> None:
    assert set(STAYING) == {*SERVICES, "gateway", "rabbitmq", "postgres"}
    assert "HEALTHCHECK" in [instruction.word for instruction in instructions()]
    for name, container in CONTAINERS.items():
        if name in STAYING:
            assert name in OURS or container["healthcheck"]["test"][0] == "CMD"
            assert not container.get("healthcheck", {}).get("disable")
        else:
            assert container["restart"] == "no"
            assert container["healthcheck"] == {"disable": True}


def test_the_health_check_needs_nothing_but_python() -> None:
    (check,) = [instruction.rest for instruction in instructions() if instruction.word == "HEALTHCHECK"]
    program, *words = json.loads(check.partition("CMD ")[2])
    assert [program, words[0]] == ["python", "-m"]
    assert importlib.util.find_spec(words[1]) is not None


@pytest.mark.parametrize("name", CONTAINERS)
def test_ports_are_published_on_this_machine_alone_and_once(name: str) -> None:
    everywhere = [port for container in CONTAINERS.values() for port in container.get("ports", [])]
    for port in CONTAINERS[name].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port)
        assert [other.split(":")[1] for other in everywhere].count(port.split(":")[1]) == 1
    assert "network_mode" not in CONTAINERS[name]


def test_the_image_runs_without_root_and_no_container_changes_that() -> None:
    final = instructions()[max(n for n, found in enumerate(instructions()) if found.word == "FROM") :]
    (user,) = [instruction.rest for instruction in final if instruction.word == "USER"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    for container in OURS.values():
        assert "user" not in container
        assert not container.get("privileged")
        assert container["cap_drop"] == ["ALL"]
        assert container["build"] == {"context": ".", "dockerfile": "deploy/Dockerfile"}


def test_images_are_pinned_to_a_minor_version() -> None:
    bases = [instruction.rest.split()[0] for instruction in instructions() if instruction.word == "FROM"]
    theirs = [container["image"] for name, container in CONTAINERS.items() if name not in OURS]
    assert len(set(bases)) == 1
    for image in (*bases, *theirs):
        assert re.fullmatch(r"[a-z]+:\d+\.\d+(-[a-z-]+)?", image)
    assert any(re.fullmatch(r"rabbitmq:4\.\d+-management", image) for image in theirs)


def test_every_variable_without_a_default_is_written_by_make_secrets(written: dict[str, str]) -> None:
    found = {match["name"] for text in texts(COMPOSE) for match in VARIABLE.finditer(text) if not match["default"]}
    assert found == set(written)
    assert "$" not in "".join(VARIABLE.sub("", text) for text in texts(COMPOSE))


def test_secrets_are_long_random_and_fit_into_addresses(written: dict[str, str]) -> None:
    assert len(base64.b64decode(written["LASTMILE_MASTER_KEY"], validate=True)) == 32
    passwords = [value for name, value in written.items() if name != "LASTMILE_MASTER_KEY"]
    assert all(re.fullmatch(r"[0-9a-f]{64}", password) for password in passwords)
    assert len(set(passwords)) == len(passwords)


def test_secrets_are_for_their_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    assert make_secrets(tmp_path).returncode == 0
    path = tmp_path / ".env"
    before = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = make_secrets(tmp_path)
    assert again.returncode != 0
    assert ".env exists" in again.stderr
    assert path.read_text() == before


def test_git_and_the_image_never_see_the_secrets() -> None:
    assert "/.env" in (ROOT / ".gitignore").read_text().split()
    let_in = _let_into_the_image()
    assert not {".env", "var", ".git"} & let_in


def test_the_image_gets_everything_that_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = {name.removesuffix("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    licenses = set(project["project"]["license-files"])
    assert _let_into_the_image() == {*packages, *licenses, project["project"]["readme"], "pyproject.toml", "uv.lock"}


def _let_into_the_image() -> set[str]:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    return {line.removeprefix("!") for line in lines if line.startswith("!")}


def test_every_file_that_is_copied_or_mounted_exists() -> None:
    copied = [i.rest.split()[:-1] for i in instructions() if i.word == "COPY" and not i.rest.startswith("--from")]
    mounted = [volume.split(":")[0] for container in CONTAINERS.values() for volume in container.get("volumes", [])]
    for name in (*(name for names in copied for name in names), *(name for name in mounted if name.startswith("."))):
        assert (ROOT / name).exists(), name
    assert {name for name in mounted if not name.startswith(".")} == set(COMPOSE["volumes"])


def test_volumes_of_ours_are_mounted_where_the_image_made_room_for_them() -> None:
    (room,) = [i.rest for i in instructions() if i.word == "RUN" and "install --directory" in i.rest]
    for name, container in OURS.items():
        for volume in container.get("volumes", []):
            assert volume.split(":")[1] in room.split()
        home = environment(name).get("LASTMILE_HOME")
        assert home is None or home in room.split()


def test_the_private_identity_key_is_given_to_access_and_the_operator_alone() -> None:
    volumes = {name: [volume.split(":")[0] for volume in OURS[name].get("volumes", [])] for name in OURS}
    assert {name for name in OURS if "identity" in volumes[name]} == {"access", "identity-key", *TOOLS}
    assert environment("identity-key")["LASTMILE_HOME"] == environment("access")["LASTMILE_HOME"]


def test_the_image_installs_with_the_uv_of_the_makefile_and_only_what_the_lock_says() -> None:
    version = re.search(r"^UV_VERSION := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    run = " ".join(instruction.rest for instruction in instructions() if instruction.word == "RUN")
    assert version is not None
    assert f"'uv=={version[1]}'" in run
    assert "export --frozen" in run
    assert "--require-hashes" in run
    assert "index-url" not in run


def test_the_example_has_every_setting_and_production_refuses_its_secret() -> None:
    example = read_env(ROOT / "deploy/settings.env.example")
    assert set(example) == SETTING_NAMES
    with pytest.raises(WrongSettings) as refused:
        read_settings(example)
    assert set(refused.value.problems) == {"LASTMILE_MASTER_KEY"}
    assert read_settings(example | {"LASTMILE_PRODUCTION": "0"}).over_http
