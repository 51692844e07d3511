"""A log in which everything was hashed anew, without the key and with it, does not hold."""

from pathlib import Path
from typing import Any

import pytest

from lastmile.kernel.store.checkpoints import LogKeys
from tests.kernel.filled import EVENTS, SIGNED_EVERY
from tests.kernel.sample import LOG
from tests.kernel.tampering import Members, raise_an_amount, sign_anew, turn_time_back, unguarded, write_anew
from tests.kernel.verifying.victim import Victim, names


def leave_one_out(members: list[Members]) -> None:
    del members[20]


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
