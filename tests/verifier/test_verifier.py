"""The one file that checks an export without anything of ours: the same attacks as on a database."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from lastmile.kernel.domain.checkpoint import Checkpoint, Signer, Verifier
from lastmile.kernel.domain.entry import NotAnEntry, entry_hash
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.domain.merkle import inclusion_proof, root_of
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.exporting import Exported, event_proof, export_log
from lastmile.kernel.store.keystore import Keystore, MasterKey, keystore_tables
from lastmile.kernel.store.log import NoSuchLog
from tests.kernel.sample import LOG, Sample, sample_on
from tests.kernel.tampering import Members, chained, set_column, unguarded
from verifier import lastmile_verifier

EVENTS, SIGNED_EVERY = 40, 8
SIZES = range(SIGNED_EVERY, EVENTS + 1, SIGNED_EVERY)
POSITIONS = st.integers(1, EVENTS)
FILE = Path(lastmile_verifier.__file__)


@dataclass
class Bundle:
    """An export in a directory, with the key that signed it and the public key that was published."""

    directory: Path
    signer: Signer

    @property
    def key(self) -> str:
        return str(self.signer.verifier())

    @property
    def lines(self) -> list[bytes]:
        return (self.directory / "entries.jsonl").read_bytes().splitlines()

    def write(self, lines: list[bytes]) -> None:
        (self.directory / "entries.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))

    def sign_anew(self, signer: Signer) -> None:
        """Replace all checkpoints by ones for the entries as they stand now."""
        leaves = [entry_hash(line) for line in self.lines]
        sizes = [*range(SIGNED_EVERY, len(leaves), SIGNED_EVERY), len(leaves)]
        notes = [signer.sign(Checkpoint(self.signer.name, size, root_of(leaves[:size])).body()) for size in sizes]
        (self.directory / "checkpoints.txt").write_text("\n".join(notes))


@dataclass(frozen=True)
class Outcome:
    code: int
    said: str

    def names(self, position: int) -> bool:
        return self.code == 1 and f"WRONG {LOG} at {position}: " in self.said


def run(*arguments: str | Path) -> Outcome:
    """The verifier in this process."""
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = lastmile_verifier.main([str(argument) for argument in arguments])
    return Outcome(code, said.getvalue())


def check(bundle: Bundle, *more: str | Path) -> Outcome:
    return run("log", bundle.directory, "--key", bundle.key, *more)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    directory = tmp_path_factory.mktemp("exported")
    keys = Database(f"sqlite:///{directory / 'keys.db'}")
    keystore_tables.create_all(keys.engine)
    database = Database(f"sqlite:///{directory / 'log.db'}")
    made = sample_on(database, Keystore(keys, MasterKey(bytes(32))), LogKeys(directory / "log-keys"))
    made.fill(EVENTS, SIGNED_EVERY)
    return made


def signer_of(sample: Sample) -> Signer:
    (end,) = sample.service.ends()
    return sample.keys.signer(LOG, end.origin)


@pytest.fixture(scope="module")
def original(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    directory = tmp_path_factory.mktemp("bundle") / "original"
    signer = signer_of(sample)
    assert export_log(sample.database, LOG, signer.verifier(), directory) == Exported(EVENTS, len(SIZES))
    return Bundle(directory, signer)


def copy_of(original: Bundle) -> Bundle:
    copy = original.directory.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(original.directory, copy)
    return Bundle(copy, original.signer)


@pytest.fixture
def bundle(original: Bundle) -> Bundle:
    return copy_of(original)


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


@given(POSITIONS, st.integers(0, 2000), st.integers(1, 255))
@settings(deadline=None)
def test_one_byte_of_any_entry_changed(original: Bundle, position: int, place: int, by: int) -> None:
    bundle = copy_of(original)
    lines = bundle.lines
    changed = bytearray(lines[position - 1])
    changed[place % len(changed)] ^= by
    lines[position - 1] = bytes(changed)
    bundle.write(lines)
    outcome = check(bundle)
    # A byte that became a line's end makes two lines of one, and one more entry than there should be.
    assert outcome.names(position) or outcome.names(position + 1)
    assert outcome.names(-(-position // SIGNED_EVERY) * SIGNED_EVERY)


@given(POSITIONS)
@settings(deadline=None, max_examples=EVENTS)
def test_an_entry_removed(original: Bundle, position: int) -> None:
    bundle = copy_of(original)
    lines = bundle.lines
    del lines[position - 1]
    bundle.write(lines)
    assert check(bundle).names(position)


@given(st.lists(POSITIONS, min_size=2, max_size=2, unique=True))
@settings(deadline=None, max_examples=30)
def test_two_entries_swapped(original: Bundle, positions: list[int]) -> None:
    bundle = copy_of(original)
    lines = bundle.lines
    one, other = (position - 1 for position in positions)
    lines[one], lines[other] = lines[other], lines[one]
    bundle.write(lines)
    outcome = check(bundle)
    assert all(outcome.names(position) for position in positions)


@pytest.mark.parametrize("last", [0, 1, 20, EVENTS - 1])
def test_the_tail_cut(bundle: Bundle, last: int) -> None:
    bundle.write(bundle.lines[:last])
    outcome = check(bundle)
    assert outcome.names(EVENTS)
    assert f"the log ends at {last}" in outcome.said


def test_the_tail_cut_with_its_checkpoints_is_shown_by_a_kept_one(bundle: Bundle, original: Bundle) -> None:
    bundle.write(bundle.lines[:20])
    bundle.sign_anew(bundle.signer)
    assert check(bundle).code == 0
    assert check(bundle, "--checkpoint", original.directory / "checkpoints.txt").names(EVENTS)


def raise_an_amount(members: list[Members]) -> None:
    members[20]["payload"]["pieces"] = 7


def test_everything_hashed_anew_without_the_key_is_refused_by_the_checkpoints(bundle: Bundle) -> None:
    bundle.write(chained(bundle.lines, raise_an_amount))
    outcome = check(bundle)
    assert [outcome.names(size) for size in SIZES] == [False, False, True, True, True]
    assert not any(outcome.names(position) for position in range(1, EVENTS) if position not in SIZES)


def test_everything_hashed_anew_and_signed_by_another_key_is_refused(bundle: Bundle) -> None:
    bundle.write(chained(bundle.lines, raise_an_amount))
    bundle.sign_anew(Signer(bundle.signer.name, Ed25519PrivateKey.generate()))
    outcome = check(bundle)
    assert outcome.names(EVENTS)
    assert outcome.said.count("no signature by") == len(SIZES)


def test_everything_signed_anew_with_the_key_is_refused_by_a_kept_checkpoint(bundle: Bundle, original: Bundle) -> None:
    bundle.write(chained(bundle.lines, raise_an_amount))
    bundle.sign_anew(bundle.signer)
    assert check(bundle).code == 0, "nobody can see this without a checkpoint from before"
    assert check(bundle, "--checkpoint", original.directory / "checkpoints.txt").names(24)


def turn_time_back(members: list[Members]) -> None:
    members[20]["recorded_at"] = "2016-01-01T00:00:00.000000Z"


def take_a_version_twice(members: list[Members]) -> None:
    members[20]["version"] -= 1


def take_anothers_origin(members: list[Members]) -> None:
    members[20]["origin"] = "another"


def add_a_member(members: list[Members]) -> None:
    members[20]["surprise"] = 1


def write_text_for_a_number(members: list[Members]) -> None:
    members[20]["schema"] = "1"


@pytest.mark.parametrize(
    "change",
    [turn_time_back, take_a_version_twice, take_anothers_origin, add_a_member, write_text_for_a_number],
)
def test_rules_of_the_log_hold_even_for_who_holds_the_key(
    bundle: Bundle, change: Callable[[list[Members]], None]
) -> None:
    bundle.write(chained(bundle.lines, change))
    bundle.sign_anew(bundle.signer)
    assert check(bundle).names(21)


def test_an_entry_has_one_form_even_for_who_holds_the_key(bundle: Bundle) -> None:
    last = json.loads(bundle.lines[-1])
    bundle.write([*bundle.lines[:-1], json.dumps(last).encode()])
    bundle.sign_anew(bundle.signer)
    outcome = check(bundle)
    assert outcome.names(EVENTS)
    assert "not written in canonical form" in outcome.said


@pytest.mark.parametrize(("old", "new"), [("\n16\n", "\n17\n"), ("— ", "- "), ("\n\n", "\n"), ("lastmile/", "other/")])
def test_checkpoints_changed(bundle: Bundle, old: str, new: str) -> None:
    path = bundle.directory / "checkpoints.txt"
    path.write_text(path.read_text().replace(old, new, 1))
    outcome = check(bundle)
    assert outcome.code == 1
    assert "checkpoints.txt" in outcome.said


def test_an_export_without_any_checkpoint_proves_nothing(bundle: Bundle) -> None:
    (bundle.directory / "checkpoints.txt").write_text("")
    assert check(bundle).names(EVENTS)


def test_another_key_than_the_published_one(bundle: Bundle) -> None:
    other = Signer(bundle.signer.name, Ed25519PrivateKey.generate())
    bundle.sign_anew(other)
    (bundle.directory / "log.vkey").write_text(f"{other.verifier()}\n")
    outcome = check(bundle)
    assert outcome.code == 1
    assert "another public key than the one given" in outcome.said


def test_what_cannot_be_checked_is_told_from_what_is_wrong(bundle: Bundle, tmp_path: Path) -> None:
    assert run("log", tmp_path / "nothing", "--key", bundle.key).code == 2
    assert run("log", bundle.directory, "--key", "no+key+here").code == 2
    assert run("log", bundle.directory, "--key", tmp_path / "no file").code == 2
    assert check(bundle, "--checkpoint", tmp_path / "no file").code == 2
    for arguments in ([], ["log"], ["log", str(bundle.directory)], ["audit", "x", "--key", "y"]):
        with pytest.raises(SystemExit) as left, redirect_stderr(StringIO()):
            lastmile_verifier.main(arguments)
        assert left.value.code == 2


def prove(bundle: Bundle, proof: Any, key: str | None = None) -> Outcome:
    path = bundle.directory / "proof.json"
    path.write_text(json.dumps(proof))
    return run("proof", path, "--key", key or bundle.key)


@pytest.mark.parametrize("position", range(1, EVENTS + 1))
def test_every_event_can_be_proved(bundle: Bundle, sample: Sample, position: int) -> None:
    outcome = prove(bundle, event_proof(sample.database, LOG, position))
    assert outcome.code == 0
    assert f"entry {position} of {LOG} stands in the log of {EVENTS} entries" in outcome.said


def changed_proofs(proof: dict[str, Any], other: dict[str, Any], bundle: Bundle) -> dict[str, dict[str, Any]]:
    path = proof["path"]
    signer = Signer(bundle.signer.name, Ed25519PrivateKey.generate())
    leaves = [entry_hash(line) for line in bundle.lines]
    return {
        "another entry": {**proof, "entry": other["entry"]},
        "another entry and position": {**proof, "entry": other["entry"], "position": other["position"]},
        "one character of the entry": {**proof, "entry": proof["entry"].replace("2017", "2018", 1)},
        "a longer path": {**proof, "path": [*path, path[0]]},
        "a shorter path": {**proof, "path": path[:-1]},
        "no path": {**proof, "path": []},
        "another path": {**proof, "path": other["path"]},
        "another order": {**proof, "path": path[::-1]},
        "another position": {**proof, "position": other["position"]},
        "a position that is none": {**proof, "position": 0},
        "a position that is text": {**proof, "position": "17"},
        "another size": {**proof, "checkpoint": proof["checkpoint"].replace(f"\n{EVENTS}\n", "\n39\n")},
        "another signer": {
            **proof,
            "checkpoint": signer.sign(Checkpoint(signer.name, EVENTS, root_of(leaves)).body()),
        },
        "a checkpoint from before": {
            **proof,
            "checkpoint": bundle.signer.sign(Checkpoint(signer.name, 16, root_of(leaves[:16])).body()),
            "path": [node.hex() for node in inclusion_proof(leaves[:17], 16)],
        },
    }


def test_a_proof_that_was_changed_is_refused(bundle: Bundle, sample: Sample) -> None:
    proof, other = (event_proof(sample.database, LOG, position) for position in (17, 30))
    for what, changed in changed_proofs(proof, other, bundle).items():
        outcome = prove(bundle, changed)
        assert outcome.code == 1, what
        assert f"WRONG {LOG} at {changed['position']}: " in outcome.said, what


def test_a_proof_is_refused_under_the_key_of_another_log(bundle: Bundle, sample: Sample) -> None:
    other = Verifier(bundle.signer.name.replace("sample", "relief"), bundle.signer.verifier().key)
    assert prove(bundle, event_proof(sample.database, LOG, 17), str(other)).code == 1


@pytest.mark.parametrize("proof", [None, [], {}, {"position": 1, "entry": 3}, {"path": ["xyz"]}])
def test_what_is_no_proof_cannot_be_checked(bundle: Bundle, proof: Any) -> None:
    assert prove(bundle, proof).code == 2


def test_there_is_no_proof_of_what_is_not_there_or_not_signed(sample: Sample) -> None:
    for position in (0, EVENTS + 1):
        with pytest.raises(NotFound):
            event_proof(sample.database, LOG, position)


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
