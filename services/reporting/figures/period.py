"""The months that a line of a report covers, and how a date cuts them."""

import re
from dataclasses import dataclass
from datetime import date

_ABSOLUTE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?(?:/(\d{4})-(0[1-9]|1[0-2]))?\Z")
_RELATIVE = re.compile(r"(0[1-9]|1[0-2])(?:/(0[1-9]|1[0-2]))?\Z")

BEFORE_ALL = 0
"""The month from which a stock counts: before any."""


@dataclass(frozen=True)
class Period:
    """From one month to another, both in; months are year * 100 + month, without a year those of the report's year."""

    first: int = 1
    last: int = 12

    def months(self, year: int) -> tuple[int, int]:
        """The first and last month of the period in the report of a year."""
        within = 0 if self.first > 12 else year * 100
        return within + self.first, within + self.last


WHOLE_YEAR = Period()


def parse_period(text: str) -> Period:
    """`2017-01/2017-03`, `2017-05`, `2017`, or months of the report's year: `01/03`, `05`. Raises ValueError."""
    period = _parsed(text)
    if period is None:
        raise ValueError(f"{text!r} is no period: 2017-01/2017-03, 2017-05, 2017, 01/03 or 05")
    if period.first > period.last:
        raise ValueError(f"{text!r} ends before it begins")
    return period


def _parsed(text: str) -> Period | None:
    if found := _RELATIVE.match(text):
        return Period(int(found[1]), int(found[2] or found[1]))
    if not (found := _ABSOLUTE.match(text)):
        return None
    year = int(found[1]) * 100
    if not found[2]:
        return None if found[3] else Period(year + 1, year + 12)
    last = int(found[3]) * 100 + int(found[4]) if found[3] else year + int(found[2])
    return Period(year + int(found[2]), last)


@dataclass(frozen=True)
class Cut:
    """Up to which day things count. `inside` a month, entries must be looked at one by one."""

    as_of: date | None = None

    @property
    def inside(self) -> bool:
        return self.as_of is not None and self.as_of != _month_end(self.as_of)

    def months(self, first: int, last: int) -> tuple[int, int]:
        return (first, last) if self.as_of is None else (first, min(last, self.as_of.year * 100 + self.as_of.month))


def _month_end(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1) if day.year < date.max.year else None
    return date.fromordinal(following.toordinal() - 1) if following else date.max
