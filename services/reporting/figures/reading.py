"""What figures read of one entry: its class, month, amounts and subject, derived with a figure book."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from services.reporting.figures.book import Book, plain_text

NO_CLASS = ""
"""The class of an entry that no figure reads."""

_SAFE = re.compile(r"[A-Za-z0-9._:-]*\Z")
_LARGEST = 2**63 - 1


class Derived(NamedTuple):
    """The columns that figures are computed from.

    `class_` names service, type and the values of those fields that tell figures apart; `month` is year * 100 + month.
    """

    class_: str
    month: int
    amount1: int | None
    amount2: int | None
    subject: str | None


class Deriving:
    """Derives the columns of entries with one figure book."""

    def __init__(self, book: Book) -> None:
        self.book = book.hash
        self._readings = {
            (service, event): (
                f"{service}.{event}",
                reading.fields,
                (*reading.amounts, None, None)[:2],
                reading.subject,
            )
            for (service, event), reading in book.readings.items()
        }

    def derive(self, service: str, event: str, occurred_on: str, payload: dict[str, Any]) -> Derived:
        found = self._readings.get((service, event))
        if found is None:
            return Derived(NO_CLASS, month_of(occurred_on), None, None, None)
        name, fields, (first, second), subject = found
        if fields:
            name = "|".join((name, *[f"{field}={_safe(payload.get(field))}" for field in fields]))
        return Derived(
            name,
            month_of(occurred_on),
            _amount(payload, first) if first else None,
            _amount(payload, second) if second else None,
            (_safe(payload.get(subject)) or None) if subject else None,
        )


def cell_of(log: str, derived: Derived) -> str:
    """Month, log and class as one text, by which entries are grouped; empty if no figure reads the entry."""
    return f"{derived.month}|{log}|{derived.class_}" if derived.class_ else NO_CLASS


@dataclass(frozen=True)
class Class:
    """A class taken apart again."""

    text: str
    service: str
    event: str
    values: dict[str, str]


def class_of(text: str) -> Class:
    name, *values = text.split("|")
    service, _, event = name.partition(".")
    pairs = (value.partition("=") for value in values)
    return Class(text, service, event, {field: unquote(value) for field, _, value in pairs})


@lru_cache(maxsize=50_000)
def month_of(day: str) -> int:
    on = date.fromisoformat(day)
    return on.year * 100 + on.month


def _safe(value: Any) -> str:
    """The value without any character that separates: others' words may hold anything."""
    if type(value) is str and _SAFE.match(value):
        return value
    return quote(plain_text(value), safe="")


def _amount(payload: dict[str, Any], field: str) -> int | None:
    value = payload.get(field)
    return value if type(value) is int and -_LARGEST <= value <= _LARGEST else None
