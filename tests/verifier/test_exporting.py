"""An export holds the very bytes, personal data only sealed, and is checked by one file that runs alone."""

import shutil
import subprocess
import sys
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import pytest

from lastmile.kernel.domain.entry import NotAnEntry
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.exporting import Exported, event_proof, export_log
from lastmile.kernel.store.log import NoSuchLog
from tests.kernel.filled import EVENTS
from tests.kernel.sample import LOG, Sample, sample_on
from tests.kernel.tampering import set_column, unguarded
from tests.verifier.bundle import Bundle, check, prove, run, signer_of
from verifier import lastmile_verifier

FILE = Path(lastmile_verifier.__file__)


def test_an_export_that_nobody_touched_holds(bundle: Bundle) -> None:
    outcome = check(bundle, "--checkpoint", bundle.directory / "checkpoints.txt")
    assert outcome.code == 0
    assert "Found: everything that was checked holds." in outcome.said
    assert f"{EVENTS} entries of {LOG}" in outcome.said
    assert "5 checkpoints in the export and 5 kept ones" in outcome.said


def test_it_says_what_it_cannot_know(bundle: Bundle) -> None:
    assert "whether the holder of the signing key signed another history for others" in check(bundle).said


def test_the_file_runs_alone_with_the_standard_library(bundle: Bundle, tmp_path: Path) -> None:
    alone = shutil.copy(FILE, tmp_path / "verifier.py")
    for key in (bundle.key, str(bundle.directory / "log.vkey")):
        command = [sys.executable, "-I", "-S", alone, "log", str(bundle.directory), "--key", key]
        assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    bundle.write(bundle.lines[:-1])
    outcome = subprocess.run(command, check=False, capture_output=True, text=True)
    assert outcome.returncode == 1
    assert f"WRONG {LOG} at {EVENTS}: " in outcome.stdout


def test_the_export_holds_the_very_bytes_and_personal_data_only_sealed(bundle: Bundle, sample: Sample) -> None:
    assert bundle.lines == sample.service.entries(LOG, 0, EVENTS)
    assert "王小明".encode() not in b"".join(path.read_bytes() for path in bundle.directory.iterdir())


def test_what_cannot_be_checked_is_told_from_what_is_wrong(bundle: Bundle, tmp_path: Path) -> None:
    assert run("log", tmp_path / "nothing", "--key", bundle.key).code == 2
    assert run("log", bundle.directory, "--key", "no+key+here").code == 2
    assert run("log", bundle.directory, "--key", tmp_path / "no file").code == 2
    assert check(bundle, "--checkpoint", tmp_path / "no file").code == 2
    for arguments in ([], ["log"], ["log", str(bundle.directory)], ["audit", "x", "--key", "y"]):
        with pytest.raises(SystemExit) as left, redirect_stderr(StringIO()):
            lastmile_verifier.main(arguments)
        assert left.value.code == 2


def test_an_export_never_overwrites_another(bundle: Bundle, sample: Sample) -> None:
    with pytest.raises(FileExistsError):
        export_log(sample.database, LOG, bundle.signer.verifier(), bundle.directory)


def test_a_log_that_is_not_there_is_refused_by_name(bundle: Bundle, sample: Sample, tmp_path: Path) -> None:
    with pytest.raises(NoSuchLog, match="110102018/sample"):
        export_log(sample.database, "110102018/sample", bundle.signer.verifier(), tmp_path)


def test_a_log_is_exported_and_proved_from_each_kind_of_database(
    database_url: str, sample: Sample, tmp_path: Path
) -> None:
    database = Database(database_url)
    made = sample_on(database, sample.keystore, LogKeys(tmp_path / "log-keys"))
    made.fill(9, 4)
    signer = signer_of(made)
    assert export_log(database, LOG, signer.verifier(), tmp_path / "bundle") == Exported(9, 2)
    bundle = Bundle(tmp_path / "bundle", signer)
    outcome = check(bundle)
    assert outcome.code == 0
    assert "the 1 after it are not signed yet" in outcome.said
    assert prove(bundle, event_proof(database, LOG, 8)).code == 0
    with pytest.raises(NotFound):
        event_proof(database, LOG, 9)
    with unguarded(database) as connection:
        set_column(connection, 3, "leaf", bytes(32))
    with pytest.raises(ValueError, match="is no longer what its checkpoint of size 8 signed"):
        event_proof(database, LOG, 8)
    with unguarded(database) as connection:
        set_column(connection, 3, "entry", b"{\n}")
    with pytest.raises(NotAnEntry, match="entry 3 of"):
        export_log(database, LOG, signer.verifier(), tmp_path / "another")
    database.close()
