"""What `lastmile verify` and `events` make of what others kept, and of what others put into the databases."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lastmile.kernel.domain.checkpoint import Checkpoint, Signer
from lastmile.kernel.store.checkpoints import LogKeys, notes, sign_new
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.log import REFUSE_CHANGES, TRIGGERS
from tests.cli.conftest import STATION, Run

LOG = f"{STATION}/access"


@pytest.fixture
def note(home: Path) -> str:
    database = Database(f"sqlite:///{home / 'access.db'}")
    sign_new(database, LogKeys(home / "keys" / "access"))
    with database.read() as connection:
        (*_, newest) = notes(connection, LOG)
    database.close()
    return newest


def of_another(origin: str) -> str:
    return Signer(origin, Ed25519PrivateKey.generate()).sign(Checkpoint(origin, 1, bytes(32)).body())


@pytest.mark.parametrize("before", ["", "\ufeff", "\n\n", "\ufeff\n"])
def test_a_kept_checkpoint_counts_however_its_file_begins(at_home: Run, tmp_path: Path, note: str, before: str) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(before + note, encoding="utf-8")
    said = at_home("verify", "--processes", "1", "--checkpoint", str(kept))
    assert said.returncode == 0, said.stdout + said.stderr
    assert "1 checkpoints that were kept elsewhere hold" in said.stdout


def test_every_note_of_a_file_is_held_against_the_logs(at_home: Run, tmp_path: Path, note: str) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(f"{note}\n{note}")
    said = at_home("verify", "--processes", "1", "--checkpoint", str(kept))
    assert "2 checkpoints that were kept elsewhere hold" in said.stdout
    origin = note.partition("\n")[0]
    kept.write_text(f"{note}\n{of_another(origin)}")
    assert at_home("verify", "--processes", "1", "--checkpoint", str(kept)).returncode == 1


@pytest.mark.parametrize(
    "origin", ["example.com/tree", "lastmile/110102017/nothing/id", "lastmile/110102099/access/id"]
)
def test_a_checkpoint_of_a_log_that_is_not_here_is_a_finding(at_home: Run, tmp_path: Path, origin: str) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(of_another(origin))
    said = at_home("verify", "--processes", "1", "--checkpoint", str(kept))
    assert said.returncode == 1, said.stdout + said.stderr


@pytest.mark.parametrize("data", [b"", b"\n\n", b"garbage", b"a\n\nb\n", b"\xff\xfe\x00"])
def test_a_file_without_checkpoints_is_wrong_usage(at_home: Run, tmp_path: Path, data: bytes) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_bytes(data)
    said = at_home("verify", "--checkpoint", str(kept))
    assert said.returncode == 2
    assert "Traceback" not in said.stderr


def tampered(home: Path, *statements: str) -> None:
    """Carry out the statements on access, past the triggers that forbid them, and put these back."""
    database = Database(f"sqlite:///{home / 'access.db'}")
    with database.write() as connection:
        for name in TRIGGERS["sqlite"]:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in (*statements, *REFUSE_CHANGES["sqlite"]):
            connection.exec_driver_sql(statement)
    database.close()


def test_a_log_cut_with_all_its_checkpoints_is_shown_by_what_lies_beside_the_key(
    at_home: Run, home: Path, note: str
) -> None:
    assert note
    tampered(
        home,
        "DELETE FROM events WHERE position > 1",
        "DELETE FROM checkpoints",
        "UPDATE heads SET position = 1, (leaf, recorded_at) = (SELECT leaf, recorded_at FROM events)",
    )
    said = at_home("verify", "--processes", "1")
    assert said.returncode == 1
    assert "the checkpoint beside the key is of size 3" in said.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET position = 'abc' WHERE position = 2",
        "UPDATE events SET entry = CAST(entry AS TEXT) WHERE position = 2",
        "UPDATE events SET recorded_at = x'00ff' WHERE position = 1",
        "UPDATE heads SET position = 'abc'",
        "UPDATE heads SET leaf = 'abc'",
    ],
)
def test_values_of_a_wrong_type_are_findings_and_no_crash(at_home: Run, home: Path, statement: str) -> None:
    tampered(home, statement)
    said = at_home("verify", "--processes", "1")
    assert said.returncode == 1, said.stdout + said.stderr
    assert LOG in said.stdout
    assert "Traceback" not in said.stderr


def test_a_row_planted_under_another_log_is_not_printed_with_a_stream(at_home: Run, home: Path) -> None:
    printed = at_home("events", "--log", LOG).stdout.splitlines()
    tampered(
        home,
        "INSERT INTO events (log, position, event_id, stream, version, type, occurred_on, recorded_at, command_id,"
        " leaf, entry) SELECT '', position, 'x', stream, version + 1, type, occurred_on, recorded_at, 'x', leaf, entry"
        " FROM events WHERE position = 1",
    )
    database = Database(f"sqlite:///{home / 'access.db'}")
    with database.read() as connection:
        stream = connection.exec_driver_sql("SELECT stream FROM events WHERE log = ''").scalar_one()
    database.close()
    assert at_home("events", "--stream", stream).stdout.splitlines() == printed[:1]
