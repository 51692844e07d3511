"""How the gateway faces people: its public address, the proxies before it, and where else people may sign in."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

PUBLIC_URL, TRUSTED_PROXIES, THREADS = "LASTMILE_PUBLIC_URL", "LASTMILE_TRUSTED_PROXIES", "LASTMILE_GATEWAY_THREADS"
OIDC_ISSUER, OIDC_CLIENT_ID = "LASTMILE_OIDC_ISSUER", "LASTMILE_OIDC_CLIENT_ID"
OIDC_CLIENT_SECRET = "LASTMILE_OIDC_CLIENT_SECRET"  # noqa: S105 - the setting's name.
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_PROXIES, MOST_THREADS = 8, 64


@dataclass(frozen=True)
class SingleSignOn:
    """An OpenID Connect provider at which people of the station may sign in."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Facing:
    """What the gateway needs to know of the world before it."""

    public_url: str
    secure: bool
    """Whether browsers are to send cookies over TLS alone."""

    trusted_proxies: int
    threads: int
    single_sign_on: SingleSignOn | None


def read_facing(values: Mapping[str, str], problems: dict[str, str], *, production: bool) -> Facing:
    """The settings of the gateway alone; what is wrong with them goes into `problems`."""
    public_url = _web_address(PUBLIC_URL, values, problems, production=production)
    return Facing(
        public_url=public_url.rstrip("/"),
        secure=production or public_url.startswith("https://"),
        trusted_proxies=_count(TRUSTED_PROXIES, values, problems, 0, MOST_PROXIES),
        threads=_count(THREADS, values, problems, 1, MOST_THREADS),
        single_sign_on=_single_sign_on(values, problems, production=production),
    )


def _web_address(name: str, values: Mapping[str, str], problems: dict[str, str], *, production: bool) -> str:
    value = values[name]
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        problems[name] = "does not begin with https:// (or http://) and a host"
    elif production and parts.scheme == "http" and parts.hostname not in THIS_MACHINE:
        problems[name] = "production asks for https:// unless the host is this machine"
    return value


def _count(name: str, values: Mapping[str, str], problems: dict[str, str], least: int, most: int) -> int:
    value = values[name]
    if not value.isdecimal() or not least <= int(value) <= most:
        problems[name] = f"{value!r} is not a whole number from {least} to {most}"
        return least
    return int(value)


def _single_sign_on(values: Mapping[str, str], problems: dict[str, str], *, production: bool) -> SingleSignOn | None:
    given = {name: values[name] for name in (OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET)}
    if not any(given.values()):
        return None
    for name, value in given.items():
        if not value:
            problems[name] = "is needed with the other two of single sign-on"
    issuer = _web_address(OIDC_ISSUER, values, problems, production=production)
    return SingleSignOn(issuer, given[OIDC_CLIENT_ID], given[OIDC_CLIENT_SECRET])
