"""The demo's year, served to a browser as `lastmile serve` serves it, at a date that the test chooses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
from flask import Flask

from lastmile.demo import Demo
from lastmile.embedded import Embedded
from lastmile.serving import served
from lastmile.settings import read_settings
from tests.eventually import ANSWERED_WITHIN_SECONDS

STATION = "110102017"
STATION_TIME = ZoneInfo("Asia/Shanghai")
MORNING = time(9, 30)
NEW_YEAR = date(2018, 1, 8)
"""A Monday after the year, unless a test asks for another day."""


@dataclass
class Site:
    """A served home."""

    url: str
    home: Embedded
    demo: Demo
    app: Flask

    def set_date(self, day: date, at: time = MORNING) -> None:
        """Let it be this moment at the station, in the home and for whoever looks at it."""
        self.demo.set_clock(datetime.combine(day, at, STATION_TIME).astimezone(UTC))

    def settle(self) -> None:
        """Let followers apply what was written."""
        self.home.settle()

    def account(self, role: str) -> dict[str, str]:
        """The account of whoever holds this role first, with the code of the second factor right now."""
        return next(account for account in self.demo.accounts() if account["role"] == role)

    def session(self, role: str) -> str:
        """The secret of a new session of this role, as REST gives it."""
        account = self.account(role)
        answer = httpx.post(
            f"{self.url}/api/v1/sessions",
            json={name: account[name] for name in ("station", "account_name", "password")},
            headers={"Idempotency-Key": str(uuid4())},
            timeout=ANSWERED_WITHIN_SECONDS,
        )
        assert answer.is_success, answer.text
        token: str = answer.json()["token"]
        return token


@contextmanager
def site_of(path: Path, day: date = NEW_YEAR, **settings: str) -> Iterator[Site]:
    """Serve the home at `path` under these settings."""
    home = Embedded(read_settings(settings, home=path))
    try:
        with served(home) as running:
            site = Site(running.url, home, Demo(home.home), running.app)
            site.set_date(day)
            yield site
    finally:
        home.close()
