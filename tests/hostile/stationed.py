"""A station whose services, gateway and browsers are processes of their own, with one person in each role."""

import base64
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pyotp
from flask import Flask
from playwright.sync_api import BrowserContext, Playwright

from deploy.native import chromium_program
from lastmile.gateway import make_app
from lastmile.settings import read_settings
from tests.browser.conftest import ARGUMENTS
from tests.browser.people import Person
from tests.system.forking import ForkedDeployment
from tests.system.test_gateway import GatewayProcess

STATION, UNION = "110102017", "U002"
STATION_TIME, MORNING = ZoneInfo("Asia/Shanghai"), time(9, 30)
ROLES = ("clerk", "station_head", "chair", "accountant", "cashier", "district_auditor", "administrator")
WITH_SECOND_FACTOR = frozenset({"chair", "cashier"})
FIRST_PASSWORD, PASSWORD = "of the first day", "of every other day"


class Stationed:
    """Used as the tests of the browser use a site; what is opened is closed by `close`."""

    def __init__(self, deployment: ForkedDeployment, place: Path, playwright: Playwright, opened_on: date) -> None:
        self.deployment, self.place, self._playwright = deployment, place, playwright
        self._browsers: dict[str, BrowserContext] = {}
        self._secrets: dict[str, str] = {}
        deployment.home.mark_as_demo()  # So that the days of a notice can pass.
        self.set_date(opened_on)
        deployment.restart()
        deployment.change({})
        deployment.open_station(STATION)
        for role in ROLES:
            self._engage(role, opened_on.isoformat())
        self.gateway = GatewayProcess(deployment, place / "gateway.log")
        self.url = self.gateway.url
        self.app: Flask = make_app(read_settings(deployment.environment))

    def set_date(self, day: date, at: time = MORNING) -> None:
        self.deployment.home.set_clock(datetime.combine(day, at, STATION_TIME).astimezone(UTC), running=True)

    def account(self, role: str) -> Mapping[str, str]:
        now = self.deployment.home.clock()
        return {"name": f"某{role}", "code": pyotp.TOTP(self._secrets[role]).at(now) if role in self._secrets else ""}

    def person(self, role: str) -> Person:
        """Somebody of this role, signed in anew at their own browser."""
        if role not in self._browsers:
            profile = self.place / "profiles" / role
            self._browsers[role] = self._playwright.chromium.launch_persistent_context(
                profile, executable_path=chromium_program(), args=[*ARGUMENTS], base_url=self.url, locale="zh-CN"
            )
        context = self._browsers[role]
        context.add_cookies([{"name": "lastmile", "value": self.session(role), "url": self.url}])
        return Person(context.new_page(), looks=False)

    def session(self, role: str) -> str:
        asked = {"station": STATION, "account_name": role, "password": PASSWORD}
        answer = self.gateway.client.post("/api/v1/sessions", json=asked, headers={"Idempotency-Key": str(uuid4())})
        assert answer.is_success, answer.text
        token: str = answer.json()["token"]
        return token

    def rest(self, role: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.session(role)}"}, timeout=60)

    def tell(self, service: str, command: str, token: str = "", **body: Any) -> None:
        token = token or self.deployment.operator_token(STATION)
        rows = [(str(uuid4()), body)]
        (outcome,) = self.deployment.calls.tell(service, STATION, command, rows, token)
        assert outcome["status"] == "done", outcome

    def identity(self, role: str) -> str:
        asked = {"person_id": role, "role": role}
        operator = self.deployment.operator_token(STATION)
        token: str = self.deployment.calls.ask("access", STATION, "identity", asked, operator)["token"]
        return token

    def _engage(self, role: str, on: str) -> None:
        self.tell("access", "RegisterPerson", person_id=role, name=f"某{role}", occurred_on=on)
        self.tell("access", "GrantRole", person_id=role, role=role, occurred_on=on)
        self.tell("access", "OpenAccount", person_id=role, account_name=role, first_password=FIRST_PASSWORD)
        own = self.identity(role)
        self.tell("access", "ChangePassword", own, old=FIRST_PASSWORD, new=PASSWORD)
        if role in WITH_SECOND_FACTOR:
            secret = self._secrets[role] = base64.b32encode(secrets.token_bytes(20)).decode()
            code = pyotp.TOTP(secret).at(self.deployment.home.clock())
            self.tell("access", "EnrolSecondFactor", own, person_id=role, secret=secret, code=code)

    def browsers(self) -> Mapping[str, BrowserContext]:
        return self._browsers

    def close_browsers(self) -> None:
        """What they keep is written down by then."""
        for context in self._browsers.values():
            context.close()
        self._browsers.clear()

    def close(self) -> None:
        self.close_browsers()
        self.gateway.stop()
