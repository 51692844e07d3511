"""Membership as activities hears it: a log of events that were only made up, pulled like a real one."""

from typing import Any

from lastmile.kernel.domain.entry import NO_ENTRY, entry_hash
from lastmile.kernel.store.following import End
from tests.made_up import made_up


class FakeMembership:
    """The membership log of one station."""

    def __init__(self, station: str) -> None:
        self.log, self.written, self.leaf = f"{station}/membership", list[bytes](), NO_ENTRY

    def tells(self, kind: str, occurred_on: str, **payload: Any) -> None:
        position = len(self.written) + 1
        entry = made_up(self.log, position, kind, payload, previous=self.leaf.hex(), occurred_on=occurred_on)
        self.written.append(entry.to_bytes())
        self.leaf = entry_hash(self.written[-1])

    def ends(self) -> list[End]:
        return [End(self.log, "origin" if self.written else "", len(self.written), self.leaf)]

    def entries(self, log: str, after: int, limit: int) -> list[bytes]:
        assert log == self.log
        return self.written[after : after + limit]
