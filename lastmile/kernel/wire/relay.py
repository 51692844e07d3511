"""Publishing a service's logs to RabbitMQ, in order and confirmed, from where it stopped."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

import amqp
import orjson
from sqlalchemy import text

from lastmile.kernel.store.database import Database
from lastmile.kernel.store.log import entries_after
from lastmile.kernel.store.outbox import note_published, unpublished
from lastmile.kernel.wire.broker import NEWS, broker_channel, drain

WINDOW = 1_000
"""Messages sent before their confirms are waited for."""

CONFIRM_SECONDS, LOOK_SECONDS = 30, 1.0


class Relay:
    """Publishes the logs of one database. `counts` gains published and returned messages."""

    def __init__(self, database: Database, uri: str, counts: Counter[str]) -> None:
        self._database, self._uri, self._counts = database, uri, counts

    @contextmanager
    def connected(self) -> Iterator["Publishing"]:
        """Publishing over one connection to the broker."""
        with broker_channel(self._uri) as channel:
            yield Publishing(self._database, channel, self._counts)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """True while this process is the database's only relay; the lock goes with the session (PostgreSQL)."""
        if self._database.is_sqlite:
            yield True
            return
        with self._database.engine.connect() as connection:
            number = crc32(b"lastmile relay")
            got = connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}).scalar_one()
            connection.commit()
            try:
                yield bool(got)
            finally:
                connection.invalidate()


class Publishing:
    """One connection's worth of publishing."""

    def __init__(self, database: Database, channel: Any, counts: Counter[str]) -> None:
        self._database, self._channel, self._counts = database, channel, counts
        self._sent, self._next_look = 0, 0.0
        self._unconfirmed: set[int] = set()
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_confirm)
        channel.events["basic_nack"].add(self._on_refusal)
        channel.events["basic_return"].add(self._on_return)

    def _on_confirm(self, delivery_tag: int, multiple: bool) -> None:
        """The broker confirms in any order, and sometimes all messages up to one at once."""
        if multiple:
            self._unconfirmed = {tag for tag in self._unconfirmed if tag > delivery_tag}
        else:
            self._unconfirmed.discard(delivery_tag)

    def _on_refusal(self, delivery_tag: int, _multiple: bool) -> None:
        raise amqp.ConnectionError(f"the broker refused message {delivery_tag}")

    def _on_return(self, *_message: Any) -> None:
        self._counts["returned"] += 1  # Nobody has a queue for it yet; followers will pull.

    def publish_new(self) -> int:
        """Publish up to one window of each log behind its cursor. Answers how many entries went out."""
        with self._database.read() as connection:
            windows = [
                (log, position, entries_after(connection, log, position, WINDOW))
                for log, position in unpublished(connection)
            ]
        for log, position, entries in windows:
            self.publish(entries)
            with self._database.write() as connection:
                note_published(connection, log, position + len(entries))
        return sum(len(entries) for _, _, entries in windows)

    def keep_alive(self) -> None:
        """Answer the broker's heartbeats while there is nothing to publish: looking for them once a second will do."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + LOOK_SECONDS
        self._channel.connection.heartbeat_tick()
        drain(self._channel, 0.001)

    def publish(self, entries: list[bytes]) -> None:
        """Publish these entries and wait until the broker confirmed them all."""
        for data in entries:
            entry = orjson.loads(data)
            message = amqp.Message(data, content_type="application/json", delivery_mode=2)
            self._channel.basic_publish(message, NEWS, routing_key(entry["log"], entry["type"]), mandatory=True)
            self._sent += 1
            self._unconfirmed.add(self._sent)
        while self._unconfirmed:
            if not drain(self._channel, CONFIRM_SECONDS):
                raise TimeoutError(f"the broker confirmed no message for {CONFIRM_SECONDS} s")
        self._counts["published"] += len(entries)


def routing_key(log: str, event_type: str) -> str:
    """`<station>.<service>.<Event>`."""
    return f"{log.replace('/', '.')}.{event_type}"
