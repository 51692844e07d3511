"""What tests ask of the servers that they start, and how they see that nothing of them is left."""

import os
import socket
from pathlib import Path

import psycopg2
from kombu import Connection
from sqlalchemy import make_url

from tests.eventually import eventually

ROOT = Path(__file__).parents[2]


def ask(database_url: str, statement: str) -> list[tuple[object, ...]]:
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def give(amqp_uri: str, body: str) -> None:
    with Connection(amqp_uri, transport_options={"confirm_publish": True}) as connection:
        connection.SimpleQueue("parcels").put(body)


def take(amqp_uri: str) -> str:
    with Connection(amqp_uri) as connection:
        message = connection.SimpleQueue("parcels").get(timeout=10)
        message.ack()
        return str(message.payload)


def reachable(amqp_uri: str) -> bool:
    url = make_url(amqp_uri)
    try:
        socket.create_connection((str(url.host), int(url.port or 0)), timeout=5).close()
    except OSError:
        return False
    return True


def processes_of(directory: Path) -> list[str]:
    """Command lines of the processes that live in this directory or name it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if (entry / "cwd").readlink().is_relative_to(directory) or str(directory) in command:
                found.append(command)
        except OSError:  # It ended while we looked.
            continue
    return found


def nothing_is_left(directory: Path) -> None:
    eventually(lambda: not processes_of(directory), describe=lambda: processes_of(directory))
    eventually(lambda: not directory.exists(), describe=f"{directory} removed")


def environment_naming_no_server() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LASTMILE_TEST_")}
