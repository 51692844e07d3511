"""A log whose tail was cut or whose head was changed does not hold."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from lastmile.kernel.store.checkpoints import checkpoints
from lastmile.kernel.store.log import events, heads
from tests.kernel.filled import EVENTS
from tests.kernel.tampering import cut_tail, unguarded
from tests.kernel.verifying.victim import Victim, copy_of, names


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
