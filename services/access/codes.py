"""The second factor: a code of six digits that changes every half minute (RFC 6238)."""

from datetime import datetime
from hmac import compare_digest

from pyotp import TOTP

STEP_SECONDS = 30
STEPS_APART = 1
"""The clocks of a telephone and of the station may differ by so many steps."""


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, None if it is no code of these moments."""
    present = int(now.timestamp()) // STEP_SECONDS
    for step in range(present - STEPS_APART, present + STEPS_APART + 1):
        if compare_digest(_code(secret, step).encode(), code.strip().encode()):
            return step
    return None


def _code(secret: str, step: int) -> str:
    try:
        code: str = TOTP(secret).at(step * STEP_SECONDS)
    except ValueError:
        return "no code of a secret that is not base32"
    return code
