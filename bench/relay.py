"""The relay over a filled log, against a bare publisher of the same bytes with the same confirm window."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import amqp
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
    with broker_channel(uri) as channel, relay.connected() as publishing, broker_channel(uri) as bare_channel:
        channel.queue_declare(QUEUE, durable=True, auto_delete=False)
        channel.queue_bind(QUEUE, NEWS, "#")
        bare = BarePublisher(bare_channel)

        def all_new() -> None:
            while publishing.publish_new():
                pass

        def ours() -> float:
            _publish_again(database)
            found = rate(count, all_new)
            assert channel.queue_purge(QUEUE) == count
            return found

        def peer() -> float:
            found = rate(count, lambda: bare.publish(data))
            assert channel.queue_purge(QUEUE) == count
            return found

        ours()
        peer()
        mine, bares = in_turn(place.repetitions, ours, peer)
    database.close()
    return [
        Row(
            what="relay, PostgreSQL to RabbitMQ",
            unit="messages/s",
            ours=mine,
            peer_name=f"bare py-amqp publisher from memory, confirms awaited every {WINDOW:,}",
            peer=bares,
            bar=Bar(0.7),
        )
    ]


class BarePublisher:
    """Persistent, mandatory messages of the same bytes, and nothing else."""

    def __init__(self, channel: Any) -> None:
        self._channel, self._sent, self._confirmed = channel, 0, 0
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_confirm)

    def _on_confirm(self, delivery_tag: int, _multiple: bool) -> None:
        self._confirmed = max(self._confirmed, delivery_tag)

    def publish(self, data: Sequence[bytes]) -> None:
        """Publish all of it, a window at a time."""
        for start in range(0, len(data), WINDOW):
            for item in data[start : start + WINDOW]:
                message = amqp.Message(item, content_type="application/json", delivery_mode=2)
                self._channel.basic_publish(message, NEWS, routing_key=KEY, mandatory=True)
                self._sent += 1
            while self._confirmed < self._sent:
                assert drain(self._channel, CONFIRM_SECONDS), "no confirm came"


def _all(database: Database) -> list[bytes]:
    with database.read() as connection:
        return entries_after(connection, LOG, 0, 10**9)


def _publish_again(database: Database) -> None:
    with database.write() as connection:
        connection.execute(update(published).values(position=0))
