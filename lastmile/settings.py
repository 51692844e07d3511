"""All settings: read from the environment, every error reported at once. The reference page is made from this table."""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from lastmile.facing import Facing, read_facing

LOG_SERVICES = ("access", "membership", "activities", "relief")
"""The services that keep a log, in the order in which they are set up."""

SERVICES = (*LOG_SERVICES, "reporting")

Kind = Literal["path", "url", "secret", "switch", "address", "amqp", "seconds", "count"]


class WrongSettings(Exception):
    """The settings that are wrong, a line each."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("\n".join(f"{name}: {problem}" for name, problem in sorted(problems.items())))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Setting:
    """One setting: its name, what it holds, its default and its meaning."""

    name: str
    kind: Kind
    default: str
    meaning: str


SETTINGS = (
    Setting("LASTMILE_HOME", "path", "./var", "Where an embedded station keeps its data, and a service its keys."),
    Setting(
        "LASTMILE_ARCHIVE", "path", "", "Where reporting keeps sealed segments; `archive` under the home if empty."
    ),
    Setting("LASTMILE_PRODUCTION", "switch", "0", "1 refuses secrets and addresses that are only fit for trying."),
    Setting("LASTMILE_MASTER_KEY", "secret", "", "32 bytes in base64, above all keys; a file under the home if empty."),
    Setting("LASTMILE_AMQP_URI", "amqp", "", "RabbitMQ for news between services; services pull only if empty."),
    Setting("LASTMILE_HTTP_ADDRESS", "address", "127.0.0.1:8000", "Where a service or the console listens."),
    Setting("LASTMILE_PULL_SECONDS", "seconds", "2", "How often a follower asks the owners for what it missed."),
    Setting(
        "LASTMILE_PUBLIC_URL",
        "url",
        "",
        "The address that people type to reach the gateway; production wants https:// or this machine.",
    ),
    Setting("LASTMILE_TRUSTED_PROXIES", "count", "0", "How many proxies of ours stand before the gateway."),
    Setting("LASTMILE_GATEWAY_THREADS", "count", "16", "How many requests the gateway answers at a time."),
    Setting("LASTMILE_OIDC_ISSUER", "url", "", "The OpenID Connect provider for single sign-on; none if empty."),
    Setting("LASTMILE_OIDC_CLIENT_ID", "secret", "", "Under which id the provider knows the gateway."),
    Setting("LASTMILE_OIDC_CLIENT_SECRET", "secret", "", "And by which secret."),
    *(
        setting
        for service in SERVICES
        for setting in (
            Setting(
                f"LASTMILE_{service.upper()}_DATABASE_URL",
                "url",
                "",
                f"The database of {service}; SQLite under the home if empty.",
            ),
            Setting(
                f"LASTMILE_{service.upper()}_KEYSTORE_URL",
                "url",
                "",
                f"The database of the keys of persons in {service}; SQLite under the home if empty.",
            ),
            Setting(
                f"LASTMILE_{service.upper()}_URL",
                "address",
                "",
                f"Where {service} answers over HTTP, for its neighbours and the command line.",
            ),
        )
        if not (service == "reporting" and "KEYSTORE" in setting.name)
    ),
)

PUBLIC_SECRETS = frozenset({base64.b64encode(bytes(32)).decode(), base64.b64encode(b"lastmile" * 4).decode()})
"""Master keys that stand in examples: production refuses them."""


@dataclass(frozen=True)
class Settings:
    """The settings as the program uses them."""

    home: Path
    archive: Path
    production: bool
    master_key: bytes | None
    amqp_uri: str
    http_address: tuple[str, int]
    pull_seconds: float
    database_urls: Mapping[str, str]
    keystore_urls: Mapping[str, str]
    service_urls: Mapping[str, str]
    facing: Facing

    @property
    def over_http(self) -> bool:
        """Whether the services run as processes of their own."""
        return bool(self.service_urls)


def read_settings(environment: Mapping[str, str] | None = None, *, home: Path | None = None) -> Settings:
    """The settings in the environment (`NAME` or `NAME_FILE`). Raises WrongSettings naming all that are wrong."""
    environment = dict(os.environ if environment is None else environment)
    problems = {name: "no such setting" for name in environment if _is_unknown(name)}
    values: dict[str, str] = {}
    for setting in SETTINGS:
        values[setting.name] = _value(setting, environment, problems)
    if home is not None:
        values["LASTMILE_HOME"] = str(home)
    parsed = _parse(values, problems)
    if problems:
        raise WrongSettings(problems)
    return parsed


def _is_unknown(name: str) -> bool:
    known = {setting.name for setting in SETTINGS}
    return (
        name.startswith("LASTMILE_")
        and name.removesuffix("_FILE") not in known
        and not name.startswith(("LASTMILE_TEST_", "LASTMILE_NO_INSTALL"))
    )


def _value(setting: Setting, environment: Mapping[str, str], problems: dict[str, str]) -> str:
    file_name = environment.get(f"{setting.name}_FILE")
    if file_name is not None and setting.name in environment:
        problems[setting.name] = "given twice, directly and as a file"
    if file_name is not None:
        try:
            return Path(file_name).read_text().strip()
        except OSError as error:
            problems[f"{setting.name}_FILE"] = f"cannot be read: {error.strerror}"
            return setting.default
    return environment.get(setting.name, "").strip() or setting.default


def _parse(values: Mapping[str, str], problems: dict[str, str]) -> Settings:
    production = values["LASTMILE_PRODUCTION"] == "1"
    if values["LASTMILE_PRODUCTION"] not in ("0", "1"):
        problems["LASTMILE_PRODUCTION"] = "neither 0 nor 1"
    pull_seconds = _seconds("LASTMILE_PULL_SECONDS", values, problems)
    home = Path(values["LASTMILE_HOME"])
    if production and values["LASTMILE_MASTER_KEY"] in ("", *PUBLIC_SECRETS):
        problems["LASTMILE_MASTER_KEY"] = "production needs a secret of its own: `make secrets` writes one"
    return Settings(
        home=home,
        archive=Path(values["LASTMILE_ARCHIVE"] or home / "archive"),
        production=production,
        master_key=_master_key(values["LASTMILE_MASTER_KEY"], problems),
        amqp_uri=_url("LASTMILE_AMQP_URI", values, ("amqp", "amqps", "pyamqp"), problems),
        http_address=_address(values["LASTMILE_HTTP_ADDRESS"], problems),
        pull_seconds=pull_seconds,
        database_urls=_per_service("DATABASE_URL", values, ("sqlite", "postgresql+psycopg2"), problems),
        keystore_urls=_per_service("KEYSTORE_URL", values, ("sqlite", "postgresql+psycopg2"), problems),
        service_urls=_per_service("URL", values, ("http", "https"), problems),
        facing=read_facing(values, problems, production=production),
    )


def _seconds(name: str, values: Mapping[str, str], problems: dict[str, str]) -> float:
    try:
        seconds = float(values[name])
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 86_400:
        problems[name] = f"{values[name]!r} is not a number of seconds above 0 and below a day"
    return seconds


def _master_key(value: str, problems: dict[str, str]) -> bytes | None:
    if not value:
        return None
    try:
        key = base64.b64decode(value, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        problems["LASTMILE_MASTER_KEY"] = "not 32 bytes in base64"
    return key


def _url(name: str, values: Mapping[str, str], schemes: tuple[str, ...], problems: dict[str, str]) -> str:
    value = values.get(name, "")
    if value and urlsplit(value).scheme not in schemes:
        problems[name] = f"does not begin with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    return value


def _per_service(
    suffix: str, values: Mapping[str, str], schemes: tuple[str, ...], problems: dict[str, str]
) -> dict[str, str]:
    found = {}
    for service in SERVICES:
        value = _url(f"LASTMILE_{service.upper()}_{suffix}", values, schemes, problems)
        if value:
            found[service] = value
    return found


def _address(value: str, problems: dict[str, str]) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:
        problems["LASTMILE_HTTP_ADDRESS"] = f"{value!r} is not host:port"
        return "", 0
    return host, int(port)
