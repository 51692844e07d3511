"""The image holds what is installed and no secret, runs without root, and is pinned."""

import importlib.util
import json
import re
import tomllib

from tests.deploy.composed import COMPOSE, CONTAINERS, OURS, ROOT, environment, instructions


def test_the_health_check_needs_nothing_but_python() -> None:
    (check,) = [instruction.rest for instruction in instructions() if instruction.word == "HEALTHCHECK"]
    program, *words = json.loads(check.partition("CMD ")[2])
    assert [program, words[0]] == ["python", "-m"]
    assert importlib.util.find_spec(words[1]) is not None


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


def test_the_image_installs_with_the_uv_of_the_makefile_and_only_what_the_lock_says() -> None:
    version = re.search(r"^UV_VERSION := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    run = " ".join(instruction.rest for instruction in instructions() if instruction.word == "RUN")
    assert version is not None
    assert f"'uv=={version[1]}'" in run
    assert "export --frozen" in run
    assert "--require-hashes" in run
    assert "index-url" not in run
