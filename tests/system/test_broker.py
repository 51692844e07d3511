"""The broker stopped, away, without its queues, full of rubbish: commands go on and followers catch up."""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from deploy.native import Rabbit
from lastmile.kernel.wire.broker import DEAD, broker_channel
from lastmile.settings import LOG_SERVICES, SERVICES
from tests.eventually import eventually
from tests.system.forking import ForkedDeployment
from tests.system.news import (
    copied,
    counted,
    dead_letters,
    given_out,
    has_consumer,
    in_journal,
    in_logs,
    publish,
    stopped,
)
from tests.system.station import Station

FOLLOWERS_OF_MEMBERSHIP = (
    ("activities", "copies"),
    ("activities", "reactions"),
    ("relief", "reactions"),
    ("membership", "reactions"),
    ("membership", "erasures"),
    ("reporting", "journal"),
)
QUEUES = tuple(f"{service}.{follower}" for service, follower in FOLLOWERS_OF_MEMBERSHIP)
RUBBISH = b"\xff\xfe this is no entry"
REPEATS = 4


@pytest.fixture
def broker_away(rabbit: Rabbit) -> Iterator[Rabbit]:
    """The broker, killed; it is back when the test ends at the latest."""
    getattr(rabbit, "kill", rabbit.pause)()
    yield rabbit
    rabbit.start()


def test_while_the_broker_is_away_commands_go_on_and_a_service_even_starts(
    deployment: ForkedDeployment, station: Station, broker_away: Rabbit
) -> None:
    station.enrol(1)
    deployment.restart("activities", "relief")
    station.enrol(2)
    for name in SERVICES:
        eventually(lambda name=name: str(deployment.ready(name)["broker"]).startswith("away"), seconds=60)  # type: ignore[misc]
        assert deployment.ready(name)["ready"] is True
    eventually(lambda: copied(station) == given_out(station) and len(given_out(station)) == 2, seconds=60)
    eventually(lambda: in_journal(station) == in_logs(station), seconds=60)

    broker_away.start()
    eventually(lambda: all(deployment.ready(name)["broker"] == "there" for name in SERVICES), seconds=60)
    _news_flow(station, 3)


def test_a_queue_that_was_deleted_comes_back_and_news_flow_again(
    deployment: ForkedDeployment, station: Station
) -> None:
    _news_flow(station, 10)
    with broker_channel(deployment.environment["LASTMILE_AMQP_URI"]) as channel:
        for queue in QUEUES:
            channel.queue_delete(queue)
    station.enrol(11)
    eventually(lambda: copied(station) == given_out(station), seconds=60)
    eventually(lambda: in_journal(station) == in_logs(station), seconds=60)
    for queue in QUEUES:
        eventually(lambda queue=queue: has_consumer(deployment, queue), seconds=60)  # type: ignore[misc]
    _news_flow(station, 12)


def test_without_any_broker_pulling_alone_is_enough(deployment: ForkedDeployment, station: Station) -> None:
    with ExitStack() as afterwards:
        afterwards.callback(deployment.restart)
        afterwards.enter_context(_environment(deployment, LASTMILE_AMQP_URI=""))
        deployment.restart()
        assert {deployment.ready(name)["broker"] for name in SERVICES} == {"not used"}
        station.tell("activities", "RecordSwipe", activity_id="lecture", card_number="card-20")
        person_id = station.enrol(20)
        station.tell("relief", "OpenCase", person_id=person_id, category="deep", persons=1)
        station.tell("membership", "LeaveUnion", person_id=person_id)
        eventually(lambda: "CaseMembershipEnded" in types(station, "relief"), seconds=60)
        eventually(lambda: "CardSwiped" in types(station, "activities"), seconds=60)
        eventually(lambda: "CardUnbound" in types(station, "membership"), seconds=60)
        eventually(lambda: in_journal(station) == in_logs(station), seconds=60)


def test_bytes_that_are_no_entry_go_to_the_dead_letters_and_stop_nothing(
    deployment: ForkedDeployment, station: Station
) -> None:
    eventually(lambda: has_consumer(deployment, "activities.copies"), seconds=60)
    before = counted(deployment, "activities", "dead")
    with broker_channel(deployment.environment["LASTMILE_AMQP_URI"]) as channel:
        channel.queue_purge(DEAD)
        publish(channel, station, RUBBISH)
        publish(channel, station, b'{"log": "110102001/membership", "position": "one"}')
        found = eventually(lambda: dead_letters(channel, 2), seconds=60)
    assert RUBBISH in found
    eventually(lambda: counted(deployment, "activities", "dead") >= before + 2, seconds=60)
    _news_flow(station, 30)
    assert stopped(deployment, station) == []


def test_an_entry_that_does_not_continue_its_log_stops_that_log_alone_until_it_is_replayed(
    deployment: ForkedDeployment, station: Station, station_numbers: Iterator[int]
) -> None:
    other = Station.opened(deployment, f"110102{next(station_numbers):03}")
    station.enrol(40)
    deployment.settle()
    end = station.entries("membership")[-1]
    forged = replace(end, position=end.position + 1, previous="00" * 32, event_id="forged", type="MemberLeft")
    with broker_channel(deployment.environment["LASTMILE_AMQP_URI"]) as channel:
        publish(channel, station, forged.to_bytes())
    hit = {f"{service}.{name}" for service, name in FOLLOWERS_OF_MEMBERSHIP}
    eventually(lambda: {f"{s['service']}.{s['follower']}" for s in stopped(deployment, station)} >= hit, seconds=60)
    for stop in stopped(deployment, station):
        assert (stop["log"], stop["position"]) == (end.log, end.position + 1), stop
        assert "history was replaced" in stop["because"]
        listed: Any = deployment.ready(stop["service"])["stops"]
        assert (stop["follower"], stop["log"]) in [(row["follower"], row["log"]) for row in listed]

    station.enrol(41)
    other.enrol(42)
    eventually(lambda: copied(other) == given_out(other), seconds=60)
    assert len(copied(station)) == 1

    for stop in stopped(deployment, station):
        followers = deployment.composition.service(stop["service"]).followers
        next(follower for follower in followers if follower.name == stop["follower"]).replay(stop["log"])
    eventually(lambda: copied(station) == given_out(station), seconds=60)
    eventually(lambda: in_journal(station) == in_logs(station), seconds=60)
    assert stopped(deployment, station) == []
    assert "forged" not in [event_id for *_, event_id in copied(station)]


def test_messages_that_come_again_and_in_any_order_change_nothing(
    deployment: ForkedDeployment, station: Station
) -> None:
    station.tell("activities", "RecordSwipe", activity_id="lecture", card_number="card-50")
    for number in range(50, 56):
        person_id = station.enrol(number)
        station.tell("relief", "OpenCase", person_id=person_id, category="deep", persons=1)
        if number % 2:
            station.tell("membership", "LeaveUnion", person_id=person_id)
    deployment.settle()
    before = in_logs(station), copied(station), in_journal(station)
    taken = counted(deployment, "reporting", "taken")

    messages = [data for service in LOG_SERVICES for data in station.data(service)] * REPEATS
    random.Random(50).shuffle(messages)
    with broker_channel(deployment.environment["LASTMILE_AMQP_URI"]) as channel:
        for data in messages:
            publish(channel, station, data)
    eventually(lambda: counted(deployment, "reporting", "taken") >= taken + len(messages), seconds=60)
    deployment.settle()
    assert (in_logs(station), copied(station), in_journal(station)) == before
    assert stopped(deployment, station) == []


def test_a_reporting_that_is_started_last_keeps_the_same_journal(
    deployment: ForkedDeployment, station: Station, postgres_database: str
) -> None:
    station.enrol(60)
    deployment.settle()
    kept = in_journal(station)
    figures = deployment.composition.reporting().report(station.code, 2017)["figures"]
    deployment.stop_one("reporting")
    station.tell("access", "RegisterPerson", person_id="late", name="王某")
    with _environment(deployment, LASTMILE_REPORTING_DATABASE_URL=postgres_database):
        deployment.composition.migrate(("reporting",))
        deployment.start_one("reporting")
        deployment.settle()
        assert in_journal(station) == in_logs(station)
        assert kept.items() < in_journal(station).items()
        assert deployment.composition.reporting().report(station.code, 2017)["figures"] == figures
        deployment.stop_one("reporting")
    deployment.start_one("reporting")


def _news_flow(station: Station, number: int) -> None:
    """A new card reaches activities as a message."""
    before = counted(station.deployment, "activities", "taken")
    station.enrol(number)
    eventually(lambda: counted(station.deployment, "activities", "taken") > before, seconds=60)
    eventually(lambda: copied(station) == given_out(station), seconds=60)


@contextmanager
def _environment(deployment: ForkedDeployment, **variables: str) -> Iterator[None]:
    """What is started within has these settings, and so has the deployment's own composition."""
    before, composition = dict(deployment.environment), deployment.composition
    deployment.change(variables)
    try:
        yield
    finally:
        deployment.environment, deployment.composition = before, composition


def types(station: Station, service: str) -> list[str]:
    return [entry.type for entry in station.entries(service)]
