"""Waits for what happens by itself, with a limit, instead of sleeping."""

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

ANSWERED_WITHIN_SECONDS = 60.0
"""How long a test waits for an answer over HTTP: a slow machine is no failure."""


def eventually(
    condition: Callable[[], Answer],
    seconds: float = 20,
    every: float = 0.05,
    describe: str | Callable[[], object] = "",
) -> Answer:
    """Call `condition` until its answer is true and return that answer; fail after `seconds`.

    An AssertionError inside counts as not yet; any other error ends the waiting at once. `describe` says
    what was waited for, or is called at the end to say how things stood.
    """
    deadline = time.monotonic() + seconds
    while True:
        refusal: AssertionError | None = None
        try:
            answer = condition()
            if answer:
                return answer
        except AssertionError as error:
            refusal = error
        if time.monotonic() > deadline:
            said = describe() if callable(describe) else describe
            raise AssertionError(f"not within {seconds} s: {said or condition}") from refusal
        time.sleep(every)
