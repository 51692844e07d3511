"""Reading one's own write: a question waits until the service shows what a command answered."""

import re
import threading
import time
from collections.abc import Sequence

from lastmile.kernel.domain.entry import log_name
from lastmile.kernel.domain.failures import Invalid, Unavailable
from services.gateway.parts import gateway

PAUSE_SECONDS = 0.05
POSITIONS = 8
_POSITION = re.compile(r"([a-z]+):([0-9]{1,15})")


class NotShownYet(Unavailable):
    """What was written elsewhere is not shown here yet: ask again."""

    code = "not-shown-yet"


def wait_for(service: str, station: str, wanted: Sequence[str]) -> None:
    """Return once `service` shows each `<service>:<position>`. Raises Invalid, or NotShownYet after some seconds."""
    if not wanted:
        return
    parts = gateway()
    positions = _read(service, station, wanted)
    until = time.monotonic() + parts.limits.position_seconds
    while True:
        shown = parts.calls.ask(service, station, "applied", {}, parts.token)
        missing = {log: position for log, position in positions.items() if shown.get(log, 0) < position}
        if not missing:
            return
        if time.monotonic() >= until:
            raise NotShownYet(f"{service} does not show {missing} yet", service=service)
        threading.Event().wait(PAUSE_SECONDS)


def _read(service: str, station: str, wanted: Sequence[str]) -> dict[str, int]:
    if len(wanted) > POSITIONS:
        raise Invalid({"min_position": [f"At most {POSITIONS}."]})
    known = {service, *gateway().catalogue.services[service].follows}
    found = {}
    for text in wanted:
        match = _POSITION.fullmatch(text)
        if not match:
            raise Invalid({"min_position": [f"{text!r} is not <service>:<position>."]})
        if match[1] not in known:
            raise Invalid({"min_position": [f"{service} shows nothing of {match[1]}."]})
        found[log_name(station, match[1])] = int(match[2])
    return found
