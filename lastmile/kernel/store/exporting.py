"""Handing a log, or a single event with its proof, to someone who has only the public key and the verifier.

A log is exported to a directory of three files:

- `entries.jsonl`: the entries in order, each as its very bytes and a newline; the n-th line is position n;
- `checkpoints.txt`: every signed note of the log, oldest first, with a blank line between two;
- `log.vkey`: the public key, for convenience. Whoever checks should have it from elsewhere.

What is sealed in the log stays sealed: no key of a person is exported.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from lastmile.kernel.domain.checkpoint import Verifier
from lastmile.kernel.domain.entry import NotAnEntry
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.domain.merkle import inclusion_proof, root_from_inclusion
from lastmile.kernel.store import log
from lastmile.kernel.store.checkpoints import newest, notes
from lastmile.kernel.store.database import Database

ENTRIES_AT_ONCE = 1_000

# These shapes are kept for ever.
ENTRIES, CHECKPOINTS, PUBLIC_KEY = "entries.jsonl", "checkpoints.txt", "log.vkey"


@dataclass(frozen=True)
class Exported:
    """How much was written."""

    entries: int
    checkpoints: int


def export_log(database: Database, log_name: str, verifier: Verifier, directory: Path) -> Exported:
    """Write a log to a directory that does not hold one yet. Raises NoSuchLog, FileExistsError, and NotAnEntry for
    an entry that no longer stands on one line, as somebody changed it."""
    with database.read() as connection:
        end = next((end for end in log.ends(connection) if end.log == log_name), None)
        if end is None:
            raise log.NoSuchLog(f"no log {log_name} in this database", log=log_name)
        directory.mkdir(parents=True, exist_ok=True)
        signed = [note for note in notes(connection, log_name) if int(note.split("\n")[1]) <= end.position]
        written = 0
        with (directory / ENTRIES).open("xb") as file:
            for entry in _entries(connection, log_name, end.position):
                written += 1
                if b"\n" in entry:
                    raise NotAnEntry(f"entry {written} of {log_name} does not stand on one line: run `lastmile verify`")
                file.write(entry + b"\n")
    _write(directory / PUBLIC_KEY, f"{verifier}\n")
    _write(directory / CHECKPOINTS, "\n".join(signed))
    return Exported(written, len(signed))


def event_proof(database: Database, log_name: str, position: int) -> dict[str, Any]:
    """That the event at `position` stands in the log which the newest checkpoint signs, as JSON:

    `{"log", "position", "entry": its text, "checkpoint": the signed note, "path": [hex hashes, the nearest first]}`.
    Raises NotFound when there is no such entry or it is not signed yet, ValueError when the log was changed.
    """
    with database.read() as connection:
        return proof_of(connection, log_name, position)


def proof_of(connection: Connection, log_name: str, position: int) -> dict[str, Any]:
    """As `event_proof`, of a database that is being read."""
    found, entry = newest(connection, log_name), log.entry_at(connection, log_name, position)
    if entry is None or found is None or position > found[0].size:
        raise NotFound(f"no signed entry {position} in {log_name}", log=log_name, position=position)
    tree, note = found
    leaves = list(log.leaves(connection, log_name, 0, tree.size))
    path = inclusion_proof(leaves, position - 1)
    if root_from_inclusion(leaves[position - 1], position - 1, tree.size, path) != tree.root():
        raise ValueError(
            f"{log_name} is no longer what its checkpoint of size {tree.size} signed: run `lastmile verify`"
        )
    return {
        "log": log_name,
        "position": position,
        "entry": entry.decode(),
        "checkpoint": note,
        "path": [node.hex() for node in path],
    }


def _entries(connection: Connection, log_name: str, upto: int) -> Iterator[bytes]:
    for after in range(0, upto, ENTRIES_AT_ONCE):
        yield from log.entries_after(connection, log_name, after, min(ENTRIES_AT_ONCE, upto - after))


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
