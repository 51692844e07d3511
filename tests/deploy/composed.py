"""docker-compose.yml, deploy/Dockerfile and what `make secrets` writes, as tests read them."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE: Mapping[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS: Mapping[str, Mapping[str, Any]] = COMPOSE["services"]
OURS = {name: container for name, container in CONTAINERS.items() if "build" in container}
STAYING = {name: container for name, container in CONTAINERS.items() if container.get("restart") == "unless-stopped"}
TOOLS = {name: container for name, container in CONTAINERS.items() if "profiles" in container}
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?P<default>:?-[^}]*)?(?::?\?[^}]*)?\}")


@dataclass(frozen=True)
class Instruction:
    """One instruction of the Dockerfile."""

    word: str
    rest: str


def instructions() -> list[Instruction]:
    text = (ROOT / "deploy/Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [Instruction(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def command(container: Mapping[str, Any]) -> list[str]:
    """The words with which a container of ours starts."""
    return [*container.get("entrypoint", []), *container.get("command", [])]


def environment(name: str) -> dict[str, str]:
    return dict(CONTAINERS[name].get("environment", {}))


def texts(value: Any) -> Iterator[str]:
    """Every text anywhere inside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def make_secrets(directory: Path) -> subprocess.CompletedProcess[str]:
    """Run `make secrets` with the project's Makefile in another directory."""
    shutil.copy(ROOT / "Makefile", directory)
    return subprocess.run(
        ["make", "--no-print-directory", "secrets"], cwd=directory, capture_output=True, text=True, check=False
    )


def read_env(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """The text as Compose gives it to a container."""
    return VARIABLE.sub(lambda found: values.get(found["name"]) or _default(found), text)


def _default(found: re.Match[str]) -> str:
    assert found["default"] is not None, f"{found['name']} has no value"
    return found["default"].lstrip(":").removeprefix("-")
