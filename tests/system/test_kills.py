"""kill -9 of every service, a hundred times, while a station works: nothing acknowledged is lost or counted twice."""

import random
import threading
from collections import Counter
from typing import Any

import httpx
from sqlalchemy import select

from lastmile.cli.verification import verify_home
from lastmile.kernel.store.database import Database
from lastmile.settings import LOG_SERVICES, SERVICES
from services.activities.views.card_holders import card_holders
from services.reporting.tables import journal
from tests.eventually import eventually
from tests.system.conftest import MakeDeployment
from tests.system.station import NOT_ACKNOWLEDGED, TODAY, Station, identity_number

ROUNDS = 21
KILLS = ROUNDS * len(SERVICES)
SEED = 20170320
CLERKS = 3
LONGEST_PAUSE_SECONDS = 0.15
COMMANDS_BETWEEN_ROUNDS = 8


class Unexpected(Exception):
    """An answer that is neither the deed nor that the service is away."""


class Clerk(threading.Thread):
    """Enters one member after the other, and asks each command under its id until it is acknowledged."""

    def __init__(self, station: Station, numbers: range, stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self.station, self.numbers, self.stopping = station, iter(numbers), stopping
        self.answers: dict[str, tuple[str, dict[str, Any]]] = {}
        self.failed: Exception | None = None
        self.unanswered = 0
        self.enrolled: list[int] = []
        self.left: list[str] = []

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                self._enrol(next(self.numbers))
        except Exception as error:
            self.failed = error

    def _enrol(self, number: int) -> None:
        person = {"union_id": "union", "name": f"李{number}", "identity_number": identity_number(number)}
        stream = self._insist(f"member-{number}", "membership", "RegisterMember", **person)["stream"]
        person_id, card = stream.rpartition("/")[2], f"card-{number}"
        if number % 2:  # The swipe of a card that the station has not heard of yet.
            self._insist(f"swipe-{number}", "activities", "RecordSwipe", activity_id="lecture", card_number=card)
        self._insist(f"card-{number}", "membership", "IssueCard", person_id=person_id, card_number=card)
        self._insist(f"case-{number}", "relief", "OpenCase", person_id=person_id, category="deep", persons=3)
        if not number % 2:
            self._insist(f"swipe-{number}", "activities", "RecordSwipe", activity_id="lecture", card_number=card)
        if not number % 3:
            self._insist(f"leave-{number}", "membership", "LeaveUnion", person_id=person_id)
            self.left.append(person_id)
        self._insist(f"person-{number}", "access", "RegisterPerson", person_id=f"person-{number}", name="王某")
        self.enrolled.append(number)

    def _insist(self, command_id: str, service: str, command: str, **body: Any) -> dict[str, Any]:
        """A process may die before, in and after its commit: the same id is asked again until there is an answer."""
        while True:
            try:
                response = self.station.post(service, command, {"occurred_on": TODAY, **body}, command_id)
            except httpx.TransportError:
                self.unanswered += 1
                self.stopping.wait(0.02)
                continue
            if response.is_success:
                answer: dict[str, Any] = response.json()
                self.answers[command_id] = (service, answer)
                return answer
            if response.status_code not in NOT_ACKNOWLEDGED:
                raise Unexpected(f"{command_id}: {response.status_code} {response.text}")
            self.stopping.wait(0.02)


def test_a_hundred_kills_lose_nothing_that_was_acknowledged_and_count_nothing_twice(
    make_deployment: MakeDeployment,
) -> None:
    deployment = make_deployment()
    station = Station.opened(deployment, "110102017")
    stopping, dice = threading.Event(), random.Random(SEED)
    clerks = [Clerk(station, range(first * 10_000, (first + 1) * 10_000), stopping) for first in range(CLERKS)]
    for clerk in clerks:
        clerk.start()

    def done() -> int:
        for clerk in clerks:
            if clerk.failed:
                raise clerk.failed
        return sum(len(clerk.answers) for clerk in clerks)

    killed: Counter[str] = Counter()
    for _ in range(ROUNDS):
        before = done()
        eventually(lambda before=before: done() >= before + COMMANDS_BETWEEN_ROUNDS, seconds=120)  # type: ignore[misc]
        for name in dice.sample(SERVICES, len(SERVICES)):
            threading.Event().wait(dice.uniform(0, LONGEST_PAUSE_SECONDS))  # The random moment.
            deployment.kill(name)
            deployment.start_one(name, wait=False)
            killed[name] += 1
        for name in SERVICES:
            deployment.wait_until_alive(name)
    stopping.set()
    for clerk in clerks:
        clerk.join(timeout=120)
        assert not clerk.is_alive()
    deployment.settle()

    assert killed.total() == KILLS >= 100
    assert sum(clerk.unanswered for clerk in clerks) > 0
    assert not [clerk.failed for clerk in clerks if clerk.failed]
    _each_acknowledged_once(station, clerks)
    _each_reaction_once(station, clerks)
    _followers_hold_the_same(station)
    _figures_count_each_once(station, clerks)
    outcome = verify_home(deployment.composition, (), 1)
    assert outcome.holds, outcome.as_json()


def _each_acknowledged_once(station: Station, clerks: list[Clerk]) -> None:
    for service in LOG_SERVICES:
        entries = station.entries(service)
        assert [entry.position for entry in entries] == list(range(1, len(entries) + 1))
        by_id = {entry.event_id: entry for entry in entries}
        written = Counter(entry.command_id for entry in entries)
        for clerk in clerks:
            for command_id, (asked, answer) in clerk.answers.items():
                if asked == service:
                    (event_id,) = answer["event_ids"]
                    assert by_id[event_id].position == answer["position"]
                    assert by_id[event_id].command_id == command_id
                    assert written[command_id] == 1
        asked_here = {id_ for clerk in clerks for id_, (asked, _) in clerk.answers.items() if asked == service}
        ours = {id_ for id_ in written if not id_.startswith(("when_", "command-"))}
        assert ours == asked_here


def _each_reaction_once(station: Station, clerks: list[Clerk]) -> None:
    enrolled = sum(len(clerk.enrolled) for clerk in clerks)
    left = sorted(person_id for clerk in clerks for person_id in clerk.left)

    def of(service: str, kind: str, member: str = "person_id") -> list[str]:
        return sorted(entry.payload[member] for entry in station.entries(service) if entry.type == kind)

    swiped = of("activities", "CardSwiped", "card_token")
    assert len(swiped) == len(set(swiped)) == enrolled
    assert of("membership", "CardUnbound") == left
    assert of("relief", "CaseMembershipEnded") == left


def _followers_hold_the_same(station: Station) -> None:
    parts = station.deployment.composition
    with Database(parts.database_url("activities"), pooled=False).read() as connection:
        copied = {(row.position, row.person_id) for row in connection.execute(select(card_holders))}
    issued = [entry for entry in station.entries("membership") if entry.type == "CardIssued"]
    assert copied == {(entry.position, entry.payload["person_id"]) for entry in issued}
    with Database(parts.database_url("reporting"), pooled=False).read() as connection:
        query = select(journal.c.log, journal.c.position, journal.c.entry)
        kept = {(row.log, row.position): bytes(row.entry) for row in connection.execute(query)}
    logs = {
        (f"{station.code}/{service}", position): data
        for service in LOG_SERVICES
        for position, data in enumerate(station.data(service), 1)
    }
    assert kept == logs


def _figures_count_each_once(station: Station, clerks: list[Clerk]) -> None:
    enrolled, left = sum(len(clerk.enrolled) for clerk in clerks), sum(len(clerk.left) for clerk in clerks)
    reporting = station.deployment.composition.reporting()
    values = {figure["key"]: figure["value"] for figure in reporting.report(station.code, 2017)["figures"]}
    expected = {
        "card_swipes": enrolled,
        "attendees": enrolled,
        "cases_on_file": enrolled,
        "members": enrolled - left,
        "members_with_card": enrolled - left,
        "members_gone": left,
    }
    assert {key: values[key] for key in expected} == expected
    explained = reporting.explain("card_swipes", station.code, 2017)["events"]
    assert len({event["event_id"] for event in explained}) == len(explained) == enrolled
