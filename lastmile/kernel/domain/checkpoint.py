"""Signed statements of how long a log is and what its root is (C2SP tlog-checkpoint in a signed-note)."""

import base64
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_DASH = "\u2014"
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NotSigned(ValueError):
    """The note is malformed, or no signature on it is by the key asked for."""


@dataclass(frozen=True)
class Checkpoint:
    """A log of `size` entries with this Merkle `root`. `origin` is `lastmile/<station>/<service>/<log's random id>`."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @staticmethod
    def from_body(body: str) -> "Checkpoint":
        lines = body.split("\n")
        if len(lines) < 4 or not lines[0] or not _SIZE.fullmatch(lines[1]):
            raise NotSigned("not a checkpoint: origin, size and root stand on its first three lines")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except ValueError:
            raise NotSigned("not a checkpoint: the root is not base64") from None
        if len(root) != 32:
            raise NotSigned("not a checkpoint: the root is not 32 bytes")
        return Checkpoint(lines[0], int(lines[1]), root)


def checkpoint_origin(log: str, origin: str) -> str:
    return f"lastmile/{log}/{origin}"


@dataclass(frozen=True)
class Verifier:
    """A public key with its name, written `<name>+<key hash>+<key>` (a signed-note verifier key)."""

    name: str
    key: bytes

    def key_hash(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_hash().hex()}+{base64.b64encode(_ED25519 + self.key).decode()}"

    @staticmethod
    def parse(text: str) -> "Verifier":
        try:
            name, key_hash, key = text.strip().split("+", 2)
            raw = base64.b64decode(key, validate=True)
        except ValueError:
            raise NotSigned("not a verifier key: <name>+<key hash>+<base64 key>") from None
        verifier = Verifier(name, raw[1:])
        if raw[:1] != _ED25519 or len(raw) != 33 or verifier.key_hash().hex() != key_hash:
            raise NotSigned("not a verifier key: its hash does not match, or it is not Ed25519")
        return verifier

    def open(self, note: str) -> str:
        """The text of a note that this key signed. Raises NotSigned otherwise."""
        body, found, signatures = note.rpartition("\n\n")
        if not found or not signatures.endswith("\n"):
            raise NotSigned("not a signed note: a blank line and signatures end it")
        body += "\n"
        for line in signatures.splitlines():
            dash, _, rest = line.partition(" ")
            name, _, encoded = rest.partition(" ")
            if dash != _DASH or not name or not encoded:
                raise NotSigned(f"not a signature line: {line!r}")
            if name != self.name:
                continue
            try:
                signature = base64.b64decode(encoded, validate=True)
            except ValueError:
                raise NotSigned(f"not a signature line: {line!r}") from None
            if signature[:4] != self.key_hash():
                continue
            try:
                Ed25519PublicKey.from_public_bytes(self.key).verify(signature[4:], body.encode())
            except InvalidSignature:
                raise NotSigned(f"the signature by {name} is false") from None
            return body
        raise NotSigned(f"no signature by {self.name}")

    def open_checkpoint(self, note: str) -> Checkpoint:
        return Checkpoint.from_body(self.open(note))


@dataclass(frozen=True)
class Signer:
    """A private key with the name that stands on its signatures."""

    name: str
    key: Ed25519PrivateKey

    def verifier(self) -> Verifier:
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def sign(self, body: str) -> str:
        """The signed note of `body`, a text that ends with a newline."""
        signature = self.verifier().key_hash() + self.key.sign(body.encode())
        return f"{body}\n{_DASH} {self.name} {base64.b64encode(signature).decode()}\n"
