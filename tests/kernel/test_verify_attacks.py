"""Whatever is changed in a stored log, verifying it says so and names the log and the position."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, update

from lastmile.kernel.domain.checkpoint import Verifier
from lastmile.kernel.domain.entry import entry_hash
from lastmile.kernel.domain.merkle import root_of
from lastmile.kernel.store import log, verifying
from lastmile.kernel.store.checkpoints import LogKeys, checkpoints, notes
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.keystore import Keystore, MasterKey, keystore_tables
from lastmile.kernel.store.log import INDEXED, NoSuchLog, events, heads
from lastmile.kernel.store.verified_range import FINDINGS_NAMED, check_range
from lastmile.kernel.store.verifying import Runs, Verified, cannot_know, verify_database, verify_log
from tests.kernel.conftest import MakeSample
from tests.kernel.sample import LOG, let_change, sample_on
from tests.kernel.tampering import (
    Members,
    change_byte,
    cut_tail,
    remove,
    set_column,
    sign_anew,
    swap,
    unguarded,
    write_anew,
)

EVENTS, SIGNED_EVERY = 40, 8
POSITIONS = st.integers(1, EVENTS)


@dataclass
class Victim:
    """A log of 40 events with a checkpoint after every 8, its pinned public key and the checkpoints others kept."""

    database: Database
    keys: LogKeys
    verifier: Verifier
    kept: list[str]

    @property
    def url(self) -> str:
        return self.database.url.render_as_string(hide_password=False)

    def verify(self, *kept: str, processes: int = 1) -> Verified:
        return verify_log(self.url, LOG, self.verifier, kept, processes=processes)


def victim_of(database: Database, keys: LogKeys) -> Victim:
    with database.read() as connection:
        (end,) = log.ends(connection)
        kept = notes(connection, LOG)
    return Victim(database, keys, keys.signer(LOG, end.origin).verifier(), kept)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Victim:
    """On SQLite, made once, to be copied for each attack."""
    directory = tmp_path_factory.mktemp("original")
    keys = Database(f"sqlite:///{directory / 'keys.db'}")
    keystore_tables.create_all(keys.engine)
    database = Database(f"sqlite:///{directory / 'log.db'}")
    sample = sample_on(database, Keystore(keys, MasterKey(bytes(32))), LogKeys(directory / "log-keys"))
    sample.fill(EVENTS, SIGNED_EVERY)
    found = victim_of(database, sample.keys)
    database.close()
    keys.close()
    return found


@contextmanager
def copy_of(original: Victim) -> Iterator[Victim]:
    path = Path(str(original.database.url.database))
    copy = path.with_name("copy.db")
    for old in path.parent.glob("copy.db*"):
        old.unlink()
    shutil.copy(path, copy)
    database = Database(f"sqlite:///{copy}")
    yield replace(original, database=database)
    database.close()


@pytest.fixture
def victim(original: Victim) -> Iterator[Victim]:
    with copy_of(original) as copy:
        yield copy


@pytest.fixture
def victim_on_either(request: pytest.FixtureRequest, database_url: str) -> Victim:
    """On each kind of database, for what the database itself has a part in."""
    if database_url.startswith("sqlite"):
        copy: Victim = request.getfixturevalue("victim")
        return copy
    make_sample: MakeSample = request.getfixturevalue("make_sample")
    sample = make_sample(database_url)
    sample.fill(EVENTS, SIGNED_EVERY)
    return victim_of(sample.database, sample.keys)


def names(verified: Verified, position: int) -> bool:
    """Some finding names this log and this position."""
    return any((finding.log, finding.position) == (LOG, position) for finding in verified.findings)


def test_a_log_that_nobody_touched_holds(victim_on_either: Victim) -> None:
    victim = victim_on_either
    verified = victim.verify(*victim.kept)
    assert verified.findings == ()
    assert (verified.position, verified.checkpoints, verified.older, verified.signed) == (EVENTS, 5, 5, EVENTS)
    with victim.database.read() as connection:
        assert verified.root == root_of(log.leaves(connection, LOG, 0, EVENTS))


def test_the_summary_says_what_it_cannot_know(victim: Victim) -> None:
    assert "Whoever holds the signing key can sign another history" in cannot_know([victim.verify()])
    assert "No checkpoint kept elsewhere was given" in cannot_know([victim.verify()])
    assert "5 checkpoints that were kept elsewhere hold" in cannot_know([victim.verify(*victim.kept)])


def test_what_is_not_signed_yet_is_said(victim: Victim) -> None:
    with victim.database.write() as connection:
        connection.execute(delete(checkpoints).where(checkpoints.c.size > EVENTS - SIGNED_EVERY))
    verified = victim.verify()
    assert verified.holds
    assert "8 entries behind it are not signed yet" in verified.summary()


def byte(connection: Connection) -> None:
    change_byte(connection, 17, 300, 1)


def column(connection: Connection) -> None:
    set_column(connection, 17, "type", "Another")


def stored_leaf(connection: Connection) -> None:
    set_column(connection, 17, "leaf", bytes(32))


def place(connection: Connection) -> None:
    set_column(connection, 17, "log", "110102018/sample")


def gone(connection: Connection) -> None:
    remove(connection, 17)


def swapped(connection: Connection) -> None:
    swap(connection, 17, 30)


def all_hashed_anew(connection: Connection) -> None:
    write_anew(connection, raise_an_amount)


@pytest.mark.parametrize(
    ("attack", "position"),
    [(byte, 17), (column, 17), (stored_leaf, 17), (place, 17), (gone, 17), (swapped, 30), (all_hashed_anew, 24)],
)
def test_an_attack_is_seen_on_each_kind_of_database(
    victim_on_either: Victim, attack: Callable[[Connection], None], position: int
) -> None:
    with unguarded(victim_on_either.database) as connection:
        attack(connection)
    assert names(victim_on_either.verify(), position)


@given(POSITIONS, st.integers(0, 2000), st.integers(1, 255))
def test_one_byte_of_any_event_changed(original: Victim, position: int, place: int, by: int) -> None:
    with copy_of(original) as victim:
        with unguarded(victim.database) as connection:
            change_byte(connection, position, place, by)
        verified = victim.verify()
    assert names(verified, position)


@given(POSITIONS, st.integers(0, 31), st.integers(1, 255))
@settings(max_examples=30)
def test_one_byte_of_any_stored_leaf_changed(original: Victim, position: int, place: int, by: int) -> None:
    with copy_of(original) as victim:
        with unguarded(victim.database) as connection:
            row = connection.execute(select(events.c.leaf).where(events.c.position == position)).one()
            leaf = bytearray(row.leaf)
            leaf[place] ^= by
            set_column(connection, position, "leaf", bytes(leaf))
        verified = victim.verify()
    assert names(verified, position)


@pytest.mark.parametrize("column", INDEXED)
def test_an_index_column_changed(victim: Victim, column: str) -> None:
    changed: Any = 99 if column == "version" else "2016-01-01"
    with unguarded(victim.database) as connection:
        set_column(connection, 17, column, changed)
    verified = victim.verify()
    assert names(verified, 17)
    assert any(f"column {column} says {changed!r}" in finding.what for finding in verified.findings)


@given(POSITIONS)
@settings(max_examples=EVENTS)
def test_an_event_removed(original: Victim, position: int) -> None:
    with copy_of(original) as victim:
        with unguarded(victim.database) as connection:
            remove(connection, position)
        verified = victim.verify()
    assert names(verified, position)
    assert any("missing" in finding.what for finding in verified.findings if finding.position == position)
    assert verified.root is None


@given(st.lists(POSITIONS, min_size=2, max_size=2, unique=True))
@settings(max_examples=30)
def test_two_events_swapped(original: Victim, positions: list[int]) -> None:
    with copy_of(original) as victim:
        with unguarded(victim.database) as connection:
            swap(connection, *positions)
        verified = victim.verify()
    assert all(names(verified, position) for position in positions)


@given(st.integers(1, EVENTS - 1))
@settings(max_examples=EVENTS)
def test_the_tail_cut_and_the_head_adjusted(original: Victim, last: int) -> None:
    with copy_of(original) as victim:
        with unguarded(victim.database) as connection:
            cut_tail(connection, last)
        verified = victim.verify()
    assert names(verified, EVENTS)
    assert any(f"the log ends at {last}" in finding.what for finding in verified.findings)


def test_the_tail_cut_with_its_checkpoints_is_shown_by_a_kept_one(victim: Victim) -> None:
    with unguarded(victim.database) as connection:
        cut_tail(connection, 20)
        connection.execute(delete(checkpoints).where(checkpoints.c.size > 20))
    assert victim.verify().holds
    assert names(victim.verify(victim.kept[-1]), EVENTS)


def test_events_behind_the_head(victim: Victim) -> None:
    with unguarded(victim.database) as connection:
        row = connection.execute(select(events).where(events.c.position == 39)).one()
        end = {"position": 39, "leaf": row.leaf, "recorded_at": row.recorded_at}
        connection.execute(update(heads).values(end))
        connection.execute(delete(checkpoints).where(checkpoints.c.size > 39))
    assert names(victim.verify(), EVENTS)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"leaf": bytes(32)}, "the last entry is not the one that the head names"),
        ({"recorded_at": "2018"}, "the last entry is not the one that the head names"),
        ({"position": EVENTS + 5}, f"entries {EVENTS + 1} to {EVENTS + 5} are missing"),
        ({"origin": "another"}, "the head says origin another"),
        ({"station": "110102018"}, "the head says station '110102018'"),
    ],
)
def test_the_head_changed(victim: Victim, change: dict[str, Any], what: str) -> None:
    with victim.database.write() as connection:
        connection.execute(update(heads).values(change))
    assert any(what in finding.what for finding in victim.verify().findings)


def raise_an_amount(members: list[Members]) -> None:
    members[20]["payload"]["pieces"] = 7


def leave_one_out(members: list[Members]) -> None:
    del members[20]


def turn_time_back(members: list[Members]) -> None:
    members[20]["recorded_at"] = "2016-01-01T00:00:00.000000Z"


def give_another_version(members: list[Members]) -> None:
    members[-1]["version"] += 1


def take_anothers_stream(members: list[Members]) -> None:
    members[20] |= {"stream": "110102018/box/b", "version": 1}


def test_everything_hashed_anew_without_the_key_is_refused_by_the_checkpoints(victim: Victim) -> None:
    with unguarded(victim.database) as connection:
        write_anew(connection, raise_an_amount)
    (finding,) = victim.verify().findings
    assert (finding.log, finding.position) == (LOG, 24)
    assert "of entries 17 to 24 some were changed" in finding.what


def test_everything_hashed_anew_and_signed_by_another_key_is_refused(victim: Victim, tmp_path: Path) -> None:
    with unguarded(victim.database) as connection:
        write_anew(connection, raise_an_amount)
    sign_anew(victim.database, LogKeys(tmp_path / "attacker"), SIGNED_EVERY)
    verified = victim.verify()
    assert all(names(verified, size) for size in range(SIGNED_EVERY, EVENTS + 1, SIGNED_EVERY))
    assert all("no signature by" in finding.what for finding in verified.findings)


def test_everything_signed_anew_with_the_key_is_refused_by_a_kept_checkpoint(victim_on_either: Victim) -> None:
    victim = victim_on_either
    with unguarded(victim.database) as connection:
        write_anew(connection, raise_an_amount)
    sign_anew(victim.database, victim.keys, SIGNED_EVERY)
    assert victim.verify().holds, "nobody can see this without a checkpoint from before"
    assert victim.verify(*victim.kept[:2]).holds, "those were signed before the entry that was changed"
    (finding,) = victim.verify(*victim.kept).findings
    assert (finding.log, finding.position) == (LOG, 24)
    assert "a checkpoint that was kept" in finding.what


@pytest.mark.parametrize(
    ("change", "position", "what"),
    [
        (turn_time_back, 21, "before the entry before it"),
        (give_another_version, EVENTS, "the highest version is"),
        (take_anothers_stream, 21, "belongs to another station"),
        (leave_one_out, EVENTS - 2, "the highest version is"),
    ],
)
def test_rules_of_the_log_hold_even_for_who_holds_the_key(
    victim: Victim, change: Any, position: int, what: str
) -> None:
    with unguarded(victim.database) as connection:
        write_anew(connection, change)
    sign_anew(victim.database, victim.keys, SIGNED_EVERY)
    assert any(finding.position == position and what in finding.what for finding in victim.verify().findings)


@pytest.mark.parametrize("column", ["root", "peaks", "note", "size"])
def test_a_stored_checkpoint_changed(victim: Victim, column: str) -> None:
    with victim.database.write() as connection:
        note = connection.execute(select(checkpoints.c.note).where(checkpoints.c.size == 16)).scalar_one()
        value: Any = {"root": bytes(32), "peaks": bytes(32), "note": note.replace("\n16\n", "\n17\n"), "size": 17}
        connection.execute(update(checkpoints).where(checkpoints.c.size == 16).values({column: value[column]}))
    assert names(victim.verify(), 17 if column == "size" else 16)


@pytest.mark.parametrize("size", [-1, 0, EVENTS + 1])
def test_a_checkpoint_of_an_impossible_size(victim: Victim, size: int) -> None:
    with victim.database.write() as connection:
        row = connection.execute(select(checkpoints).where(checkpoints.c.size == 16)).one()
        connection.execute(insert(checkpoints).values({**row._mapping, "size": size}))
    assert not victim.verify().holds


def test_a_kept_checkpoint_of_another_log_or_key_is_no_proof(victim: Victim, tmp_path: Path) -> None:
    (end,) = _ends(victim)
    other = LogKeys(tmp_path / "another").signer(LOG, end.origin)
    for note in (other.sign("a\n1\n\n"), "no note", victim.kept[0].replace("\n8\n", "\n9\n")):
        verified = victim.verify(note)
        assert [finding.position for finding in verified.findings] == [0]
        assert "a checkpoint that was kept" in verified.findings[0].what


def _ends(victim: Victim) -> list[log.Head]:
    with victim.database.read() as connection:
        return log.ends(connection)


def test_triggers_that_are_gone(victim_on_either: Victim) -> None:
    let_change(victim_on_either.database)
    findings = victim_on_either.verify().findings
    with victim_on_either.database.read() as connection:
        expected = log.missing_triggers(connection)
    assert expected
    assert all(any(f"the trigger {name}" in finding.what for finding in findings) for name in expected)


@given(POSITIONS, st.sampled_from(["event_id", "stream", "type", "entry", "leaf"]), st.sampled_from(["text", "bytes"]))
@settings(max_examples=40)
def test_what_is_not_even_text_is_named_and_the_rest_is_read(
    original: Victim, position: int, column: str, kind: str
) -> None:
    value = {"text": "CAST(x'ff41' AS TEXT)", "bytes": "x'ff41'"}[kind]
    with copy_of(original) as victim:
        with unguarded(victim.database) as connection:
            connection.exec_driver_sql(f"UPDATE events SET {column} = {value} WHERE position = {position}")
            set_column(connection, EVENTS, "command_id", "another")
        verified = victim.verify()
    assert names(verified, position)
    assert names(verified, EVENTS)


def test_very_many_findings_are_counted_and_not_all_named(victim: Victim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lastmile.kernel.store.verified_range.FINDINGS_NAMED", 10)
    with unguarded(victim.database) as connection:
        connection.execute(update(events).values(command_id="another"))
    verified = victim.verify()
    assert (len(verified.findings), verified.unnamed) == (10, EVENTS - 10)
    assert FINDINGS_NAMED >= 10


@contextmanager
def in_this_process(_processes: int) -> Iterator[Runs]:
    yield lambda ranges: map(check_range, ranges)


@pytest.fixture
def many_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranges as for many processes, checked in this one."""
    monkeypatch.setattr(verifying, "WORTH_PROCESSES", 1)
    monkeypatch.setattr(verifying, "_running", in_this_process)


@pytest.mark.parametrize("processes", [2, 3, 5, 10])
def test_ranges_put_together_give_what_one_reading_gives(victim: Victim, many_ranges: None, processes: int) -> None:
    assert victim.verify(*victim.kept, processes=processes) == victim.verify(*victim.kept)


@pytest.mark.parametrize("position", range(1, EVENTS + 1, 3))
def test_ranges_put_together_find_what_one_reading_finds(original: Victim, many_ranges: None, position: int) -> None:
    with copy_of(original) as victim:
        with unguarded(victim.database) as connection:
            change_byte(connection, position, 30, 1)
        assert victim.verify(processes=3) == victim.verify()
    with copy_of(original) as victim:
        with unguarded(victim.database) as connection:
            remove(connection, position)
        parts, whole = victim.verify(processes=3), victim.verify()
    assert names(parts, position)
    assert parts.root is whole.root is None


def test_other_processes_find_the_same(victim_on_either: Victim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "WORTH_PROCESSES", 1)
    with unguarded(victim_on_either.database) as connection:
        change_byte(connection, 33, 300, 1)
    kept = victim_on_either.kept
    assert victim_on_either.verify(*kept, processes=2) == victim_on_either.verify(*kept)


def test_every_log_of_a_database_is_checked(victim_on_either: Victim) -> None:
    victim = victim_on_either
    (verified,) = verify_database(victim.url, {LOG: victim.verifier}, victim.kept)
    assert verified == victim.verify(*victim.kept)


def all_findings(victim: Victim, verifiers: dict[str, Verifier], *kept: str) -> dict[str, str]:
    found = verify_database(victim.url, verifiers, kept)
    return {finding.log: finding.what for verified in found for finding in verified.findings}


def test_a_log_without_a_public_key_is_a_finding(victim: Victim) -> None:
    assert "no public key" in all_findings(victim, {})[LOG]


def test_a_log_that_is_gone_is_a_finding(victim: Victim) -> None:
    gone = "110102018/sample"
    assert all_findings(victim, {LOG: victim.verifier, gone: victim.verifier}) == {gone: "the log is not there"}
    note = victim.kept[0].replace(LOG, gone)
    assert all_findings(victim, {LOG: victim.verifier}, note) == {gone: "the log is not there"}


def test_entries_of_a_log_without_a_head_are_a_finding(victim_on_either: Victim) -> None:
    victim = victim_on_either
    with unguarded(victim.database) as connection:
        _copy_to_another_log(connection)
    assert all_findings(victim, {LOG: victim.verifier}) == {"110102999/sample": "the log is not there"}


def _copy_to_another_log(connection: Connection) -> None:
    row = connection.execute(select(events).where(events.c.position == 1)).one()
    connection.execute(insert(events).values({**row._mapping, "log": "110102999/sample", "stream": "x"}))


def test_a_log_that_was_never_there_is_refused_by_name(victim: Victim) -> None:
    with pytest.raises(NoSuchLog, match="110102018/sample"):
        verify_log(victim.url, "110102018/sample", victim.verifier)


def test_an_empty_log_holds(make_sample: MakeSample, database_url: str) -> None:
    sample = make_sample(database_url)
    verified = victim_of(sample.database, sample.keys).verify()
    assert (verified.holds, verified.position, verified.checkpoints) == (True, 0, 0)


def test_entries_of_a_log_without_a_name_are_a_finding(victim_on_either: Victim) -> None:
    victim = victim_on_either
    with unguarded(victim.database) as connection:
        row = connection.execute(select(events).where(events.c.position == 1)).one()
        connection.execute(insert(events).values({**row._mapping, "log": "", "stream": "x"}))
    assert all_findings(victim, {LOG: victim.verifier}) == {"": "the log is not there"}


@pytest.mark.parametrize("name", ["x'00'", "CAST(x'ff41' AS TEXT)"])
def test_entries_of_a_log_whose_name_is_no_text_are_a_finding(victim: Victim, name: str) -> None:
    with unguarded(victim.database) as connection:
        _copy_to_another_log(connection)
        connection.exec_driver_sql(f"UPDATE events SET log = {name} WHERE stream = 'x'")
    assert "the log is not there" in all_findings(victim, {LOG: victim.verifier}).values()


def test_a_stream_is_that_of_its_log_alone(victim_on_either: Victim) -> None:
    victim = victim_on_either
    stream = "110102017/box/box"
    with victim.database.read() as connection:
        before = log.streams(connection, LOG, [stream])
    with unguarded(victim.database) as connection:
        row = connection.execute(select(events).where(events.c.position == 1)).one()
        connection.execute(insert(events).values({**row._mapping, "log": "", "stream": stream, "version": 999}))
    with victim.database.read() as connection:
        assert log.streams(connection, LOG, [stream]) == before
    assert before[stream]


NOT_ENTRIES: list[tuple[bytes, bytes]] = [
    (b'"schema":1,', b'"schema":1.0,'),
    (b'"version":1}', b'"version":1.0}'),
    (b'"position":1,', b'"position":1.0,'),
    (b'"role":"clerk"', b'"role":null'),
    (b'"actor":"li"', b'"actor":null'),
    (b'"schema":1,', b'"schema":0,'),
    (b'"actor":"li"', b'"actor":"other","actor":"li"'),
    (b'"schema":1,', b'"schema": 1,'),
    (b'"pieces":1000000', b'"pieces":9007199254740993'),
]


@pytest.mark.parametrize(("old", "new"), NOT_ENTRIES)
def test_an_entry_that_the_offline_verifier_refuses_does_not_hold(victim: Victim, old: bytes, new: bytes) -> None:
    _first_entry_again(victim, lambda data: data.replace(old, new, 1))
    assert names(victim.verify(), 1)


def test_an_entry_whose_payload_is_text_does_not_hold(victim: Victim) -> None:
    def text(data: bytes) -> bytes:
        before, _, rest = data.partition(b'"payload":{')
        return before + b'"payload":"text"' + rest.partition(b"}")[2]

    _first_entry_again(victim, text)
    assert names(victim.verify(), 1)


def _first_entry_again(victim: Victim, change: Callable[[bytes], bytes]) -> None:
    """Leave only the first entry, changed, with everything else made to agree and nothing signed."""
    with unguarded(victim.database) as connection:
        cut_tail(connection, 1)
        connection.execute(delete(checkpoints))
        before = bytes(connection.execute(select(events.c.entry)).scalar_one())
        data = change(before)
        assert data != before
        connection.execute(update(events).values(entry=data, leaf=entry_hash(data)))
        connection.execute(update(heads).values(leaf=entry_hash(data)))


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE events SET position = 'abc' WHERE position = 17", 17),
        ("UPDATE events SET position = 1.5 WHERE position = 17", 17),
        ("UPDATE events SET position = x'00' WHERE position = 40", 40),
        ("UPDATE events SET entry = CAST(entry AS TEXT) WHERE position = 17", 17),
        ("UPDATE events SET recorded_at = x'00ff' WHERE position = 17", 17),
        ("UPDATE events SET recorded_at = x'00ff' WHERE position = 40", 40),
        ("UPDATE events SET version = 'abc' WHERE position = 17", 17),
        ("UPDATE events SET leaf = 5 WHERE position = 17", 17),
        ("UPDATE heads SET position = 'abc'", 0),
        ("UPDATE heads SET leaf = 'abc'", EVENTS),
        ("UPDATE heads SET leaf = 1000000000000", EVENTS),
        ("UPDATE heads SET recorded_at = x'00'", EVENTS),
        ("UPDATE heads SET origin = x'00'", 0),
        ("UPDATE heads SET station = x'00'", 0),
        ("UPDATE checkpoints SET note = CAST('x' AS BLOB) WHERE size = 16", 16),
        ("UPDATE checkpoints SET root = 'abc' WHERE size = 16", 16),
        ("UPDATE checkpoints SET size = 'abc' WHERE size = 16", 0),
    ],
)
@pytest.mark.parametrize("processes", [1, 3])
def test_a_value_of_a_wrong_type_is_a_finding(
    victim: Victim, many_ranges: None, statement: str, position: int, processes: int
) -> None:
    with unguarded(victim.database) as connection:
        connection.exec_driver_sql(statement)
    assert names(victim.verify(processes=processes), position)
    assert all_findings(victim, {LOG: victim.verifier})


def test_a_head_whose_name_is_no_text_is_a_finding(victim: Victim) -> None:
    with victim.database.write() as connection:
        connection.exec_driver_sql("UPDATE heads SET log = CAST(log AS BLOB)")
    assert all_findings(victim, {LOG: victim.verifier})[LOG] == "the log is not there"
