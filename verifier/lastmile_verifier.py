#!/usr/bin/env python3
"""Checks an exported Lastmile log, or the proof of one event, offline: this file, Python 3.11 and the public key.

    python lastmile_verifier.py log DIRECTORY --key KEY [--checkpoint FILE ...]
    python lastmile_verifier.py proof FILE --key KEY

KEY is the log's public key, or a file that holds it; get it from those who published it, not from the export.
FILE after --checkpoint holds checkpoints (signed notes) that you kept from earlier.
Exit code 0: all that was checked holds. 1: something does not. 2: it could not be checked (wrong usage, no file).
"""

import argparse
import base64
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

TEXTS = (
    "event_id", "log", "origin", "previous", "stream", "type", "occurred_on", "recorded_at", "actor", "role",
    "correlation_id", "causation_id", "command_id",
)  # fmt: skip
NUMBERS = ("position", "version", "schema")
MEMBERS = {*TEXTS, *NUMBERS, "payload"}

CANNOT_KNOW = (
    "What this cannot know: whether the log says the truth about the world; whether events were left out before they\n"
    "were signed; and whether the holder of the signing key signed another history for others. Only checkpoints\n"
    "that you or others kept from earlier (--checkpoint) show the last."
)


class Unusable(Exception):
    """The check could not begin."""


class Wrong(Exception):
    """Something that was checked does not hold."""


# Ed25519, as in RFC 8032, section 5.1: the curve -x² + y² = 1 + d x² y² over the integers modulo P.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]  # (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z
NEUTRAL: Point = (0, 1, 1, 0)


def add(a: Point, b: Point) -> Point:
    """Section 5.1.4; holds for doubling too."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    w, x, y, z = f - e, h - g, h + g, f + e
    return (w * x % P, y * z % P, x * y % P, w * z % P)


def point(data: bytes) -> Point:
    """Section 5.1.3: y and, in the top bit, the sign of x."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        raise Wrong("not a point of the curve")
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        raise Wrong("not a point of the curve")
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


GENERATOR = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def sum_of_multiples(a: int, of_a: Point, b: int, of_b: Point) -> Point:
    both, result = add(of_a, of_b), NEUTRAL
    for bit in range(max(a.bit_length(), b.bit_length()) - 1, -1, -1):
        result = add(result, result)
        match a >> bit & 1, b >> bit & 1:
            case 1, 1:
                result = add(result, both)
            case 1, 0:
                result = add(result, of_a)
            case 0, 1:
                result = add(result, of_b)
    return result


def signature_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Section 5.1.7: S·B = R + k·A, here as S·B - k·A = R."""
    if len(signature) != 64 or len(key) != 32:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= ORDER:
        return False
    try:
        x, y, z, t = point(key)
        expected = point(signature[:32])
    except Wrong:
        return False
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % ORDER
    found = sum_of_multiples(s, GENERATOR, k, (P - x, y, z, P - t))
    return all((found[i] * expected[2] - expected[i] * found[2]) % P == 0 for i in (0, 1))


# Signed notes and checkpoints, as in C2SP signed-note and tlog-checkpoint.


@dataclass(frozen=True)
class Key:
    """A public key with its name, which is the origin of the log: `lastmile/<station>/<service>/<random id>`."""

    name: str
    key: bytes

    @staticmethod
    def parse(text: str) -> "Key":
        try:
            name, key_hash, encoded = text.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except ValueError:
            raise Unusable("not a public key: <name>+<key hash>+<base64>") from None
        key = Key(name, raw[1:])
        if len(raw) != 33 or raw[0] != 1 or key.key_hash().hex() != key_hash or name.count("/") != 3:
            raise Unusable("not a public key: its hash does not match, or it is not an Ed25519 key of a log")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.key_hash().hex()}+{base64.b64encode(bytes([1]) + self.key).decode()}"

    def key_hash(self) -> bytes:
        return sha256(self.name.encode() + b"\n\x01" + self.key).digest()[:4]

    @property
    def log(self) -> str:
        return self.name.removeprefix("lastmile/").rpartition("/")[0]

    @property
    def origin(self) -> str:
        return self.name.rpartition("/")[2]


@dataclass(frozen=True)
class Checkpoint:
    """What was signed: the log had this root at this size."""

    size: int
    root: bytes


def notes_in(text: str) -> Iterator[str]:
    """The notes of a file: each is a text, a blank line and signature lines; a blank line stands between two."""
    blocks = [block.strip("\n") for block in text.split("\n\n") if block.strip("\n")]
    if len(blocks) % 2:
        raise Wrong("the checkpoints are not signed notes: text, blank line, signatures")
    for body, signatures in zip(blocks[::2], blocks[1::2], strict=True):
        yield f"{body}\n\n{signatures}\n"


def opened(note: str, key: Key) -> Checkpoint:
    """The checkpoint in a note that the key signed."""
    body, _, signatures = note.rpartition("\n\n")
    body += "\n"
    signed = [signature for signature in _signatures(signatures, key) if signature is not None]
    lines = body.split("\n")
    shown = f"checkpoint {lines[1]!r}" if len(lines) > 1 else "checkpoint"
    if not signed:
        raise Wrong(f"{shown}: no signature by {key.name}")
    if not signature_holds(key.key, body.encode(), signed[0]):
        raise Wrong(f"{shown}: the signature is false")
    try:
        size, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (ValueError, IndexError):
        raise Wrong(f"{shown}: origin, size and root do not stand on its first three lines") from None
    if lines[0] != key.name or str(size) != lines[1] or size < 0 or len(root) != 32:
        raise Wrong(f"{shown}: it is of {lines[0]!r}, or its size or root is malformed")
    return Checkpoint(size, root)


def _signatures(lines: str, key: Key) -> Iterator[bytes | None]:
    for line in lines.strip("\n").split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except ValueError:
            raise Wrong(f"not a signature line: {line!r}") from None
        yield raw[4:] if (dash, name, raw[:4]) == ("\u2014", key.name, key.key_hash()) else None


# The Merkle tree, as in RFC 6962, section 2.1.


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """The roots of the perfect subtrees so far, the largest first."""

    def __init__(self) -> None:
        self.size, self.peaks = 0, list[bytes]()

    def append(self, leaf: bytes) -> None:
        step = self.size
        while step & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            step >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return sha256(b"").digest()
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = node_hash(peak, root)
        return root


def root_by_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root to which an inclusion path leads (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        raise Wrong(f"position {index + 1} lies outside a log of {size}")
    last, root = size - 1, leaf
    for node in path:
        if not last:
            raise Wrong("the path is too long")
        if index & 1 or index == last:
            root = node_hash(node, root)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            root = node_hash(root, node)
        index, last = index >> 1, last >> 1
    if last:
        raise Wrong("the path is too short")
    return root


# The entries: one event each, as canonical JSON on one line.


def members_of(data: bytes) -> dict[str, Any]:
    """The members of an entry, if it has the shape of one and is written in the one canonical way."""
    try:
        members = json.loads(data)
    except ValueError as error:
        raise Wrong(f"the entry is not JSON: {error}") from None
    if not isinstance(members, dict) or members.keys() != MEMBERS:
        raise Wrong("the entry does not have the members of an entry")
    for name in MEMBERS:
        kind = str if name in TEXTS else int if name in NUMBERS else dict
        if type(members[name]) is not kind:
            raise Wrong(f"{name} of the entry is not of the right kind")
    try:
        written = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except ValueError:
        written = b""
    if written != data:
        raise Wrong("the entry is not written in canonical form")
    return members


@dataclass
class Reading:
    """How far a log was read, and what its next entry must agree with."""

    key: Key
    tree: Tree
    versions: dict[str, int]
    previous: str = bytes(32).hex()
    recorded_at: str = ""

    def wrong_with(self, data: bytes, position: int) -> Iterator[str]:
        """What is wrong with the next entry; it is appended in any case."""
        leaf = leaf_hash(data)
        self.tree.append(leaf)
        previous, self.previous = self.previous, leaf.hex()
        try:
            members = members_of(data)
        except Wrong as wrong:
            yield str(wrong)
            return
        if members["position"] != position:
            yield f"the entry says position {members['position']}"
        if (members["log"], members["origin"]) != (self.key.log, self.key.origin):
            yield f"the entry is one of {members['log']} with origin {members['origin']}"
        if members["previous"] != previous:
            yield "the entry does not name the one before it by its hash"
        stream, version = members["stream"], self.versions.get(members["stream"], 0) + 1
        if members["version"] != version:
            yield f"the entry has version {members['version']} of {stream}, where {version} is next"
        if members["recorded_at"] < self.recorded_at:
            yield f"recorded at {members['recorded_at']}, before the entry before it"
        self.versions[stream], self.recorded_at = members["version"], members["recorded_at"]


# What is asked on the command line.


def check_log(directory: Path, key: Key, kept: list[Path]) -> tuple[list[str], list[str]]:
    """What was checked, and what is wrong, in words."""
    wrong: list[str] = []
    stored = _checkpoints([directory / "checkpoints.txt"], key, wrong)
    older = _checkpoints(kept, key, wrong)
    if _text(directory / "log.vkey").strip() != str(key):
        wrong.append(f"{key.log}: the export carries another public key than the one given")
    sizes = {checkpoint.size for checkpoint in (*stored, *older)}
    reading = Reading(key, Tree(), {})
    roots = {0: reading.tree.root()}
    with _opened(directory / "entries.jsonl") as lines:
        for position, line in enumerate(lines, 1):
            wrong += (
                f"{key.log} at {position}: {what}" for what in reading.wrong_with(line.removesuffix(b"\n"), position)
            )
            if position in sizes:
                roots[position] = reading.tree.root()
    length, held = reading.tree.size, 0
    for whose, checkpoint in [*(("the", c) for c in stored), *(("the kept", c) for c in older)]:
        shown = f"{key.log} at {checkpoint.size}: {whose} checkpoint of size {checkpoint.size}"
        if checkpoint.size > length:
            wrong.append(f"{shown} does not hold: the log ends at {length}")
        elif roots[checkpoint.size] != checkpoint.root:
            wrong.append(f"{shown} has another root: an entry up to here was changed")
        else:
            held = max(held, checkpoint.size)
    if length and not held:
        wrong.append(f"{key.log} at {length}: no checkpoint signs any of the entries")
    checked = [
        f"{length} entries of {key.log}: form, order, the hash of each in the next, versions of streams",
        f"{len(stored)} checkpoints in the export and {len(older)} kept ones: signature and root",
        f"the entries up to {held} are signed by {key.name}"
        + (f"; the {length - held} after it are not signed yet" if held < length else ""),
    ]
    return checked, wrong


def check_proof(file: Path, key: Key) -> tuple[list[str], list[str]]:
    try:
        proof = json.loads(_text(file))
        data, position, note = proof["entry"].encode(), proof["position"], proof["checkpoint"]
        path = [bytes.fromhex(node) for node in proof["path"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unusable(f"{file} is no proof: position, entry, checkpoint and path are needed") from None
    try:
        size, members = _proved(data, position, note, path, key)
    except Wrong as wrong:
        return [f"the proof of one entry of {key.log}"], [f"{key.log} at {position}: {wrong}"]
    said = (
        f"it says: {members['type']}, occurred on {members['occurred_on']}, recorded at {members['recorded_at']}, "
        f"by {members['actor']} as {members['role']}, stream {members['stream']}, version {members['version']}"
    )
    return [f"entry {position} of {key.log} stands in the log of {size} entries signed by {key.name}", said], []


def _proved(data: bytes, position: Any, note: Any, path: list[bytes], key: Key) -> tuple[int, dict[str, Any]]:
    """The size of the signed log in which the entry stands, and what the entry says."""
    if type(position) is not int or not isinstance(note, str):
        raise Wrong("the position is no number, or the checkpoint no text")
    checkpoint, members = opened(note, key), members_of(data)
    if (members["log"], members["origin"], members["position"]) != (key.log, key.origin, position):
        raise Wrong(f"the entry is number {members['position']} of {members['log']} with origin {members['origin']}")
    if root_by_path(leaf_hash(data), position - 1, checkpoint.size, path) != checkpoint.root:
        raise Wrong("the path from the entry does not lead to the signed root")
    return checkpoint.size, members


def _checkpoints(files: Iterable[Path], key: Key, wrong: list[str]) -> list[Checkpoint]:
    found = []
    for file in files:
        try:
            notes = list(notes_in(_text(file)))
        except Wrong as error:
            wrong.append(f"{key.log}: {file.name}: {error}")
            continue
        for note in notes:
            try:
                found.append(opened(note, key))
            except Wrong as error:
                wrong.append(f"{key.log}: {file.name}: {error}")
    return found


def _opened(file: Path) -> Any:
    try:
        return file.open("rb")
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}") from None


def _text(file: Path) -> str:
    with _opened(file) as stream:
        text: str = stream.read().decode(errors="replace")
        return text


def _key(given: str) -> Key:
    return Key.parse(given if "+" in given and not Path(given).is_file() else _text(Path(given)))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked = parser.add_subparsers(dest="asked", required=True)
    log = asked.add_parser("log", help="check an exported log")
    log.add_argument("directory", type=Path)
    log.add_argument("--checkpoint", type=Path, action="append", default=[], help="checkpoints kept from earlier")
    proof = asked.add_parser("proof", help="check the proof of one event")
    proof.add_argument("file", type=Path)
    for command in (log, proof):
        command.add_argument("--key", required=True, help="the log's public key, or a file that holds it")
    given = parser.parse_args(arguments)
    try:
        key = _key(given.key)
        if given.asked == "log":
            checked, wrong = check_log(given.directory, key, given.checkpoint)
        else:
            checked, wrong = check_proof(given.file, key)
    except Unusable as error:
        print(f"not checked: {error}", file=sys.stderr)
        return 2
    for line in wrong:
        print(f"WRONG {line}")
    print("Checked:", *checked, sep="\n  ")
    print(f"Found: {len(wrong)} wrong." if wrong else "Found: everything that was checked holds.")
    print(CANNOT_KNOW)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
