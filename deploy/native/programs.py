"""Finds the programs that tests need, RabbitMQ to Chromium, and says or does what is needed when they are missing."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

from deploy.native import debian

AMQP_VARIABLE = "LASTMILE_TEST_AMQP_URI"
DATABASE_VARIABLE = "LASTMILE_TEST_DATABASE_URL"
CHROMIUM_VARIABLE = "LASTMILE_TEST_CHROMIUM"
NO_INSTALL_VARIABLE = "LASTMILE_NO_INSTALL"
# Directories parted by colons; when set, the programs are looked for there and nowhere else.
PROGRAMS_VARIABLE = "LASTMILE_TEST_PROGRAMS"

RABBIT_PACKAGE = "rabbitmq-server"
POSTGRES_PACKAGE = "postgresql"
CHROMIUM_PACKAGE, FONTS_PACKAGE, CURL_PACKAGE = "chromium", "fonts-noto-cjk", "curl"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
UBUNTU_CHROMIUM = (
    f"on Ubuntu that package is a snap, which cannot be steered: install Google Chrome or another Chromium,\n"
    f"and name its program in {CHROMIUM_VARIABLE}"
)
FONT_DIRECTORIES = ("/usr/share/fonts", "/usr/local/share/fonts")
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


def chromium_program() -> Path:
    """The browser named in the environment, else the installed one; a snap cannot be steered and is passed over."""
    named = os.environ.get(CHROMIUM_VARIABLE)
    if named is None:
        return _installed_chromium() or _refuse([CHROMIUM_PACKAGE])
    if not os.access(named, os.X_OK):
        raise ProgramsMissing(f"{CHROMIUM_VARIABLE} names {named}, which is no program")
    return Path(named)


def ensure_installed(*, browser: bool = False) -> None:
    """Return when every server that is not named in the environment can be started; else ProgramsMissing.

    With `browser`, what tests ask as people do too: Chromium with fonts for Chinese, and curl.
    """
    missing = _missing_packages(browser=browser)
    if not missing:
        return
    if os.environ.get(NO_INSTALL_VARIABLE) == "1" or PROGRAMS_VARIABLE in os.environ or not debian.can_install():
        _refuse(missing)
    debian.install(missing)
    still_missing = _missing_packages(browser=browser)
    if still_missing:
        _refuse(still_missing)


def _missing_packages(*, browser: bool) -> list[str]:
    rabbit_ready = AMQP_VARIABLE in os.environ or (
        all(_found(name, RABBIT_DIRECTORIES) for name in ("rabbitmq-server", "rabbitmqctl"))
        and _found("epmd", ()) is not None
    )
    postgres_ready = DATABASE_VARIABLE in os.environ or all(
        _found(name, POSTGRES_DIRECTORIES) for name in ("postgres", "initdb")
    )
    ready = {RABBIT_PACKAGE: rabbit_ready, POSTGRES_PACKAGE: postgres_ready}
    if browser and CHROMIUM_VARIABLE not in os.environ:
        ready |= {CHROMIUM_PACKAGE: _installed_chromium() is not None, FONTS_PACKAGE: _has_chinese_fonts()}
    if browser:
        ready |= {CURL_PACKAGE: _found("curl", ()) is not None}
    return [package for package, is_ready in ready.items() if not is_ready]


def _installed_chromium() -> Path | None:
    found = (_found(name, ()) for name in CHROMIUM_NAMES)
    return next((path for path in found if path is not None and not _is_snap(path)), None)


def _is_snap(path: Path) -> bool:
    """Ubuntu's package is a script that starts the snap, which sees neither our directories nor our fonts."""
    with path.open("rb") as file:
        return path.is_relative_to("/snap") or path.resolve().name == "snap" or b"/snap/" in file.read(4_096)


def _has_chinese_fonts() -> bool:
    return any(True for directory in FONT_DIRECTORIES for _ in Path(directory).glob("**/*CJK*"))


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
    variables = {
        RABBIT_PACKAGE: AMQP_VARIABLE,
        POSTGRES_PACKAGE: DATABASE_VARIABLE,
        CHROMIUM_PACKAGE: CHROMIUM_VARIABLE,
        FONTS_PACKAGE: CHROMIUM_VARIABLE,
    }
    named = " and ".join(dict.fromkeys(variables[package] for package in packages if package in variables))
    instead = f"\nor name a running server, or the browser's program, in {named}" if named else ""
    snap = f"\n{UBUNTU_CHROMIUM}" if CHROMIUM_PACKAGE in packages else ""
    raise ProgramsMissing(
        f"missing for the tests: {' and '.join(packages)}\n"
        f"install it (Debian or Ubuntu): apt-get install --no-install-recommends {' '.join(packages)}{instead}{snap}"
    )
