"""An entry of a log: one event with who, when and what before it, as bytes that are kept for ever."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from lastmile.kernel.domain.canonical import canonical
from lastmile.kernel.domain.merkle import leaf_hash

NO_ENTRY = bytes(32)
"""What the first entry of a log names as the entry before it."""

# These shapes are kept for ever.
_TEXTS = (
    "event_id",
    "log",
    "origin",
    "previous",
    "stream",
    "type",
    "occurred_on",
    "recorded_at",
    "actor",
    "role",
    "correlation_id",
    "causation_id",
    "command_id",
)
_NUMBERS = ("position", "version", "schema")
_MEMBERS = frozenset((*_TEXTS, *_NUMBERS, "payload"))
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z")


class NotAnEntry(ValueError):
    """These bytes are no entry of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event at its place in a log.

    `log` is `<station>/<service>`, `origin` the log's random id, `position` counts from 1, `previous` is the hex
    hash of the entry before; `stream` and `version` place it in its aggregate; `occurred_on` (ISO date) says when it
    was true, `recorded_at` (UTC, microseconds) when it became known. Sealed fields of `payload` are ciphertext.
    """

    event_id: str
    log: str
    origin: str
    position: int
    previous: str
    stream: str
    version: int
    type: str
    schema: int
    occurred_on: str
    recorded_at: str
    actor: str
    role: str
    correlation_id: str
    causation_id: str
    command_id: str
    payload: dict[str, Any]

    def to_bytes(self) -> bytes:
        return canonical({name: getattr(self, name) for name in _MEMBERS})

    @staticmethod
    def from_bytes(data: bytes) -> "Entry":
        """The entry in `data`, checked for shape. Raises NotAnEntry saying what is wrong."""
        try:
            members = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise NotAnEntry(f"not JSON: {error}") from None
        if not isinstance(members, dict) or members.keys() != _MEMBERS:
            odd = sorted(_MEMBERS ^ members.keys()) if isinstance(members, dict) else type(members).__name__
            raise NotAnEntry(f"not the members of an entry: {odd}")
        for name in _TEXTS:
            if not isinstance(members[name], str):
                raise NotAnEntry(f"{name} is not text")
        for name in _NUMBERS:
            if type(members[name]) is not int or members[name] < 1:
                raise NotAnEntry(f"{name} is not a positive integer")
        if not isinstance(members["payload"], dict):
            raise NotAnEntry("payload is not an object")
        try:
            date.fromisoformat(members["occurred_on"])
        except ValueError:
            raise NotAnEntry("occurred_on is not a date") from None
        if not _INSTANT.match(members["recorded_at"]):
            raise NotAnEntry("recorded_at is not a UTC instant with microseconds")
        return Entry(**members)


def entry_hash(data: bytes) -> bytes:
    """The hash by which the next entry names this one: its leaf hash in the log's tree."""
    return leaf_hash(data)


def log_name(station: str, service: str) -> str:
    return f"{station}/{service}"


def station_of(log: str) -> str:
    return log.partition("/")[0]


def service_of(log: str) -> str:
    return log.partition("/")[2]
