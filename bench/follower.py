"""The follower into the journal, RabbitMQ to PostgreSQL, beside a bare consumer that stores the same bytes."""

from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from bench.bare import bare_on
from bench.measure import Bar, Row, in_turn, rate
from bench.place import Place
from bench.written import fill, opened_log
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.migrating import upgrade
from lastmile.kernel.wire.broker import NEWS, broker_channel, drain
from lastmile.kernel.wire.news import MESSAGES_IN_A_BATCH, PREFETCH, News
from lastmile.kernel.wire.relay import Relay
from services.reporting.api import REPORTING
from services.reporting.figures.book import product_book
from services.reporting.journal import journal_follower
from services.reporting.tables import journal

BARE_QUEUE = "bench"


def rows(place: Place) -> list[Row]:
    """Each repetition publishes new entries, which wait in both queues before either side takes them."""
    count = place.of(20_000, 3_000)
    uri = place.amqp("follower")
    owner = opened_log(place.postgresql("owner"))
    reporting = Database(place.postgresql("journal"))
    upgrade(reporting, REPORTING.migrations)
    bare = bare_on(place.postgresql("bare"))
    written = taken = 0
    with ExitStack() as stack:
        publishing = stack.enter_context(Relay(owner, uri, Counter()).connected())
        follower = journal_follower(reporting, product_book(), lambda: datetime.now(UTC))
        with broker_channel(uri) as channel:
            News("reporting", follower, {}, channel, Counter())  # Makes the queue, so that it fills.
            channel.queue_declare(BARE_QUEUE, durable=True, auto_delete=False)
            channel.queue_bind(BARE_QUEUE, NEWS, "*.activities.#")

        def publish() -> None:
            nonlocal written
            fill(owner, written, written + count)
            written += count
            while publishing.publish_new():
                pass

        def ours() -> float:
            nonlocal taken
            publish()
            with broker_channel(uri) as channel:
                news = News("reporting", follower, {}, channel, Counter())

                def take() -> None:
                    nonlocal taken
                    while taken < written:
                        taken += news.take(10.0)

                found = rate(count, take)
            with reporting.read() as connection:
                assert connection.execute(select(func.count()).select_from(journal)).scalar_one() == written
            return found

        def peer() -> float:
            with broker_channel(uri) as channel:
                consumer = _BareConsumer(channel, bare)
                return rate(count, lambda: consumer.take(count))

        ours()
        peer()
        mine, bares = in_turn(place.repetitions, ours, peer)
    owner.close()
    reporting.close()
    bare.close()
    return [
        Row(
            what="follower into the journal, RabbitMQ to PostgreSQL",
            unit="entries/s",
            ours=mine,
            peer_name=f"bare py-amqp consumer, one bulk INSERT of bytes a {MESSAGES_IN_A_BATCH} messages",
            peer=bares,
            bar=Bar(5_000, of="ours"),
        )
    ]


class _BareConsumer:
    """Stores bodies in the bare table, as many a commit as the follower, and acknowledges them."""

    def __init__(self, channel: Any, bare: Any) -> None:
        self._channel, self._bare = channel, bare
        self._waiting: list[tuple[int, bytes]] = []
        channel.basic_qos(0, PREFETCH, False)
        channel.basic_consume(BARE_QUEUE, callback=self._on_message)

    def _on_message(self, message: Any) -> None:
        body = message.body
        self._waiting.append((message.delivery_tag, body if isinstance(body, bytes) else body.encode()))

    def take(self, count: int) -> None:
        """Take so many messages."""
        while count:
            while len(self._waiting) < min(MESSAGES_IN_A_BATCH, count):
                assert drain(self._channel, 10.0), "no message came"
            batch, self._waiting = self._waiting[:MESSAGES_IN_A_BATCH], self._waiting[MESSAGES_IN_A_BATCH:]
            self._bare.insert_all([body for _, body in batch])
            self._channel.basic_ack(batch[-1][0], multiple=True)
            count -= len(batch)
