"""An export that attacks are tried on, and what the verifier says of it."""

import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from lastmile.kernel.domain.checkpoint import Checkpoint, Signer
from lastmile.kernel.domain.entry import entry_hash
from lastmile.kernel.domain.merkle import root_of
from tests.kernel.filled import SIGNED_EVERY
from tests.kernel.sample import LOG, Sample
from verifier import lastmile_verifier


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


def signer_of(sample: Sample) -> Signer:
    (end,) = sample.service.ends()
    return sample.keys.signer(LOG, end.origin)


def copy_of(original: Bundle) -> Bundle:
    copy = original.directory.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(original.directory, copy)
    return Bundle(copy, original.signer)


def prove(bundle: Bundle, proof: Any, key: str | None = None) -> Outcome:
    path = bundle.directory / "proof.json"
    path.write_text(json.dumps(proof))
    return run("proof", path, "--key", key or bundle.key)
