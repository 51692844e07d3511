"""Messages in any order and any number are counted once; and this rests on the cursor, as a control shows."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.following import Follower, stops
from tests.system.repeats import LOG, Told, counting_follower, told_log

ENTRIES = 40


class WithoutCursor(Follower):
    """A follower that applies whatever comes, as if there were no cursor. It exists to fail."""

    def _apply_part(self, log: str, found: Sequence[tuple[Entry, bytes]]) -> bool:
        self._cursor(log)
        with self.database.write() as connection:
            self.applies.inside(connection, [entry for entry, _ in found], [data for _, data in found], None)
        return False


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(), repeats=st.integers(1, 4), batch=st.integers(1, 50))
def test_messages_repeated_shuffled_and_lost_are_counted_once(
    tmp_path_factory: pytest.TempPathFactory, seed: int, repeats: int, batch: int
) -> None:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('shuffled') / 'follower.db'}")
    follower, counted = counting_follower(database)
    data, dice = told_log(ENTRIES), random.Random(seed)
    messages = [item for item in data * repeats if dice.random() > 0.2]
    dice.shuffle(messages)
    for start in range(0, len(messages), batch):
        if LOG in follower.offer(messages[start : start + batch]) and dice.random() < 0.3:
            follower.catch_up(Told(data), only=[LOG])
    follower.catch_up(Told(data))
    with database.read() as connection:
        assert stops(connection) == []
    assert counted() == dict.fromkeys(range(1, ENTRIES + 1), 1)
    database.close()


def test_without_the_cursor_a_repeated_message_is_counted_twice(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'follower.db'}")
    follower, counted = counting_follower(database, WithoutCursor)
    data = told_log(3)
    follower.offer(data)
    follower.offer([data[1]])
    assert counted() == {1: 1, 2: 2, 3: 1}
    database.close()


def test_with_the_cursor_it_is_counted_once(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'follower.db'}")
    follower, counted = counting_follower(database)
    data = told_log(3)
    follower.offer(data)
    follower.offer([data[1]])
    assert counted() == {1: 1, 2: 1, 3: 1}
    database.close()
