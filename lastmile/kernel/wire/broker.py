"""The broker as this system uses it: one topic exchange for news, one place for bytes that are no message."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import kombu
from amqp.exceptions import AMQPError

NEWS = "lastmile.events"
"""Topic exchange; the routing key is `<station>.<service>.<Event>`."""

DEAD = "lastmile.dead"
"""Fanout exchange and queue for bytes that are no entry."""

CONNECT_SECONDS = 5
HEARTBEAT_SECONDS = 20

BROKER_TROUBLE = (AMQPError, OSError, socket.timeout)
"""What a broker that is away, or goes away, raises."""


@contextmanager
def broker_channel(uri: str) -> Iterator[Any]:
    """A channel of a connection of its own, with the exchanges declared."""
    options = {"read_timeout": 30, "write_timeout": 30, "client_properties": {"product": "lastmile"}}
    connection = kombu.Connection(
        uri, connect_timeout=CONNECT_SECONDS, heartbeat=HEARTBEAT_SECONDS, transport_options=options
    )
    try:
        connection.connect()
        channel = connection.channel()
        channel.exchange_declare(NEWS, "topic", durable=True, auto_delete=False)
        channel.exchange_declare(DEAD, "fanout", durable=True, auto_delete=False)
        channel.queue_declare(DEAD, durable=True, auto_delete=False)
        channel.queue_bind(DEAD, DEAD)
        yield channel
    finally:
        connection.release()


def drain(channel: Any, seconds: float) -> bool:
    """Take what the broker sent, one frame at the most; False if nothing came in time."""
    try:
        channel.connection.drain_events(timeout=seconds)
    except TimeoutError:
        return False
    return True
