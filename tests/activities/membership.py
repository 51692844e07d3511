"""Membership as activities hears it: a log of events that were only made up, pulled like a real one."""

from typing import Any

from lastmile.kernel.domain.entry import NO_ENTRY, Entry, entry_hash
from lastmile.kernel.store.following import End


class FakeMembership:
    """The membership log of one station."""

    def __init__(self, station: str) -> None:
        self.log, self.written, self.leaf = f"{station}/membership", list[bytes](), NO_ENTRY

    def tells(self, kind: str, occurred_on: str, **payload: Any) -> None:
        position = len(self.written) + 1
        entry = Entry(
            event_id=f"event-{position}",
            log=self.log,
            origin="origin",
            position=position,
            previous=self.leaf.hex(),
            stream=f"{self.log}/{position}",
            version=1,
            type=kind,
            schema=1,
            occurred_on=occurred_on,
            recorded_at="2017-06-01T00:00:00.000000Z",
            actor="somebody",
            role="clerk",
            correlation_id="correlation",
            causation_id="causation",
            command_id="command",
            payload=payload,
        )
        self.written.append(entry.to_bytes())
        self.leaf = entry_hash(self.written[-1])

    def ends(self) -> list[End]:
        return [End(self.log, "origin" if self.written else "", len(self.written), self.leaf)]

    def entries(self, log: str, after: int, limit: int) -> list[bytes]:
        assert log == self.log
        return self.written[after : after + limit]
