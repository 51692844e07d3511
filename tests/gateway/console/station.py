"""A station in a real home, whose people sign in under their roles."""

from dataclasses import dataclass

from flask import Flask

from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Role
from services.gateway.console.showing import STATION_TIME
from services.gateway.session import COOKIE
from tests.gateway.api.people import StandInAccess
from tests.gateway.console.person import Person
from tests.membership.station import identity_number


@dataclass
class Station:
    """One of many in a home, so that each test has its own; its code ends in 900 or more."""

    code: str
    home: Embedded
    access: StandInAccess
    app: Flask

    @property
    def household(self) -> str:
        """The id of a household of this station's own."""
        return f"0190-zhao-{self.code}"

    def number(self, number: int) -> str:
        """An identity number of this station's own people: nobody is a member twice."""
        return identity_number(number, f"1{self.code[-3:]}0101")

    @property
    def today(self) -> str:
        return self.home.home.clock().astimezone(STATION_TIME).date().isoformat()

    def person(self, role: Role = Role.CLERK, person_id: str = "") -> Person:
        token = f"secret of {person_id or role} as {role} at {self.code}"
        self.access.let_in(token, role, self.code, person_id)
        client = self.app.test_client()
        client.set_cookie(COOKIE, token)
        return Person(client, f"/stations/{self.code}")
