"""How a station's people come to work over REST: let in by the administrator, past their first password."""

from dataclasses import dataclass
from typing import Self

from lastmile.station import Administrator
from tests.gateway.api.journeys.door import Caller, code_of, sign_in

FIRST_PASSWORD, OWN_PASSWORD = "words for the first day", "words of one's own choice"


@dataclass
class Office:
    """A served station and its administrator."""

    url: str
    administrator: Caller
    day: str

    @classmethod
    def opened(cls, url: str, made: Administrator) -> Self:
        """The administrator's first sign-in."""
        administrator = first_sign_in(url, made.account_name, made.first_password)
        return cls(url, administrator, granted_on(administrator, made.person_id))

    def let_in(self, name: str, *roles: str) -> Caller:
        """Register somebody who works here in these roles, and sign in as them."""
        person, on = {"person_id": name}, {"occurred_on": self.day}
        self.administrator.tell("access/person:register-person", **person, name=name, **on)
        for role in roles:
            self.administrator.tell("access/role:grant-role", **person, role=role, **on)
        account = {"account_name": name, "first_password": FIRST_PASSWORD}
        self.administrator.tell("access/account:open-account", **person, **account)
        return first_sign_in(self.url, name, FIRST_PASSWORD)


def first_sign_in(url: str, account_name: str, first_password: str) -> Caller:
    """Nothing is opened by a first password but the choice of another."""
    first = sign_in(url, account_name, first_password)
    assert code_of(first.get("/stations/110102017/membership/unions")) == "password-change-needed"
    first.tell("access/account:change-password", old=first_password, new=OWN_PASSWORD)
    return sign_in(url, account_name, OWN_PASSWORD)


def granted_on(administrator: Caller, person_id: str) -> str:
    """The day on which the station was made."""
    events = administrator.ask("access/history", aggregate="role", key=person_id)["events"]
    day: str = events[0]["occurred_on"]
    return day
