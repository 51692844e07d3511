"""Hand-made logs: what a service might have written, without the service."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lastmile.kernel.domain.entry import NO_ENTRY, entry_hash
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.following import End
from lastmile.kernel.store.keystore import Keystore, MasterKey
from lastmile.kernel.store.log import instant
from lastmile.kernel.store.migrating import upgrade
from lastmile.kernel.store.service import Resources
from services.reporting.api import REPORTING, Reporting
from services.reporting.figures.book import Book
from tests.made_up import made_up

STATION = "110102017"
NEIGHBOUR = "110102999"
MEMBERSHIP, ACTIVITIES, RELIEF = (f"{STATION}/{name}" for name in ("membership", "activities", "relief"))
START = datetime(2017, 1, 1, tzinfo=UTC)


class Logs:
    """The logs of some services in memory: write events, and follow them as from their owner."""

    def __init__(self) -> None:
        self.logs: dict[str, list[bytes]] = {}
        self.leaves: dict[str, bytes] = {}
        self.recorded_at = START

    def write(self, log: str, event: str, occurred_on: str, /, **payload: Any) -> int:
        """Append an event, learnt a second after the one before, and answer its position."""
        self.recorded_at += timedelta(seconds=1)
        entries = self.logs.setdefault(log, [])
        position = len(entries) + 1
        entry = made_up(
            log,
            position,
            event,
            payload,
            origin=f"origin of {log}",
            previous=self.leaves.get(log, NO_ENTRY).hex(),
            occurred_on=occurred_on,
            recorded_at=instant(self.recorded_at),
        )
        data = entry.to_bytes()
        entries.append(data)
        self.leaves[log] = entry_hash(data)
        return position

    def ends(self) -> list[End]:
        return [End(log, f"origin of {log}", len(data), self.leaves[log]) for log, data in sorted(self.logs.items())]

    def entries(self, log: str, after: int, limit: int) -> list[bytes]:
        return self.logs[log][after : after + limit]


def reporting_on(database_url: str, archive: Path, *, book: Book | None = None, segment_size: int = 8192) -> Reporting:
    """An empty reporting service."""
    database = Database(database_url)
    upgrade(database, REPORTING.migrations)
    resources = Resources(database, Keystore(database, MasterKey(bytes(32))), LogKeys(archive / "keys"), lambda: START)
    return Reporting(REPORTING, resources, archive=archive, book=book, segment_size=segment_size)


def followed(reporting: Reporting, logs: Logs) -> Reporting:
    """Reporting after it pulled all there is."""
    for follower in reporting.followers:
        follower.catch_up(logs)
    return reporting


def values(report: dict[str, Any]) -> dict[str, Any]:
    return {figure["key"]: figure["value"] for figure in report["figures"]}


def lines(*each: str, name: str = "test") -> str:
    """A layout of lines written as TOML inline tables."""
    return f'name = "{name}"\nlines = [\n' + ",\n".join(each) + "\n]\n"


def weights(explanation: dict[str, Any]) -> Iterator[int]:
    return (event["weight"] for event in explanation["events"])


def positions(events: Sequence[dict[str, Any]]) -> list[int]:
    return [event["position"] for event in events]
