"""Many writers and a reader at once: nobody's event is lost, missed or given a place twice. Without the lock it is."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, select

from lastmile.kernel.domain.entry import NO_ENTRY, Entry, entry_hash
from lastmile.kernel.store import log
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.verifying import verify_log
from tests.kernel.sample import LOG, NOON, Sample
from tests.kernel.test_log import draft

WRITERS, APPENDS = 8, 25
LIMIT_SECONDS = 60


def write(sample: Sample, writer: int, seen: list[Exception]) -> None:
    """Append one event after another, each in its own transaction, as any service does."""
    for number in range(APPENDS):
        try:
            with sample.database.write() as connection:
                head = log.lock_head(connection, LOG)
                log.append(connection, head, [draft(f"{writer}-{number}")], NOON)
        except Exception as error:  # Whatever it is: no writer may fail at all.
            seen.append(error)


def tail(sample: Sample, written: threading.Event) -> list[bytes]:
    """Read what is behind the last position, again and again, until all was written and nothing more comes."""
    found: list[bytes] = []
    while True:
        last_look = written.is_set()
        more = sample.service.entries(LOG, Entry.from_bytes(found[-1]).position if found else 0, 7)
        found += more
        if last_look and not more:
            return found


def writers_and_a_reader_at_once(sample: Sample) -> None:
    """The promise of the log: every append succeeds, positions are dense and chained, the reader misses nothing."""
    failed: list[Exception] = []
    written = threading.Event()
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        tailing = pool.submit(tail, sample, written)
        writing = [pool.submit(write, sample, writer, failed) for writer in range(WRITERS)]
        try:
            for each in writing:
                each.result(LIMIT_SECONDS)
        finally:
            written.set()
        read = tailing.result(LIMIT_SECONDS)
    entries = [Entry.from_bytes(data) for data in read]
    missed = WRITERS * APPENDS - len({entry.event_id for entry in entries})
    assert not failed, f"{len(failed)} appends failed, the first with {failed[0]}"
    assert missed == 0, f"the reader missed {missed} events"
    assert [entry.position for entry in entries] == list(range(1, WRITERS * APPENDS + 1)), "positions are not dense"
    assert [entry.previous for entry in entries] == [before.hex() for before in (NO_ENTRY, *map(entry_hash, read[:-1]))]


def test_eight_writers_and_a_tailing_reader_miss_nothing(sample: Sample) -> None:
    writers_and_a_reader_at_once(sample)


def without_lock(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    """Take the lock away: heads are read without it, and the first time all writers read before any writes."""
    barrier, met = threading.Barrier(WRITERS), threading.local()

    def read_head(_connection: Connection, name: str) -> log.Head:
        with database.read() as other:
            row = other.execute(select(log.heads).where(log.heads.c.log == name)).one()
        if not getattr(met, "once", False):
            met.once = True
            barrier.wait(LIMIT_SECONDS)
        return log.Head(row.log, row.station, row.origin, row.position, bytes(row.leaf), row.recorded_at)

    monkeypatch.setattr(log, "lock_head", read_head)
    if database.is_sqlite:
        monkeypatch.setattr(database, "write", lambda: deferred(database))


@contextmanager
def deferred(database: Database) -> Iterator[Connection]:
    """A transaction that takes SQLite's write lock with its first write only."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        try:
            yield connection
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def without_constraints(sample: Sample) -> None:
    with sample.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO events_with_constraints")
        connection.exec_driver_sql("CREATE TABLE events AS SELECT * FROM events_with_constraints")


def test_without_the_lock_writers_that_read_the_same_head_fail(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the constraint is the last guard, and lets one of the eight through."""
    without_lock(monkeypatch, sample.database)
    with pytest.raises(AssertionError, match="appends failed"):
        writers_and_a_reader_at_once(sample)
    entries = sample.entries()
    assert [entry.position for entry in entries] == list(range(1, len(entries) + 1))


def test_without_lock_and_constraint_the_log_forks(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other control: eight entries take the first place, and whoever reads behind it misses some."""
    without_constraints(sample)
    without_lock(monkeypatch, sample.database)
    with pytest.raises(AssertionError, match=r"missed|dense"):
        writers_and_a_reader_at_once(sample)
    with sample.database.read() as connection:
        first = connection.execute(select(log.events.c.entry).where(log.events.c.position == 1)).all()
    assert len({Entry.from_bytes(bytes(row.entry)).event_id for row in first}) == WRITERS


def test_commands_of_many_callers_at_once_are_all_carried_out(sample: Sample) -> None:
    sample.tell("open", "OpenBox", box_id="b", pieces=WRITERS * 5)

    def take(caller: int) -> list[int]:
        return [sample.tell(f"{caller} {n}", "TakePieces", box_id="b", pieces=1)["position"] for n in range(5)]

    with ThreadPoolExecutor(WRITERS) as pool:
        positions = [position for taken in pool.map(take, range(WRITERS)) for position in taken]
    assert sorted(positions) == list(range(2, WRITERS * 5 + 2))
    assert sample.pieces() == {"b": 0}


def test_the_same_command_asked_by_all_at_once_is_carried_out_once(sample: Sample) -> None:
    barrier = threading.Barrier(WRITERS)

    def ask(_caller: int) -> object:
        barrier.wait(LIMIT_SECONDS)
        return sample.tell("open", "OpenBox", box_id="b", pieces=3)

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(ask, range(WRITERS)))
    assert all(answer == answers[0] for answer in answers)
    assert len(sample.entries()) == 1


def test_a_log_that_grows_while_it_is_verified_holds(sample: Sample) -> None:
    sample.tell("open", "OpenBox", box_id="b", pieces=10_000)
    sample.service.sign_checkpoints()
    (end,) = sample.service.ends()
    verifier = sample.keys.signer(LOG, end.origin).verifier()
    url = sample.database.url.render_as_string(hide_password=False)
    stop = threading.Event()

    def grow() -> int:
        taken = 0
        while not stop.is_set():
            taken += 1
            sample.tell(f"take {taken}", "TakePieces", box_id="b", pieces=1)
            sample.service.sign_checkpoints()
        return taken

    with ThreadPoolExecutor(1) as pool:
        growing = pool.submit(grow)
        try:
            verified = [verify_log(url, LOG, verifier) for _ in range(10)]
        finally:
            stop.set()
        assert growing.result(LIMIT_SECONDS)
    assert [finding for each in verified for finding in each.findings] == []
    assert verified[-1].position > verified[0].position > 0
