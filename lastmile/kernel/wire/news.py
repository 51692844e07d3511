"""Taking news from RabbitMQ to a follower: in batches, acknowledged after they were applied."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from lastmile.kernel.domain.entry import Entry, NotAnEntry, service_of
from lastmile.kernel.domain.failures import Unavailable
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
        self._waiting: list[tuple[int, bytes]] = []
        self.queue = f"{service}.{follower.name}"
        arguments = {"x-single-active-consumer": True, "x-dead-letter-exchange": DEAD}
        channel.queue_declare(self.queue, durable=True, auto_delete=False, arguments=arguments)
        for followed in sorted(follower.services):
            channel.queue_bind(self.queue, NEWS, f"*.{followed}.#")
        channel.basic_qos(0, PREFETCH, False)
        channel.basic_consume(self.queue, callback=self._on_message)

    def _on_message(self, message: Any) -> None:
        body = message.body
        self._waiting.append((message.delivery_tag, body if isinstance(body, bytes) else str(body).encode()))

    def take(self, seconds: float) -> int:
        """Wait up to `seconds` for news and apply what came. Answers how many messages were settled."""
        self._channel.connection.heartbeat_tick()
        came = drain(self._channel, seconds)
        while came and len(self._waiting) < MESSAGES_IN_A_BATCH:
            came = drain(self._channel, BATCH_SECONDS)
        if not self._waiting:
            return 0
        batch, self._waiting = self._waiting[:MESSAGES_IN_A_BATCH], self._waiting[MESSAGES_IN_A_BATCH:]
        try:
            self._settle(batch)
        except Unavailable:
            self._waiting = batch + self._waiting  # For another try; nothing of it was acknowledged.
            raise
        return len(batch)

    def _rejected(self, delivery_tag: int, body: bytes) -> bool:
        """Bytes that are no entry go to the dead-letter queue and stop nothing."""
        try:
            Entry.from_bytes(body)
        except NotAnEntry:
            self._channel.basic_reject(delivery_tag, requeue=False)
            self._counts["dead"] += 1
            return True
        return False

    def _settle(self, batch: list[tuple[int, bytes]]) -> None:
        good = [item for item in batch if not self._rejected(*item)]
        batch[:] = good
        if not good:
            return
        behind = self._follower.offer([body for _, body in good])
        for log in behind:
            self._follower.catch_up(self._sources[service_of(log)], only=[log])
        self._channel.basic_ack(good[-1][0], multiple=True)
        self._counts["taken"] += len(good)
