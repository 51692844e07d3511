"""A log is signed on only if it still is what was signed of it before."""

from pathlib import Path

import pytest
from sqlalchemy import delete, event, select, update

from lastmile.kernel.domain.entry import entry_hash
from lastmile.kernel.store import log
from lastmile.kernel.store.checkpoints import HistoryChanged, LogKeys, WrongKeys, checkpoints, notes, sign_new
from tests.kernel.sample import LOG, Sample
from tests.kernel.tampering import Members, cut_tail, set_column, unguarded, write_anew

PINNED = "110102017-sample.vkey"


@pytest.fixture
def signed(sample: Sample) -> Sample:
    sample.fill(16, 8)
    sample.tell("more", "TakePieces", box_id="box", pieces=1)
    return sample


def raise_an_amount(members: list[Members]) -> None:
    members[4]["payload"]["pieces"] = 77


def stored(sample: Sample) -> list[str]:
    with sample.database.read() as connection:
        return notes(connection, LOG)


@pytest.mark.parametrize("table", ["emptied", "altered", "left"])
def test_a_forged_history_is_not_signed_again(signed: Sample, table: str) -> None:
    before = stored(signed)
    with unguarded(signed.database) as connection:
        write_anew(connection, raise_an_amount)
        if table == "emptied":
            connection.execute(delete(checkpoints))
        elif table == "altered":
            connection.execute(update(checkpoints).values(peaks=bytes(32), root=bytes(32)))
    if table == "left":
        # The tree goes on from what was signed, not from the forged entries: verifying names them.
        assert sign_new(signed.database, signed.keys) == 1
        assert stored(signed)[:2] == before
        return
    with pytest.raises(HistoryChanged, match="changed behind the signed checkpoint of size 16"):
        sign_new(signed.database, signed.keys)


def test_a_log_whose_checkpoints_are_gone_but_whose_entries_are_not_is_signed_on(signed: Sample) -> None:
    with signed.database.write() as connection:
        connection.execute(delete(checkpoints))
    assert sign_new(signed.database, signed.keys) == 1
    assert [note.split("\n")[1] for note in stored(signed)] == ["17"]


def test_a_log_that_became_shorter_than_what_was_signed_is_refused(signed: Sample) -> None:
    with unguarded(signed.database) as connection:
        cut_tail(connection, 12)
        connection.execute(delete(checkpoints).where(checkpoints.c.size > 12))
    with pytest.raises(HistoryChanged, match="the log ends at 12"):
        sign_new(signed.database, signed.keys)


def test_a_new_entry_that_is_not_its_leaf_is_not_signed(signed: Sample) -> None:
    with unguarded(signed.database) as connection:
        set_column(connection, 17, "entry", b"{}")
    with pytest.raises(HistoryChanged, match="entry 17 was changed"):
        sign_new(signed.database, signed.keys)


def test_only_the_new_entries_are_read_to_sign_them(signed: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []

    def counted(data: bytes) -> bytes:
        read.append(data)
        return entry_hash(data)

    monkeypatch.setattr("lastmile.kernel.store.checkpoints.entry_hash", counted)
    monkeypatch.setattr(log, "leaves", None)
    assert sign_new(signed.database, signed.keys) == 1
    assert len(read) == 1
    assert sign_new(signed.database, signed.keys) == 0


def test_a_log_that_stands_still_is_not_looked_at_again(signed: Sample) -> None:
    assert [sign_new(signed.database, signed.keys) for _ in range(2)] == [1, 0]
    asked: list[str] = []
    event.listen(signed.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert sign_new(signed.database, signed.keys) == 0
    assert len(asked) == 1
    signed.tell("even more", "TakePieces", box_id="box", pieces=1)
    assert sign_new(signed.database, signed.keys) == 1


def test_a_log_that_became_shorter_while_it_was_watched_is_refused(signed: Sample) -> None:
    sign_new(signed.database, signed.keys)
    with unguarded(signed.database) as connection:
        cut_tail(connection, 12)
    with pytest.raises(HistoryChanged, match="the log ends at 12"):
        sign_new(signed.database, signed.keys)


def test_what_was_signed_last_lies_beside_the_key(signed: Sample) -> None:
    sign_new(signed.database, signed.keys)
    assert signed.keys.signed_notes() == {LOG: stored(signed)[-1]}
    kept = LogKeys(signed.keys.directory).signed(LOG)
    with signed.database.read() as connection:
        row = connection.execute(select(checkpoints).where(checkpoints.c.size == 17)).one()
    assert kept is not None
    assert (kept.note, kept.tree.to_bytes()) == (row.note, bytes(row.peaks))


def test_what_was_signed_before_anything_lay_beside_the_key_is_pinned(signed: Sample) -> None:
    (signed.keys.directory / "110102017-sample.signed").unlink()
    assert sign_new(signed.database, signed.keys) == 1
    assert signed.keys.signed(LOG) is not None


def test_a_public_key_under_the_name_of_another_log_is_refused(signed: Sample) -> None:
    pinned = signed.keys.directory / PINNED
    other = pinned.with_name("110102018-sample.vkey")
    other.write_text(pinned.read_text())
    with pytest.raises(WrongKeys, match=r"110102018-sample\.vkey is a public key of 110102017/sample"):
        signed.keys.verifiers()


def test_a_private_key_that_is_not_that_of_the_public_key_is_refused(signed: Sample, tmp_path: Path) -> None:
    (end,) = signed.service.ends()
    other = LogKeys(tmp_path / "other").signer(LOG, end.origin).verifier()
    (signed.keys.directory / PINNED).write_text(f"{other}\n")
    with pytest.raises(WrongKeys, match="is not the key to"):
        signed.keys.verifiers()


def test_a_public_key_that_is_garbage_is_named(signed: Sample) -> None:
    (signed.keys.directory / PINNED).write_text("garbage")
    with pytest.raises(WrongKeys, match=f"{PINNED}: not a verifier key"):
        signed.keys.verifiers()
