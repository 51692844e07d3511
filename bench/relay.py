"""The relay over a filled log, against bare publishers of the same bytes with the same confirm window."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

import amqp
import kombu
from sqlalchemy import update

from bench.measure import Bar, Row, in_turn, rate
from bench.place import Place
from bench.written import LOG, fill, opened_log
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.log import entries_after
from lastmile.kernel.store.outbox import published
from lastmile.kernel.wire.broker import NEWS, broker_channel, drain
from lastmile.kernel.wire.relay import CONFIRM_SECONDS, WINDOW, Relay

QUEUE = "bench"
KEY = "110102017.activities.CardSwiped"


def rows(place: Place) -> list[Row]:
    """From PostgreSQL to RabbitMQ, with one durable queue bound."""
    count = place.of(50_000, 5_000)
    database = opened_log(place.postgresql("relay"))
    fill(database, 0, count)
    data = _all(database)
    uri = place.amqp("relay")
    relay = Relay(database, uri, Counter())
    with ExitStack() as stack:
        channel, for_kombu, for_amqp = (stack.enter_context(broker_channel(uri)) for _ in range(3))
        publishing = stack.enter_context(relay.connected())
        channel.queue_declare(QUEUE, durable=True, auto_delete=False)
        channel.queue_bind(QUEUE, NEWS, "#")

        def measured(work: Callable[[], None]) -> float:
            found = rate(count, work)
            assert channel.queue_purge(QUEUE) == count
            return found

        def all_new() -> None:
            while publishing.publish_new():
                pass

        def ours() -> float:
            _publish_again(database)
            return measured(all_new)

        by_kombu, by_amqp = Bare(for_kombu, _by_kombu(for_kombu)), Bare(for_amqp, _by_amqp(for_amqp))
        sides = (
            ours,
            partial(measured, partial(by_kombu.publish, data)),
            partial(measured, partial(by_amqp.publish, data)),
        )
        for side in sides:
            side()
        mine, kombus, amqps = in_turn(place.repetitions, *sides)
    database.close()
    window = f"from memory, confirms awaited every {WINDOW:,}"
    what = "relay, PostgreSQL to RabbitMQ"
    return [
        Row(what=what, unit="messages/s", ours=mine, peer_name=f"bare kombu {window}", peer=kombus, bar=Bar(0.7)),
        Row(what=what, unit="messages/s", ours=mine, peer_name=f"py-amqp below kombu, {window}", peer=amqps),
    ]


class Bare:
    """Publishes bytes with the same confirm window and nothing else."""

    def __init__(self, channel: Any, send: Callable[[bytes], None]) -> None:
        self._channel, self._send, self._sent, self._confirmed = channel, send, 0, 0
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_confirm)

    def _on_confirm(self, delivery_tag: int, _multiple: bool) -> None:
        self._confirmed = max(self._confirmed, delivery_tag)

    def publish(self, data: Sequence[bytes]) -> None:
        """Publish all of it, a window at a time."""
        for start in range(0, len(data), WINDOW):
            for item in data[start : start + WINDOW]:
                self._send(item)
                self._sent += 1
            while self._confirmed < self._sent:
                assert drain(self._channel, CONFIRM_SECONDS), "no confirm came"


def _by_kombu(channel: Any) -> Callable[[bytes], None]:
    """A persistent, mandatory message as kombu's producer sends it."""
    producer = kombu.Producer(channel, auto_declare=False)

    def send(data: bytes) -> None:
        producer.publish(
            data,
            exchange=NEWS,
            routing_key=KEY,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=2,
            mandatory=True,
        )

    return send


def _by_amqp(channel: Any) -> Callable[[bytes], None]:
    """The same by py-amqp, on which kombu stands."""

    def send(data: bytes) -> None:
        message = amqp.Message(data, content_type="application/json", delivery_mode=2)
        channel.basic_publish(message, NEWS, routing_key=KEY, mandatory=True)

    return send


def _all(database: Database) -> list[bytes]:
    with database.read() as connection:
        return entries_after(connection, LOG, 0, 10**9)


def _publish_again(database: Database) -> None:
    with database.write() as connection:
        connection.execute(update(published).values(position=0))
