"""What a demo home shows and no other home has: how people and systems sign in, and a clock that can be set."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pyotp

from lastmile.home import Home

ACCOUNTS_FILE, SYSTEMS_FILE = "accounts.json", "systems.json"


@dataclass(frozen=True)
class DemoAccount:
    """An account of an invented person, and all that is needed to sign in to it."""

    station: str
    account_name: str
    password: str
    role: str
    name: str
    secret: str
    """Of the second factor; empty if none was enrolled."""

    def code(self, now: datetime) -> str:
        """The code of the second factor at this moment."""
        return pyotp.TOTP(self.secret).at(now) if self.secret else ""


@dataclass(frozen=True)
class DemoSystem:
    """A system that is registered, and all that it needs to sign in over REST."""

    station: str
    client_id: str
    client_secret: str
    role: str
    name: str
    scopes: str


class Demo:
    """A demo home as the console shows it. Raises PermissionError for any other home."""

    def __init__(self, home: Home) -> None:
        if not home.is_demo:
            raise PermissionError(f"{home.path} is not marked as a demo")
        self._home = home
        self._held = [DemoAccount(**kept) for kept in _read(home.path / ACCOUNTS_FILE)]
        self._systems = [DemoSystem(**kept) for kept in _read(home.path / SYSTEMS_FILE)]

    def clock(self) -> datetime:
        return self._home.clock()

    def set_clock(self, moment: datetime) -> None:
        """The clock goes on from there."""
        self._home.set_clock(moment, running=True)

    def accounts(self) -> list[dict[str, str]]:
        """Who can sign in, with the code of the second factor right now."""
        now = self.clock()
        return [{**asdict(account), "code": account.code(now)} for account in self._held]

    def systems(self) -> list[DemoSystem]:
        """Which systems can sign in."""
        return self._systems


def demo_of(home: Home) -> Demo | None:
    """The demo in this home, or None: nothing of it is possible elsewhere."""
    return Demo(home) if home.is_demo else None


def keep_accounts(home: Home, accounts: list[DemoAccount]) -> None:
    """Write down, in a demo home alone, how people sign in to it."""
    _keep(home, ACCOUNTS_FILE, [asdict(account) for account in accounts])


def keep_systems(home: Home, systems: list[DemoSystem]) -> None:
    """Write down, in a demo home alone, how systems sign in to it."""
    _keep(home, SYSTEMS_FILE, [asdict(system) for system in systems])


def _keep(home: Home, name: str, kept: list[dict[str, str]]) -> None:
    if not home.is_demo:
        raise PermissionError(f"{home.path} is not marked as a demo: no password is written down")
    (home.path / name).write_text(json.dumps(kept, ensure_ascii=False, indent=1))


def _read(path: Path) -> list[dict[str, str]]:
    kept: list[dict[str, str]] = json.loads(path.read_text()) if path.exists() else []
    return kept
