"""Taking news from RabbitMQ to a follower: in batches, acknowledged after they were applied."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from lastmile.kernel.domain.entry import Entry, NotAnEntry, service_of
from lastmile.kernel.store.following import Follower, Source
from lastmile.kernel.wire.broker import DEAD, NEWS, drain

MESSAGES_IN_A_BATCH = 200
BATCH_SECONDS = 0.05
PREFETCH = 1_000


class News:
    """One follower's queue, over one connection. `counts` gains taken and dead messages."""

    def __init__(
        self, service: str, follower: Follower, sources: Mapping[str, Source], channel: Any, counts: Counter[str]
    ) -> None:
        self._follower, self._sources, self._channel, self._counts = follower, sources, channel, counts
        self._waiting: list[tuple[int, Entry, bytes]] = []
        self.queue = f"{service}.{follower.name}"
        arguments = {"x-single-active-consumer": True, "x-dead-letter-exchange": DEAD}
        channel.queue_declare(self.queue, durable=True, auto_delete=False, arguments=arguments)
        for followed in sorted(follower.services):
            channel.queue_bind(self.queue, NEWS, f"*.{followed}.#")
        channel.basic_qos(0, PREFETCH, False)
        channel.basic_consume(self.queue, callback=self._on_message)

    def _on_message(self, message: Any) -> None:
        """Bytes that are no entry go to the dead-letter queue and stop nothing."""
        body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
        try:
            self._waiting.append((message.delivery_tag, Entry.from_bytes(body), body))
        except NotAnEntry:
            self._channel.basic_reject(message.delivery_tag, requeue=False)
            self._counts["dead"] += 1

    def take(self, seconds: float) -> int:
        """Wait up to `seconds` for news and apply what came. Answers how many messages were settled."""
        self._channel.connection.heartbeat_tick()
        came = drain(self._channel, seconds)
        while came and len(self._waiting) < MESSAGES_IN_A_BATCH:
            came = drain(self._channel, BATCH_SECONDS)
        batch = self._waiting[:MESSAGES_IN_A_BATCH]
        if batch:
            self._settle(batch)
            del self._waiting[: len(batch)]
        return len(batch)

    def _settle(self, batch: list[tuple[int, Entry, bytes]]) -> None:
        """Apply and acknowledge; if that fails, the batch waits for another try, and nothing was acknowledged."""
        behind = self._follower.offer_entries([(entry, body) for _, entry, body in batch])
        for log in behind:
            self._follower.catch_up(self._sources[service_of(log)], only=[log])
        self._channel.basic_ack(batch[-1][0], multiple=True)
        self._counts["taken"] += len(batch)
