"""A log that is verified in ranges is found to be what it is found to be in one reading."""

import pytest

from lastmile.kernel.store import verifying
from tests.kernel.filled import EVENTS
from tests.kernel.tampering import change_byte, remove, unguarded
from tests.kernel.verifying.victim import Victim, copy_of, names


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
