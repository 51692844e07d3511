"""A stored checkpoint that was changed is named, and a kept one proves only its own log."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from lastmile.kernel.store import log
from lastmile.kernel.store.checkpoints import LogKeys, checkpoints
from tests.kernel.filled import EVENTS
from tests.kernel.sample import LOG
from tests.kernel.verifying.victim import Victim, names


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
