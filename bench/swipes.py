"""What a swipe costs at the beginning of an activity's list and at its end, through the activities service."""

from datetime import UTC, date, datetime
from functools import partial
from statistics import median

from sqlalchemy import insert

from bench.append import BACKENDS
from bench.measure import Bar, Row, seconds
from bench.place import Place
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import Answer, Order
from lastmile.kernel.store.keystore import Keystore, MasterKey
from lastmile.kernel.store.migrating import KEYSTORE_MIGRATIONS, upgrade
from lastmile.kernel.store.service import Resources, Service
from services.activities.api import ACTIVITIES
from services.activities.views.card_holders import STILL_LIVE, card_holders

STATION = "110102017"
CLERK = Identity("li", Role.CLERK, STATION, "9999-12-31T00:00:00Z")
DAY = date(2017, 5, 20)
AROUND = 9
"""Swipes before and behind the one in question whose costs give the median."""


class Swiping:
    """The activities service with an activity that is open for swipes and a copy of who holds which card."""

    def __init__(self, service: Service, cards: int) -> None:
        self.service = service
        master = service.resources.keystore.master
        service.open_station(STATION)
        holders = [
            {
                "station": STATION,
                "card_token": master.blind("card number", card_number(number)),
                "position": number,
                "person_id": f"person-{number}",
                "live_from": "2017-01-01",
                "live_until": STILL_LIVE,
            }
            for number in range(1, cards + 1)
        ]
        with service.database.write() as connection:
            connection.execute(insert(card_holders), holders)

    def open(self, activity_id: str) -> None:
        """Plan and publish an activity."""
        planned = {
            "activity_id": activity_id,
            "title": "春季健步走",
            "kind": "hike",
            "theme": "spring",
            "planned_on": DAY.isoformat(),
            "by_card": True,
            "places": 10**6,
            "occurred_on": DAY.isoformat(),
        }
        self._tell("PlanActivity", f"plan {activity_id}", planned)
        self._tell(
            "PublishActivity", f"publish {activity_id}", {"activity_id": activity_id, "occurred_on": DAY.isoformat()}
        )

    def swipe(self, activity_id: str, number: int) -> None:
        """One swipe as a command of its own."""
        self.service.command(swipe_order(activity_id, number))

    def swipe_many(self, activity_id: str, numbers: range) -> None:
        """The same swipes as a file."""
        outcomes = self.service.commands([swipe_order(activity_id, number) for number in numbers])
        assert all(isinstance(outcome, dict) for outcome in outcomes), outcomes[0]

    def _tell(self, name: str, command_id: str, body: dict[str, object]) -> Answer:
        return self.service.command(Order(command_id=command_id, station=STATION, name=name, body=body, identity=CLERK))


def card_number(number: int) -> str:
    return f"C{number:08d}"


def swipe_body(activity_id: str, number: int) -> dict[str, str]:
    return {"activity_id": activity_id, "card_number": card_number(number), "occurred_on": DAY.isoformat()}


def swipe_order(activity_id: str, number: int) -> Order:
    body = swipe_body(activity_id, number)
    return Order(command_id=f"{activity_id} {number}", station=STATION, name="RecordSwipe", body=body, identity=CLERK)


def rows(place: Place) -> list[Row]:
    """One row a database."""
    return [_row(place, backend) for backend in BACKENDS]


def _row(place: Place, backend: str) -> Row:
    last = place.of(10_000, 1_000)
    late, early = [], []
    for _ in range(max(place.repetitions, 5)):
        first_cost, last_cost = _one_activity(place, backend, last)
        early.append(first_cost)
        late.append(last_cost)
    return Row(
        what=f"swipe no. {last:,} of one activity, {backend}",
        unit="ms",
        ours=late,
        peer_name="swipe no. 10 of the same activity",
        peer=early,
        bar=Bar(1.5, least=False),
    )


def _one_activity(place: Place, backend: str, last: int) -> tuple[float, float]:
    """Milliseconds of swipe no. 10 and of the last, each the median of those around it."""
    database, keys = Database(place.database(backend, "swipes")), Database(place.sqlite("keys"))
    upgrade(database, ACTIVITIES.migrations)
    upgrade(keys, KEYSTORE_MIGRATIONS)
    resources = Resources(
        database,
        Keystore(keys, MasterKey(bytes(range(32)))),
        LogKeys(place.directory("keys")),
        lambda: datetime.now(UTC),
    )
    swiping = Swiping(Service(ACTIVITIES, resources), last + AROUND)
    swiping.open("before")
    for number in range(1, 31):
        swiping.swipe("before", number)
    swiping.open("walk")
    early = _median_cost(swiping, range(1, 10 + AROUND + 1))
    swiping.swipe_many("walk", range(10 + AROUND + 1, last - AROUND))
    late = _median_cost(swiping, range(last - AROUND, last + AROUND + 1))
    database.close()
    keys.close()
    return early, late


def _median_cost(swiping: Swiping, numbers: range) -> float:
    return 1_000 * median(seconds(partial(swiping.swipe, "walk", number)) for number in numbers)
