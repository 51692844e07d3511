"""What a station's logs tell, what was made of it elsewhere, and the messages in between."""

from typing import Any

import amqp
from sqlalchemy import select

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.store.database import Database
from lastmile.kernel.wire.broker import BROKER_TROUBLE, DEAD, NEWS, broker_channel
from lastmile.settings import LOG_SERVICES
from lastmile.standing import standing
from services.activities.views.card_holders import card_holders
from services.reporting.tables import journal
from tests.system.forking import ForkedDeployment
from tests.system.station import Station


def counted(deployment: ForkedDeployment, service: str, what: str) -> int:
    counts: Any = deployment.ready(service)["counts"]
    return int(counts.get(what, 0))


def given_out(station: Station) -> set[tuple[int, str, str]]:
    """Every card that the station's membership log says was issued: position, person, type."""
    return {
        (entry.position, entry.payload["person_id"], entry.payload["card_token"])
        for entry in station.entries("membership")
        if entry.type == "CardIssued"
    }


def copied(station: Station) -> set[tuple[int, str, str]]:
    """The same, as activities copied it."""
    database = Database(station.deployment.composition.database_url("activities"), pooled=False)
    with database.read() as connection:
        query = select(card_holders).where(card_holders.c.station == station.code)
        return {(row.position, row.person_id, row.card_token) for row in connection.execute(query)}


def in_logs(station: Station) -> dict[tuple[str, int], bytes]:
    return {
        (f"{station.code}/{service}", position): data
        for service in LOG_SERVICES
        for position, data in enumerate(station.data(service), 1)
    }


def in_journal(station: Station) -> dict[tuple[str, int], bytes]:
    database = Database(station.deployment.composition.database_url("reporting"), pooled=False)
    with database.read() as connection:
        query = select(journal.c.log, journal.c.position, journal.c.entry)
        query = query.where(journal.c.log.startswith(f"{station.code}/"))
        return {(row.log, row.position): bytes(row.entry) for row in connection.execute(query)}


def stopped(deployment: ForkedDeployment, station: Station) -> list[dict[str, Any]]:
    """The stops at this station's logs, as `lastmile stops` lists them."""
    return [stop for stop in standing(deployment.composition)["stops"] if stop["log"].startswith(f"{station.code}/")]


def publish(channel: Any, station: Station, data: bytes) -> None:
    """As a relay would: under the routing key of the station's membership."""
    service = "membership"
    if data.startswith(b"{") and b"event_id" in data:
        service = Entry.from_bytes(data).log.partition("/")[2]
    channel.basic_publish(amqp.Message(data, delivery_mode=2), NEWS, f"{station.code}.{service}.Anything")


def dead_letters(channel: Any, least: int) -> list[bytes]:
    """All bodies that lie there, once there are at least so many; taken and put back."""
    if channel.queue_declare(DEAD, passive=True).message_count < least:
        return []
    found = []
    while message := channel.basic_get(DEAD):
        body = message.body
        found.append(body if isinstance(body, bytes) else body.encode())
    channel.basic_recover(requeue=True)
    return found


def has_consumer(deployment: ForkedDeployment, queue: str) -> bool:
    """Whether the queue is there and its follower listens."""
    try:
        with broker_channel(deployment.environment["LASTMILE_AMQP_URI"]) as channel:
            return bool(channel.queue_declare(queue, passive=True).consumer_count)
    except BROKER_TROUBLE:
        return False
