"""Whatever is changed in a stored entry, verifying its log names the entry's position."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from lastmile.kernel.store.log import INDEXED, events
from lastmile.kernel.store.verified_range import FINDINGS_NAMED
from tests.kernel.filled import EVENTS, POSITIONS
from tests.kernel.tampering import change_byte, raise_an_amount, remove, set_column, swap, unguarded, write_anew
from tests.kernel.verifying.victim import Victim, copy_of, names


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
