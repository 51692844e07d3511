"""What figures read of one entry: its cell, amounts and subject, derived with a figure book."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import quote, unquote
from uuid import UUID

from lastmile.kernel.domain.entry import service_of
from services.reporting.figures.book import Book, plain_text

NO_CELL = ""
"""The cell of an entry that no figure reads."""

WORDS_REMEMBERED = 100_000
_SAFE = re.compile(r"[A-Za-z0-9._:-]*\Z")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_LARGEST = 2**63 - 1


class Derived(NamedTuple):
    """The columns that figures are computed from.

    `cell` is `<month>|<log>|<class>`, where month is year * 100 + month, and the class names service, type and the
    values of those fields that tell figures apart. `occurred_on` is written one way (YYYY-MM-DD); `subject` is the id
    that distinct figures tell apart, as a UUID.
    """

    cell: str
    occurred_on: str
    amount1: int | None
    amount2: int | None
    subject: str | None


_Plan = tuple[str, tuple[str, ...], str | None, str | None, str | None]
"""Service and type, the fields of the class, those of both amounts, that of the subject."""


class Deriving:
    """Derives the columns of entries with one figure book."""

    def __init__(self, book: Book) -> None:
        self.book = book.hash
        self._by_service: dict[str, dict[str, _Plan]] = {}
        for (service, event), reading in book.readings.items():
            first, second = (*reading.amounts, None, None)[:2]
            plan = (f"{service}.{event}", reading.fields, first, second, reading.subject)
            self._by_service.setdefault(service, {})[event] = plan

    def derive(self, log: str, event: str, occurred_on: str, payload: dict[str, Any]) -> Derived:
        plan = self._by_service.get(service_of(log), {}).get(event)
        if plan is None:
            return Derived(NO_CELL, _day(occurred_on)[1], None, None, None)
        name, fields, first, second, subject = plan
        month, day = _day(occurred_on)
        cell = f"{month}|{log}|{name}"
        for field in fields:
            value = payload.get(field)
            cell += f"|{field}={_safe(value) if type(value) is str else _safe(plain_text(value))}"
        amount1 = _amount(payload.get(first)) if first else None
        amount2 = _amount(payload.get(second)) if second else None
        id_ = _subject(plain_text(payload.get(subject))) if subject else None
        return Derived(cell, day, amount1, amount2, id_)


@dataclass(frozen=True)
class Class:
    """The class in a cell, taken apart again."""

    text: str
    service: str
    event: str
    values: dict[str, str]


def class_of(text: str) -> Class:
    name, *values = text.split("|")
    service, _, event = name.partition(".")
    pairs = (value.partition("=") for value in values)
    return Class(text, service, event, {field: unquote(value) for field, _, value in pairs})


@lru_cache(WORDS_REMEMBERED)
def _day(text: str) -> tuple[int, str]:
    """Month and day of a date in any of the ways that ISO 8601 writes one."""
    on = date.fromisoformat(text)
    return on.year * 100 + on.month, on.isoformat()


@lru_cache(WORDS_REMEMBERED)
def _safe(word: str) -> str:
    """The word without any character that separates: others' words may hold anything."""
    return word if _SAFE.match(word) else quote(word, safe="", errors="surrogatepass")


@lru_cache(WORDS_REMEMBERED)
def _subject(word: str) -> str | None:
    """An id as a UUID, which DuckDB groups by fastest: itself if it is one, else made of its hash; none if empty."""
    if not word or _UUID.match(word):
        return word or None
    return str(UUID(bytes=sha256(word.encode(errors="surrogatepass")).digest()[:16]))


def _amount(value: Any) -> int | None:
    return value if type(value) is int and -_LARGEST <= value <= _LARGEST else None
