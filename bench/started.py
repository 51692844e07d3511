"""Programs that a measurement starts: waited for until they answer."""

import time
from contextlib import suppress

import httpx

START_SECONDS = 60


def wait_until_alive(address: str, program: str) -> None:
    """Raises TimeoutError where the program at `address` (host:port) does not answer as healthy."""
    deadline = time.monotonic() + START_SECONDS
    with httpx.Client() as client:
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if client.get(f"http://{address}/health").is_success:
                    return
            time.sleep(0.05)
    raise TimeoutError(f"{program} did not start")
