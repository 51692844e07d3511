"""The decade's logs in reporting: full segments written by the sealer's own function, the rest by the follower."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
from sqlalchemy import insert

from bench.decade import SHARES, STATIONS, Written, entries_of, origin_of
from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.merkle import Frontier
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.following import End, cursors
from lastmile.kernel.store.keystore import Keystore, MasterKey
from lastmile.kernel.store.migrating import upgrade
from lastmile.kernel.store.service import Resources
from services.reporting.api import REPORTING, Reporting
from services.reporting.archive import COLUMNS_SHAPE, ENTRIES, Archive
from services.reporting.figures.book import product_book
from services.reporting.sealing import SEGMENT_SIZE, write_segment
from services.reporting.tables import ends, segments

LAYOUT = Path(__file__).parents[1] / "examples" / "guangnei_2017" / "layout.toml"
COUNTED = {"CardSwiped": 1, "SwipeAnnulled": -1}
"""What the makers count themselves, to compare with the report's card swipes."""


@dataclass
class Log:
    """What became of one log: the rows of its sealed segments, and the entries behind them."""

    name: str
    sealed: list[dict[str, Any]]
    unsealed: list[bytes]
    last_leaf: bytes
    swipes: int


@dataclass(frozen=True)
class Decade:
    """Reporting's database and archive, filled."""

    database_url: str
    archive: Path
    entries: int
    unsealed: int
    swipes: int


def opened(database_url: str, archive: Path) -> Reporting:
    """Reporting on this database and archive."""
    database = Database(database_url)
    resources = Resources(
        database, Keystore(database, MasterKey(bytes(32))), LogKeys(archive / "keys"), lambda: datetime.now(UTC)
    )
    return Reporting(REPORTING, resources, archive=archive)


def filled(database_url: str, archive: Path, entries: int) -> Decade:
    """Make so many entries and hand them to reporting, with the layout registered at each station."""
    upgrade(Database(database_url, pooled=False), REPORTING.migrations)
    reporting = opened(database_url, archive)
    counts = {
        f"{station}/{service}": round(entries / len(STATIONS) * share)
        for station in STATIONS
        for service, share in SHARES.items()
    }
    tasks = [(log, count, archive) for log, count in sorted(counts.items(), key=lambda item: -item[1])]
    unsealed = swipes = 0
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for log in pool.map(_made, tasks):
            _hand_over(reporting, log, counts[log.name])
            unsealed += len(log.unsealed)
            swipes += log.swipes
    for station in STATIONS:
        reporting.register_layout(station, LAYOUT.read_text(encoding="utf-8"))
    reporting.database.close()
    return Decade(database_url, archive, sum(counts.values()), unsealed, swipes)


def _made(task: tuple[str, int, Path]) -> Log:
    """Make one log, and write its full segments. Runs in a process of its own."""
    name, count, directory = task
    holdings: Any = SimpleNamespace(archive=Archive(directory), book=product_book())
    log = Log(name, [], [], b"", 0)
    made = entries_of(name, count)
    while part := list(islice(made, SEGMENT_SIZE)):
        log.swipes += sum(COUNTED.get(item.type, 0) for item in part)
        log.last_leaf = part[-1].leaf
        first = Entry.from_bytes(part[0].data)
        assert first.to_bytes() == part[0].data, "what the bench made is not how an entry is written"
        if len(part) == SEGMENT_SIZE:
            log.sealed.append(write_segment(holdings, name, len(log.sealed), _table(first, part)))
        else:
            log.unsealed = [item.data for item in part]
    return log


def _table(first: Entry, part: list[Written]) -> pa.Table:
    """The entries of a segment as the archive keeps them."""
    columns = {
        "log": [first.log] * len(part),
        "position": list(range(first.position, first.position + len(part))),
        **{
            name: [getattr(item, name) for item in part]
            for name in ENTRIES.names
            if name not in ("log", "position", "entry")
        },
        "entry": [item.data for item in part],
    }
    plain = {field.name: pa.string() if pa.types.is_dictionary(field.type) else field.type for field in ENTRIES}
    arrays = [pa.array(columns[name], plain[name]) for name in ENTRIES.names]
    return pa.table(arrays, names=ENTRIES.names).cast(ENTRIES)


def _hand_over(reporting: Reporting, log: Log, count: int) -> None:
    """What the database holds after sealing; then the follower pulls the rest as from the log's owner."""
    (follower,) = reporting.followers
    if log.sealed:
        frontier, last = Frontier(), log.sealed[-1]
        for segment in log.sealed:
            frontier.append_subtree(segment["root"], SEGMENT_SIZE)
        end = {"position": frontier.size, "peaks": frontier.to_bytes(), "recorded_at": last["last_recorded_at"]}
        cursor = {"follower": follower.name, "origin": origin_of(log.name), "leaf": last["last_leaf"]}
        with reporting.database.write() as connection:
            connection.execute(insert(segments), log.sealed)
            connection.execute(insert(ends).values(log=log.name, **end))
            connection.execute(insert(cursors).values(log=log.name, position=frontier.size, **cursor))
    owner = _Owner(End(log.name, origin_of(log.name), count, log.last_leaf), log.unsealed)
    assert follower.catch_up(owner) == len(log.unsealed), f"{log.name} was not followed to its end"


class _Owner:
    """The owner of one log, of which only the unsealed end is asked for."""

    def __init__(self, end: End, unsealed: list[bytes]) -> None:
        self._end, self._unsealed = end, unsealed

    def ends(self) -> list[End]:
        return [self._end]

    def entries(self, _log: str, after: int, limit: int) -> list[bytes]:
        start = after - (self._end.position - len(self._unsealed))
        return self._unsealed[start : start + limit]


def columns_files(archive: Path) -> Iterator[Path]:
    """The files that figures are computed from."""
    return archive.glob(f"*/*/*.{product_book().hash}.columns-{COLUMNS_SHAPE}.parquet")
