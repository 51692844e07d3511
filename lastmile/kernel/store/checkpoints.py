"""Signed checkpoints of logs, stored before they are shown, and the key of each log outside the database."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy import BigInteger, Column, Connection, LargeBinary, String, Table, Text, insert, select

from lastmile.kernel.domain.checkpoint import Checkpoint, Signer, Verifier, checkpoint_origin
from lastmile.kernel.domain.merkle import Frontier
from lastmile.kernel.store import log
from lastmile.kernel.store.database import Database

checkpoints = Table(
    "checkpoints",
    log.kernel_tables,
    Column("log", String(60), primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("peaks", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
)
"""What was signed of each log. `peaks` are the roots of the perfect subtrees, to go on from."""


class LogKeys:
    """The signing key of each log, a file each, made on first use and readable by its owner alone."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._signers: dict[str, Signer] = {}

    def signer(self, log_name: str, origin: str) -> Signer:
        name = checkpoint_origin(log_name, origin)
        if name not in self._signers:
            signer = Signer(name, private_key(self._path(log_name, "pem")))
            pinned = self._path(log_name, "vkey")
            if not pinned.exists():
                pinned.write_text(f"{signer.verifier()}\n")
            self._signers[name] = signer
        return self._signers[name]

    def verifiers(self) -> dict[str, Verifier]:
        """The pinned public key of each log that was ever signed here, by the log's name."""
        found = {}
        for path in sorted(self.directory.glob("*.vkey")):
            verifier = Verifier.parse(path.read_text())
            found[verifier.name.removeprefix("lastmile/").rpartition("/")[0]] = verifier
        return found

    def _path(self, log_name: str, suffix: str) -> Path:
        return self.directory / f"{log_name.replace('/', '-')}.{suffix}"


def private_key(path: Path) -> Ed25519PrivateKey:
    """The Ed25519 key in a PEM file, which is made if it is not there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            pass  # Another process made it first; that one counts.
        finally:
            part.unlink()
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key")
    return key


def newest(connection: Connection, log_name: str) -> tuple[Frontier, str] | None:
    """The tree and the signed note of the newest checkpoint of a log."""
    query = select(checkpoints).where(checkpoints.c.log == log_name).order_by(checkpoints.c.size.desc()).limit(1)
    row = connection.execute(query).first()
    return (Frontier.from_bytes(row.size, bytes(row.peaks)), row.note) if row else None


def notes(connection: Connection, log_name: str) -> list[str]:
    """Every signed note of a log, the oldest first."""
    query = select(checkpoints.c.note).where(checkpoints.c.log == log_name).order_by(checkpoints.c.size)
    return [row.note for row in connection.execute(query)]


def sign_new(database: Database, keys: LogKeys) -> int:
    """Sign and store a checkpoint of every log that grew since its last one. Answers how many were signed."""
    with database.read() as connection:
        ends = log.ends(connection)
        known = {end.log: newest(connection, end.log) for end in ends}
    signed = 0
    for end in ends:
        before = known[end.log]
        frontier = before[0] if before else Frontier()
        if end.position > frontier.size:
            _sign(database, keys, end, frontier)
            signed += 1
    return signed


def _sign(database: Database, keys: LogKeys, end: log.Head, frontier: Frontier) -> None:
    with database.read() as connection:
        frontier.extend(log.leaves(connection, end.log, frontier.size, end.position))
    if frontier.size != end.position:
        raise ValueError(f"{end.log}: {frontier.size} leaves found where the head says {end.position}")
    root = frontier.root()
    signer = keys.signer(end.log, end.origin)
    note = signer.sign(Checkpoint(signer.name, end.position, root).body())
    row = {"log": end.log, "size": end.position, "root": root, "peaks": frontier.to_bytes(), "note": note}
    with database.write() as connection:
        there = select(checkpoints.c.size).where(checkpoints.c.log == end.log, checkpoints.c.size == end.position)
        if not connection.execute(there).first():
            connection.execute(insert(checkpoints), row)
