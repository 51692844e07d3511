"""A clock that tests set and move."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOW = datetime(2017, 6, 1, 2, tzinfo=UTC)


@dataclass
class Clock:
    """Shows `now` until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)
