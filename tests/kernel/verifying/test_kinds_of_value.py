"""A value of a kind that the program never writes is a finding, in an entry and in any column."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update

from lastmile.kernel.domain.entry import entry_hash
from lastmile.kernel.store.checkpoints import checkpoints
from lastmile.kernel.store.log import events, heads
from tests.kernel.filled import EVENTS
from tests.kernel.sample import LOG
from tests.kernel.tampering import cut_tail, unguarded
from tests.kernel.verifying.victim import Victim, all_findings, names

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
