"""Checking a log as any outsider would, from its entries, checkpoint and public key; and taking the evidence away."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import orjson
from flask import g

from lastmile.kernel.domain.checkpoint import Checkpoint, NotSigned, Verifier
from lastmile.kernel.domain.entry import NO_ENTRY
from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.domain.merkle import Frontier, leaf_hash, root_from_inclusion
from services.gateway.console.asking import ask, code_of
from services.gateway.console.texts import t

MOST_ENTRIES = 300_000
"""Longer logs are checked with the command line, not while a page waits."""

ENTRIES_AT_ONCE = 1_000
VERIFIER = "lastmile_verifier.py"
Wrong = tuple[str, Mapping[str, Any]]
"""The text `verify.<key>` and what stands in it."""


class TooLong(Exception):
    """The log is too long to be checked while somebody waits."""


@dataclass
class Checked:
    """What was found of one log."""

    log: str
    entries: int = 0
    signed: int = 0
    root: str = ""
    kept: int = 0
    report_at: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.wrong


def log_of(service: str) -> str:
    return f"{g.station}/{service}"


def entries_of(service: str, upto: int | None = None) -> Iterator[bytes]:
    """The entries of a log in order, as the bytes that were hashed and signed."""
    after = 0
    while upto is None or after < upto:
        limit = ENTRIES_AT_ONCE if upto is None else min(ENTRIES_AT_ONCE, upto - after)
        found = ask(service, "log_entries", after=after, limit=limit)
        if found["position"] > MOST_ENTRIES:
            raise TooLong(log_of(service))
        if not found["entries"]:
            return
        yield from (entry.encode() for entry in found["entries"])
        after += len(found["entries"])


def check(service: str, report: Mapping[str, Any] | None, kept: Sequence[str] = ()) -> Checked:
    """Walk a log from its first entry: order, chain, signed root, the root that a report was computed from.

    `report` is the log's line in a report ({"position", "root"}); `kept` are checkpoints that somebody kept.
    """
    found = Checked(log_of(service))
    try:
        told = ask(service, "log_checkpoint")
    except Failure as failure:
        if code_of(failure) != "not-found":
            raise
        return found  # Nothing of it was signed yet: a log that has just begun.
    verifier = Verifier.parse(told["key"])
    wanted: list[tuple[str, int, bytes]] = []
    for kind, note in (("checkpoint", told["note"]), *(("kept", note) for note in kept)):
        try:
            checkpoint = verifier.open_checkpoint(note)
        except NotSigned:
            found.wrong.append((f"{kind}_unsigned", {}))
        else:
            wanted.append((kind, checkpoint.size, checkpoint.root))
    if report and report["position"]:
        wanted.append(("report", report["position"], bytes.fromhex(report["root"])))
    roots = _walk(service, found, {size for _, size, _ in wanted})
    _compare(found, wanted, roots)
    return found


def _walk(service: str, found: Checked, sizes: set[int]) -> dict[int, bytes]:
    """The root at each of these sizes; the first entry that is out of order or out of the chain ends the walk."""
    tree, previous, roots = Frontier(), NO_ENTRY.hex(), {0: Frontier().root()}
    for data in entries_of(service):
        members: dict[str, Any] = orjson.loads(data)
        if (members["log"], members["position"]) != (found.log, tree.size + 1):
            found.wrong.append(("order", {"position": tree.size + 1}))
            break
        if not _continues(members, previous):
            found.wrong.append(("chain", {"position": tree.size + 1}))
            break
        leaf = leaf_hash(data)
        tree.append(leaf)
        previous = leaf.hex()
        if tree.size in sizes:
            roots[tree.size] = tree.root()
    found.entries = tree.size
    return roots


def _continues(members: Mapping[str, Any], previous: str) -> bool:
    """Whether an entry names the one before it by its hash."""
    return bool(members["previous"] == previous)


def _compare(found: Checked, wanted: Sequence[tuple[str, int, bytes]], roots: Mapping[int, bytes]) -> None:
    for kind, size, root in wanted:
        if size not in roots:
            found.wrong.append((f"{kind}_beyond", {"size": size, "entries": found.entries}))
        elif roots[size] != root:
            found.wrong.append((f"{kind}_root", {"size": size}))
        elif kind == "checkpoint":
            found.signed, found.root = size, root.hex()
        elif kind == "kept":
            found.kept += 1
        else:
            found.report_at = size


def notes_in(text: str) -> list[str]:
    """The checkpoints in a text that somebody kept: each is a text, a blank line and signatures."""
    blocks = [block.strip("\n") for block in text.replace("\r\n", "\n").strip().split("\n\n") if block.strip()]
    return [f"{body}\n\n{signatures}\n" for body, signatures in zip(blocks[::2], blocks[1::2], strict=False)]


def log_of_note(note: str) -> str:
    """The log that a checkpoint says it is of."""
    return note.partition("\n")[0].removeprefix("lastmile/").rpartition("/")[0]


@dataclass(frozen=True)
class Proof:
    """The proof that an entry stands in a signed log, and whether it holds."""

    told: Mapping[str, Any]
    key: str
    checkpoint: Checkpoint
    holds: bool


def proof(service: str, position: int) -> Proof:
    """The proof of an entry, checked here again against the signature."""
    told, key = ask(service, "log_proof", position=position), ask(service, "log_checkpoint")["key"]
    checkpoint = Verifier.parse(key).open_checkpoint(told["checkpoint"])
    path = [bytes.fromhex(node) for node in told["path"]]
    root = root_from_inclusion(leaf_hash(told["entry"].encode()), position - 1, checkpoint.size, path)
    return Proof(told, key, checkpoint, root == checkpoint.root)


def packed(found: Mapping[str, bytes]) -> bytes:
    """A zip of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return made.getvalue()


def evidence_of_entry(service: str, position: int) -> dict[str, bytes]:
    """What someone needs to check one entry away from here, by the name of each file."""
    found = proof(service, position)
    indented = orjson.dumps(found.told, option=orjson.OPT_INDENT_2)
    return {"proof.json": indented, **_beside(found.key, "evidence.read_me_entry", position=position)}


def evidence_of_log(service: str) -> dict[str, bytes]:
    """What someone needs to check a whole log, as far as it is signed."""
    told = ask(service, "log_checkpoint")
    signed = Verifier.parse(told["key"]).open_checkpoint(told["note"]).size
    entries = b"".join(entry + b"\n" for entry in entries_of(service, signed))
    return {
        "log/entries.jsonl": entries,
        "log/checkpoints.txt": told["note"].encode(),
        "log/log.vkey": f"{told['key']}\n".encode(),
        **_beside(told["key"], "evidence.read_me_log"),
    }


def _beside(key: str, words: str, **values: Any) -> dict[str, bytes]:
    script = files("verifier").joinpath(VERIFIER).read_bytes()
    said = t(words, station=g.station, public_key=key, **values)
    return {"station.vkey": f"{key}\n".encode(), VERIFIER: script, "README.txt": said.encode()}
