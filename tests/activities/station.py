"""The activities of one station on a real database, asked as its people ask."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import Order
from lastmile.kernel.store.following import Follower
from lastmile.kernel.store.keystore import Keystore
from lastmile.kernel.store.service import Definition, Resources, Service
from tests.activities.membership import FakeMembership

CODE = "110102017"
NOW = datetime(2017, 6, 1, 4, tzinfo=UTC)


class Station:
    """Activities, and the membership log that it hears."""

    def __init__(self, database: Database, keystore: Keystore, keys: LogKeys, definition: Definition) -> None:
        definition.tables.create_all(database.engine)
        self.service = Service(definition, Resources(database, keystore, keys, lambda: NOW))
        self.service.open_station(CODE)
        self.membership = FakeMembership(CODE)
        self._numbers = count(1)

    def tell(self, name: str, role: Role = Role.STATION_HEAD, station: str = CODE, **body: Any) -> dict[str, Any]:
        return self.service.command(
            Order(
                command_id=f"command-{next(self._numbers)}",
                station=station,
                name=name,
                body=body,
                identity=Identity("someone", role, CODE, "2099-01-01T00:00:00Z"),
            )
        )

    def ask(self, name: str, **parameters: Any) -> Any:
        identity = Identity("someone", Role.CLERK, CODE, "2099-01-01T00:00:00Z")
        return self.service.ask(name, identity, CODE, parameters)

    def publish(self, activity_id: str = "lecture", places: int = 2, planned_on: str = "2017-03-20") -> None:
        plan: dict[str, Any] = {
            "title": "春季传染病讲座",
            "kind": "lecture",
            "theme": "spring_infections",
            "by_card": True,
        }
        planned: dict[str, Any] = {"activity_id": activity_id, "places": places, "planned_on": planned_on}
        self.tell("PlanActivity", occurred_on="2017-03-01", **plan, **planned)
        self.tell("PublishActivity", activity_id=activity_id, occurred_on="2017-03-02")

    def swipe(self, card_number: str, activity_id: str = "lecture", on: str = "2017-03-20") -> dict[str, Any]:
        return self.tell("RecordSwipe", activity_id=activity_id, card_number=card_number, occurred_on=on)

    def token(self, card_number: str) -> str:
        return self.service.resources.keystore.master.blind("card number", card_number)

    def told(self) -> list[tuple[str, str]]:
        """Type and date of every event in the log, in order."""
        entries = [Entry.from_bytes(data) for data in self.service.entries(f"{CODE}/activities", 0, 1_000)]
        return [(entry.type, entry.occurred_on) for entry in entries]

    def follower(self, name: str) -> Follower:
        (found,) = (follower for follower in self.service.followers if follower.name == name)
        return found

    def hear(self, *followers: str) -> None:
        for name in followers or ("copies", "reactions"):
            self.follower(name).catch_up(self.membership)
