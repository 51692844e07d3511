"""The log of a station: dense, in order, each entry naming the one before, and never changed."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from lastmile.kernel.domain.entry import NO_ENTRY, entry_hash
from lastmile.kernel.store import log
from lastmile.kernel.store.log import Draft, NoSuchLog, append, entry_at, lock_head
from tests.kernel.sample import LOG, NOON, STATION, Sample, let_change


def draft(stream: str, version: int = 1) -> Draft:
    return Draft(
        event_id=f"{stream}-{version}",
        stream=f"{STATION}/box/{stream}",
        version=version,
        type="BoxOpened",
        schema=1,
        occurred_on="2017-02-28",
        actor="li",
        role="clerk",
        correlation_id="c",
        causation_id="c",
        command_id="c",
        payload={"box_id": stream, "pieces": 1},
    )


def write(sample: Sample, *drafts: Draft, minutes: int = 0) -> None:
    with sample.database.write() as connection:
        append(connection, lock_head(connection, LOG), drafts, NOON + timedelta(minutes=minutes))


def test_positions_are_dense_and_each_entry_names_the_one_before_by_its_hash(sample: Sample) -> None:
    write(sample, draft("a"), draft("b"))
    write(sample, draft("c"))
    data, entries = sample.data(), sample.entries()
    assert [entry.position for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries] == [before.hex() for before in (NO_ENTRY, *map(entry_hash, data[:-1]))]
    (end,) = sample.service.ends()
    assert (end.position, end.leaf) == (3, entry_hash(data[-1]))
    assert {entry.origin for entry in entries} == {end.origin}


def test_the_bytes_that_were_hashed_are_the_bytes_that_are_kept(sample: Sample) -> None:
    write(sample, draft("a"))
    (entry,), (data,) = sample.entries(), sample.data()
    assert entry.to_bytes() == data
    with sample.database.read() as connection:
        assert entry_at(connection, LOG, 1) == data
        assert entry_at(connection, LOG, 2) is None


def test_a_clock_that_goes_back_does_not_take_the_log_with_it(sample: Sample) -> None:
    for stream, minutes in (("a", 5), ("b", 0), ("c", 9)):
        write(sample, draft(stream), minutes=minutes)
    times = [entry.recorded_at[14:16] for entry in sample.entries()]
    assert times == ["05", "05", "09"]


def test_a_version_of_a_stream_is_written_once(sample: Sample) -> None:
    write(sample, draft("a"))
    with pytest.raises(IntegrityError):
        write(sample, draft("b"), draft("a"))
    assert [entry.event_id for entry in sample.entries()] == ["a-1"]


def test_an_append_that_is_undone_leaves_no_hole(sample: Sample) -> None:
    def and_then_fail() -> None:
        with sample.database.write() as connection:
            append(connection, lock_head(connection, LOG), [draft("a")], NOON)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        and_then_fail()
    write(sample, draft("b"))
    assert [(entry.position, entry.event_id) for entry in sample.entries()] == [(1, "b-1")]


def test_appending_nothing_moves_nothing(sample: Sample) -> None:
    before = sample.service.ends()
    write(sample)
    assert sample.service.ends() == before


def test_events_are_never_updated(sample: Sample) -> None:
    write(sample, draft("a"))
    with pytest.raises(DBAPIError, match="events are never changed"), sample.database.write() as connection:
        connection.execute(update(log.events).values(type="Another"))
    assert sample.entries()[0].type == "BoxOpened"


def test_events_are_never_deleted(sample: Sample) -> None:
    write(sample, draft("a"))
    with pytest.raises(DBAPIError, match="events are never"), sample.database.write() as connection:
        connection.execute(delete(log.events))
    assert len(sample.entries()) == 1


def test_a_whole_log_is_never_emptied_at_once(sample: Sample) -> None:
    write(sample, draft("a"))
    statement = "TRUNCATE events" if not sample.database.is_sqlite else "DELETE FROM events"
    with pytest.raises(DBAPIError, match="events are never"), sample.database.write() as connection:
        connection.exec_driver_sql(statement)
    assert len(sample.entries()) == 1


def test_a_trigger_that_is_gone_is_noticed(sample: Sample) -> None:
    with sample.database.read() as connection:
        assert log.missing_triggers(connection) == []
    let_change(sample.database)
    with sample.database.read() as connection:
        assert log.missing_triggers(connection) == list(log.TRIGGERS[connection.dialect.name])


def test_a_station_has_one_log_and_opening_it_again_keeps_it(sample: Sample) -> None:
    write(sample, draft("a"))
    before = sample.service.ends()
    assert not sample.service.open_station(STATION)
    assert sample.service.open_station("110102018")
    assert sample.service.ends() == [*before, *sample.service.ends()[1:]]


def test_a_station_without_a_log_is_named_with_the_remedy(sample: Sample) -> None:
    with pytest.raises(NoSuchLog, match="lastmile init --station 110102099"), sample.database.write() as connection:
        lock_head(connection, "110102099/sample")


def test_streams_are_read_in_the_order_of_their_versions(sample: Sample) -> None:
    write(sample, draft("a"), draft("b"), draft("a", 2))
    names = [f"{STATION}/box/{stream}" for stream in ("a", "b", "nobody")]
    with sample.database.read() as connection:
        found = log.streams(connection, LOG, names)
    assert {name: [e.event_id for e in entries] for name, entries in found.items()} == {
        names[0]: ["a-1", "a-2"],
        names[1]: ["b-1"],
    }
