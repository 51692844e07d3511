"""Finds the programs of RabbitMQ and PostgreSQL, and says or does what is needed when they are missing."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

from deploy.native import debian

AMQP_VARIABLE = "LASTMILE_TEST_AMQP_URI"
DATABASE_VARIABLE = "LASTMILE_TEST_DATABASE_URL"
NO_INSTALL_VARIABLE = "LASTMILE_NO_INSTALL"
# Directories parted by colons; when set, the programs are looked for there and nowhere else.
PROGRAMS_VARIABLE = "LASTMILE_TEST_PROGRAMS"

RABBIT_PACKAGE = "rabbitmq-server"
POSTGRES_PACKAGE = "postgresql"
# Debian's rabbitmqctl and rabbitmq-server in /usr/sbin change to the user rabbitmq and to its node; those in
# /usr/lib/rabbitmq/bin do as they are told. The wrappers are told apart by the file they lead to.
DEBIAN_WRAPPER = "rabbitmq-script-wrapper"
RABBIT_DIRECTORIES = ("/usr/lib/rabbitmq/bin", "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin", "/usr/sbin")
POSTGRES_DIRECTORIES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")


class ProgramsMissing(RuntimeError):
    """The message says exactly what to install, or which variable to set instead."""


def rabbit_program(name: str) -> Path:
    return _found(name, RABBIT_DIRECTORIES) or _refuse([RABBIT_PACKAGE])


def postgres_program(name: str) -> Path:
    return _found(name, POSTGRES_DIRECTORIES) or _refuse([POSTGRES_PACKAGE])


def erlang_program(name: str) -> Path:
    return _found(name, ()) or _refuse([RABBIT_PACKAGE])


def ensure_installed() -> None:
    """Return when every server that is not named in the environment can be started; else ProgramsMissing."""
    missing = _missing_packages()
    if not missing:
        return
    if os.environ.get(NO_INSTALL_VARIABLE) == "1" or PROGRAMS_VARIABLE in os.environ or not debian.can_install():
        _refuse(missing)
    debian.install(missing)
    still_missing = _missing_packages()
    if still_missing:
        _refuse(still_missing)


def _missing_packages() -> list[str]:
    rabbit_ready = AMQP_VARIABLE in os.environ or (
        all(_found(name, RABBIT_DIRECTORIES) for name in ("rabbitmq-server", "rabbitmqctl"))
        and _found("epmd", ()) is not None
    )
    postgres_ready = DATABASE_VARIABLE in os.environ or all(
        _found(name, POSTGRES_DIRECTORIES) for name in ("postgres", "initdb")
    )
    ready = {RABBIT_PACKAGE: rabbit_ready, POSTGRES_PACKAGE: postgres_ready}
    return [package for package, is_ready in ready.items() if not is_ready]


def _found(name: str, directories: tuple[str, ...]) -> Path | None:
    only = os.environ.get(PROGRAMS_VARIABLE)
    if only is not None:
        return _path(shutil.which(name, path=only))
    for pattern in directories:
        for directory in sorted(Path("/").glob(pattern.lstrip("/")), key=_version, reverse=True):
            candidate = directory / name
            if os.access(candidate, os.X_OK) and candidate.resolve().name != DEBIAN_WRAPPER:
                return candidate
    return _path(shutil.which(name))


def _version(directory: Path) -> tuple[int, ...]:
    """The numbers in a path: PostgreSQL 15 comes after 9."""
    digits = "".join(character if character.isdigit() else " " for character in str(directory))
    return tuple(int(number) for number in digits.split())


def _path(found: str | None) -> Path | None:
    return Path(found) if found else None


def _refuse(packages: list[str]) -> NoReturn:
    variables = {RABBIT_PACKAGE: AMQP_VARIABLE, POSTGRES_PACKAGE: DATABASE_VARIABLE}
    instead = " and ".join(variables[package] for package in packages)
    raise ProgramsMissing(
        f"missing for the tests: {' and '.join(packages)}\n"
        f"install it (Debian or Ubuntu): apt-get install --no-install-recommends {' '.join(packages)}\n"
        f"or name a running server in {instead}"
    )
