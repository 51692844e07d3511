"""A sign-in in a green process, as under nameko: `green.py DATABASE_URL FOLDER`; prints how the hub fared meanwhile."""

import warnings

warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from dataclasses import replace  # noqa: E402
from itertools import count  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import orjson  # noqa: E402
from eventlet import tpool  # noqa: E402

from lastmile.kernel.store.execution import WorkPlace  # noqa: E402
from tests.access.door import Door  # noqa: E402
from tests.access.running import access_on  # noqa: E402


class Hub:
    """How often another green thread had its turn while something was computed."""

    def __init__(self) -> None:
        self.turns = 0
        self.turns_meanwhile = 0

    def tick(self) -> None:
        while True:
            eventlet.sleep(0.001)
            self.turns += 1

    def watching(self, aside: Callable[..., Any]) -> Callable[..., Any]:
        def watched(work: Callable[..., Any], *given: Any) -> Any:
            before = self.turns
            answer = aside(work, *given)
            self.turns_meanwhile += self.turns - before
            return answer

        return watched


def turns_while_signing_in(door: Door, aside: Callable[..., Any], session_id: str) -> int:
    hub, executor = Hub(), door.access.executor
    executor.work_place = replace(executor.work_place, aside=hub.watching(aside))
    ticking = eventlet.spawn(hub.tick)
    door.sign_in(session_id=session_id)
    ticking.kill()
    return hub.turns_meanwhile


if __name__ == "__main__":
    door = Door(*access_on(sys.argv[1], Path(sys.argv[2])), count(1))
    door.settled()
    found = {
        "aside": turns_while_signing_in(door, tpool.execute, "aside"),
        "in_the_way": turns_while_signing_in(door, WorkPlace.aside, "in_the_way"),
    }
    print(orjson.dumps(found).decode())
