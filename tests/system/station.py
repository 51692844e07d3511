"""The people of a station, who ask over HTTP; and what the logs say afterwards."""

from datetime import date
from itertools import count
from typing import Any

import httpx

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.log import entries_after
from tests.eventually import eventually
from tests.system.forking import ForkedDeployment

TODAY = "2017-03-20"
ANSWER_SECONDS = 30
KEY_STORE_OPENS = "the key store is not open"
NOT_ACKNOWLEDGED = (429, 502, 503, 504)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643: what each digit weighs in the check digit."""


def identity_number(number: int) -> str:
    """The identity number of an invented person, under an area code that is not assigned."""
    born = date.fromordinal(date(1960, 1, 1).toordinal() + number // 1_000)
    begins = f"999999{born:%Y%m%d}{number % 1_000:03}"
    rest = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, begins, strict=True)) % 11
    return begins + "10X98765432"[rest]


class Station:
    """One station of a deployment."""

    def __init__(self, deployment: ForkedDeployment, code: str) -> None:
        self.deployment, self.code = deployment, code
        self.client = httpx.Client(timeout=ANSWER_SECONDS)
        self.asked = count(1)
        self._tokens: dict[tuple[Role, str], str] = {}

    @staticmethod
    def opened(deployment: ForkedDeployment, code: str) -> "Station":
        """A new station with one union and one published activity."""
        station = Station(deployment, code)
        deployment.open_station(code)
        union = {"union_id": "union", "name": "工会", "kind": "single", "community": "community"}
        station.tell("membership", "RegisterUnion", **union)
        lecture = {"activity_id": "lecture", "title": "讲座", "kind": "lecture", "theme": "health", "by_card": True}
        station.tell("activities", "PlanActivity", **lecture, places=100_000, planned_on=TODAY)
        station.tell("activities", "PublishActivity", activity_id="lecture")
        return station

    def token(self, role: Role = Role.CLERK, station: str = "", expires_at: str = "2099-01-01T00:00:00Z") -> str:
        identity = Identity(str(role), role, station or self.code, expires_at, confirmed_until="9999-12-31T00:00:00Z")
        return sign_identity(identity, self.deployment.home.identity_key())

    def url(self, service: str) -> str:
        return self.deployment.environment[f"LASTMILE_{service.upper()}_URL"]

    def post(self, service: str, command: str, body: Any, command_id: str, token: str = "") -> httpx.Response:
        """Ask once, over the service's door."""
        headers = {"Authorization": f"Bearer {token or self._known_token(command)}", "Idempotency-Key": command_id}
        path = f"{self.url(service)}/stations/{self.code}/commands/{command}"
        return self.client.post(path, json=body, headers=headers)

    def _known_token(self, command: str) -> str:
        role = {"RegisterPerson": Role.ADMINISTRATOR, "ErasePerson": Role.STATION_HEAD}.get(command, Role.CLERK)
        key = (role, self.code)
        if key not in self._tokens:
            self._tokens[key] = self.token(role)
        return self._tokens[key]

    def tell(self, service: str, command: str, **body: Any) -> dict[str, Any]:
        """Ask a command with a new id, dated TODAY unless the body says otherwise; it must be done.

        A service that was just started is asked again until its key store is open.
        """
        command_id = f"command-{next(self.asked)}"

        def answered() -> httpx.Response | None:
            response = self.post(service, command, {"occurred_on": TODAY, **body}, command_id)
            return None if KEY_STORE_OPENS in response.text else response

        response = eventually(answered, seconds=ANSWER_SECONDS)
        assert response is not None
        assert response.is_success, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def enrol(self, number: int) -> str:
        """Register an invented person as a member with a card; the person id."""
        person = {"name": f"李{number}", "identity_number": identity_number(number)}
        answer = self.tell("membership", "RegisterMember", union_id="union", **person)
        person_id: str = answer["stream"].rpartition("/")[2]
        self.tell("membership", "IssueCard", person_id=person_id, card_number=f"card-{number}")
        return person_id

    def data(self, service: str) -> list[bytes]:
        """The bytes of every entry of the station's log in a service, in order, read from its database."""
        database = Database(self.deployment.composition.database_url(service), pooled=False)
        found: list[bytes] = []
        with database.read() as connection:
            while more := entries_after(connection, f"{self.code}/{service}", len(found), 10_000):
                found += more
        return found

    def entries(self, service: str) -> list[Entry]:
        return [Entry.from_bytes(data) for data in self.data(service)]
