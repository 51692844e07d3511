"""A sign-in in a green process, as under nameko: `green.py DATABASE_URL FOLDER`; prints how the hub fared meanwhile."""

import warnings

warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import sys  # noqa: E402
import time  # noqa: E402
from dataclasses import replace  # noqa: E402
from itertools import count, pairwise  # noqa: E402
from pathlib import Path  # noqa: E402

import orjson  # noqa: E402
from eventlet import tpool  # noqa: E402

from tests.access.door import Door  # noqa: E402
from tests.access.running import access_on  # noqa: E402


def longest_pause(work: str, aside: bool) -> dict[str, float]:
    """The longest time between two turns of another green thread while someone signs in, and how long that took."""
    door = Door(*access_on(sys.argv[1], Path(sys.argv[2])), count(1_000 * (aside + 1) + len(work)))
    executor = door.access.executor
    if aside:
        executor.work_place = replace(executor.work_place, aside=tpool.execute)
    if work == "prepare":
        door.settled()
        return {}
    turns = [time.monotonic()]

    def tick() -> None:
        while True:
            eventlet.sleep(0.001)
            turns.append(time.monotonic())

    ticking = eventlet.spawn(tick)
    eventlet.sleep(0.01)
    started = time.monotonic()
    door.sign_in(session_id=f"{work}{aside}")
    took = time.monotonic() - started
    eventlet.sleep(0.01)
    ticking.kill()
    return {"longest": max(later - earlier for earlier, later in pairwise(turns)), "took": took}


if __name__ == "__main__":
    longest_pause("prepare", aside=True)
    found = {"aside": longest_pause("measure", aside=True), "in_the_way": longest_pause("measure", aside=False)}
    print(orjson.dumps(found).decode())
