"""Guessing is slowed by growing waits; whoever signs in from a device known for the account is not slowed by others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from lastmile.kernel.domain.failures import Refused
from services.access.moments import moved, seconds_between

FREE_TRIES = 3
"""Wrong answers in a row before the first wait."""

FIRST_WAIT_SECONDS = 5
LONGEST_WAIT_SECONDS = 900
FOR_AN_ACCOUNT_PER_HOUR = 20
FROM_AN_ADDRESS_PER_HOUR = 60
CODES_PER_HOUR = 20
HOUR = timedelta(hours=1)


class SlowDown(Refused):
    """Too many wrong answers: wait before the next try."""

    status = 429


@dataclass(frozen=True)
class Wrong:
    """Wrong answers in a row, and when the last was."""

    count: int = 0
    last_at: str = ""


NOTHING_WRONG = Wrong()


def until_after(wrong: Wrong) -> str:
    """The instant from which the next try counts: the wait doubles with each wrong answer in a row."""
    if wrong.count < FREE_TRIES:
        return ""
    doublings = min(wrong.count - FREE_TRIES, 10)
    wait = min(FIRST_WAIT_SECONDS * 2**doublings, LONGEST_WAIT_SECONDS)
    return moved(wrong.last_at, timedelta(seconds=wait))


def until_fewer(times: Sequence[str], most: int) -> str:
    """The instant from which fewer than `most` of these times (newest first) lie within an hour."""
    return moved(times[most - 1], HOUR) if len(times) >= most else ""


def mind(now: str, *instants: str) -> None:
    """Raises SlowDown, saying for how long, while one of the instants is to come.

    No wait is longer than an hour: what lies further ahead is of a clock that was set back since, and slows nobody.
    """
    until = max((each for each in instants if each <= moved(now, HOUR)), default="")
    if until > now:
        wait_seconds = int(seconds_between(now, until)) + 1
        raise SlowDown(f"too many wrong answers: wait {wait_seconds} seconds", wait_seconds=wait_seconds)
