"""Containers and what the program is stay in step: which there are, what they wait for, hold and publish."""

import importlib.util
import re

import pytest

from lastmile.cli import app
from lastmile.settings import SERVICES
from tests.deploy.composed import CONTAINERS, OURS, STAYING, TOOLS, command, environment, instructions

COMMANDS = {registered.callback.__name__ for registered in app.registered_commands if registered.callback}


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


def test_services_wait_for_the_grants_and_these_for_the_migrations() -> None:
    done = "service_completed_successfully"
    assert CONTAINERS["databases"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert CONTAINERS["migrate"]["depends_on"] == {"databases": {"condition": done}}
    assert CONTAINERS["grants"]["depends_on"] == {"migrate": {"condition": done}}
    for name in SERVICES:
        assert CONTAINERS[name]["depends_on"]["grants"] == {"condition": done}
        assert CONTAINERS[name]["depends_on"]["identity-key"] == {"condition": done}
        assert CONTAINERS[name]["depends_on"]["rabbitmq"] == {"condition": "service_started"}


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


@pytest.mark.parametrize("name", CONTAINERS)
def test_ports_are_published_on_this_machine_alone_and_once(name: str) -> None:
    everywhere = [port for container in CONTAINERS.values() for port in container.get("ports", [])]
    for port in CONTAINERS[name].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port)
        assert [other.split(":")[1] for other in everywhere].count(port.split(":")[1]) == 1
    assert "network_mode" not in CONTAINERS[name]


def test_the_private_identity_key_is_given_to_access_and_the_operator_alone() -> None:
    volumes = {name: [volume.split(":")[0] for volume in OURS[name].get("volumes", [])] for name in OURS}
    assert {name for name in OURS if "identity" in volumes[name]} == {"access", "identity-key", *TOOLS}
    assert environment("identity-key")["LASTMILE_HOME"] == environment("access")["LASTMILE_HOME"]
