"""The people of the demo over REST: each signs in in a role that they hold, with a second factor where it is asked."""

import base64
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha1

import pyotp

from tests.browser.site import Site
from tests.gateway.api.journeys.door import STATION, Caller, sign_in

A_MINUTE = timedelta(minutes=1)
"""A code counts once; a minute later there is another."""


class Hands:
    """Everybody who has an account in the demo, by its name."""

    def __init__(self, site: Site) -> None:
        self._site = site
        accounts = site.demo.accounts()
        self._passwords = {account["account_name"]: account["password"] for account in accounts}
        self._secrets = {account["account_name"]: account["secret"] for account in accounts}

    def of(self, account_name: str, role: str) -> Caller:
        """Somebody who signs in and acts in this role."""
        return sign_in(self._site.url, account_name, self._passwords[account_name], role)

    def confirmed(self, account_name: str, role: str) -> Caller:
        """Somebody in this role who has just given their second factor."""
        person = self.of(account_name, role)
        answer = person.confirm(self.code(account_name))
        assert answer.status_code == 200, answer.text
        return person

    def code(self, account_name: str) -> str:
        """A code of their second factor that was not used before."""
        self._site.demo.set_clock(self._site.demo.clock() + A_MINUTE)
        return pyotp.TOTP(self._secrets[account_name]).at(self._site.demo.clock())

    def grant(self, account_name: str, roles: Iterable[str], on: str) -> None:
        """Let the administrator give somebody more roles; who has no second factor enrols one."""
        administrator, person_id = self.of("administrator", "administrator"), self.person_id(account_name)
        for role in roles:
            given = {"person_id": person_id, "role": role, "occurred_on": on}
            administrator.tell("access/role:grant-role", **given)
        if not self._secrets[account_name]:
            self._enrol(account_name, person_id)

    def person_id(self, account_name: str) -> str:
        return f"{STATION}.{account_name}"

    def _enrol(self, account_name: str, person_id: str) -> None:
        digest = sha1(account_name.encode(), usedforsecurity=False).digest()
        self._secrets[account_name] = secret = base64.b32encode(digest).decode()
        (own,) = (account["role"] for account in self._site.demo.accounts() if account["account_name"] == account_name)
        enrolled = {"person_id": person_id, "secret": secret, "code": self.code(account_name)}
        self.of(account_name, own).tell("access/second-factor:enrol-second-factor", **enrolled)
