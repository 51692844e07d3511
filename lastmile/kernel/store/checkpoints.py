"""Signed checkpoints of logs, stored before they are shown, and the key of each log outside the database."""

import os
from collections.abc import Callable
from dataclasses import dataclass
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
from lastmile.kernel.domain.entry import entry_hash
from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.domain.merkle import Frontier
from lastmile.kernel.store import log
from lastmile.kernel.store.database import Database

ENTRIES_AT_ONCE = 1_000

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


class HistoryChanged(Failure):
    """The log was changed behind the signed checkpoint: nothing more of it is signed."""

    code = "history-changed"
    status = 409


class WrongKeys(Failure):
    """The keys of the logs do not belong together."""

    code = "wrong-keys"
    status = 500


@dataclass(frozen=True)
class Signed:
    """The last signature of a log as it is kept beside the key, where who changes the database does not reach."""

    note: str
    tree: Frontier


class LogKeys:
    """The signing key of each log, a file each, made on first use and readable by its owner alone."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._signers: dict[str, Signer] = {}
        self.settled: dict[str, log.Head] = {}
        """The end of each log as it was when this process last held it against what was signed."""

    def signer(self, log_name: str, origin: str) -> Signer:
        name = checkpoint_origin(log_name, origin)
        if name not in self._signers:
            signer = Signer(name, private_key(self._path(log_name, "pem")))
            write_once(self._path(log_name, "vkey"), f"{signer.verifier()}\n".encode)
            self._signers[name] = signer
        return self._signers[name]

    def verifiers(self) -> dict[str, Verifier]:
        """The pinned public key of each log that was ever signed here, by the log's name."""
        found = {}
        for path in sorted(self.directory.glob("*.vkey")):
            try:
                verifier = Verifier.parse(path.read_text())
            except ValueError as error:
                raise WrongKeys(f"{path}: {error}") from None
            log_name = verifier.name.removeprefix("lastmile/").rpartition("/")[0]
            if path != self._path(log_name, "vkey"):
                raise WrongKeys(f"{path} is a public key of {log_name}: that one's is {self._path(log_name, 'vkey')}")
            self._check_pair(log_name, verifier)
            found[log_name] = verifier
        return found

    def signed(self, log_name: str) -> Signed | None:
        """What was signed last of a log; None if nothing was."""
        path = self._path(log_name, "signed")
        try:
            note, _, peaks = path.read_text().rpartition("\n\n")
            return Signed(f"{note}\n", Frontier.from_bytes(int(note.split("\n")[1]), bytes.fromhex(peaks)))
        except FileNotFoundError:
            return None
        except (ValueError, IndexError):
            raise WrongKeys(f"{path} is damaged: a signed note, a blank line and hashes stand in it") from None

    def keep_signed(self, log_name: str, signed: Signed) -> None:
        path = self._path(log_name, "signed")
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        with part.open("w") as file:
            file.write(f"{signed.note}\n{signed.tree.to_bytes().hex()}\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)

    def signed_notes(self) -> dict[str, str]:
        """The note that is kept beside the key of each log, by the log's name."""
        found = {}
        for path in sorted(self.directory.glob("*.signed")):
            note = path.read_text().rpartition("\n\n")[0] + "\n"
            log_name = note.partition("\n")[0].removeprefix("lastmile/").rpartition("/")[0]
            if path != self._path(log_name, "signed"):
                raise WrongKeys(f"{path} is damaged or another's: its note is of {log_name!r}")
            found[log_name] = note
        return found

    def _check_pair(self, log_name: str, verifier: Verifier) -> None:
        path = self._path(log_name, "pem")
        try:
            own = private_key(path).public_key().public_bytes_raw() if path.exists() else verifier.key
        except PermissionError:  # Who only verifies need not read it.
            return
        except (ValueError, TypeError) as error:
            raise WrongKeys(f"{path} cannot be read: {error}") from None
        if own != verifier.key:
            raise WrongKeys(f"{path} is not the key to {self._path(log_name, 'vkey')}")

    def _path(self, log_name: str, suffix: str) -> Path:
        return self.directory / f"{log_name.replace('/', '-')}.{suffix}"


def write_once(path: Path, make: Callable[[], bytes]) -> None:
    """Make a file readable by its owner alone, whole or not at all; one that is there already counts."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        pass  # Another process made it first; that one counts.
    finally:
        part.unlink()


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def private_key(path: Path) -> Ed25519PrivateKey:
    """The Ed25519 key in a PEM file, which is made if it is not there."""
    write_once(path, _new_key)
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
    """Sign and store a checkpoint of every log that grew since its last one. Answers how many were signed.

    Raises HistoryChanged, once the other logs are signed, if one is no continuation of what was signed before.
    """
    with database.read() as connection:  # Looking at logs that stand still would cost most where stations are many.
        unsettled = [end.log for end in log.ends(connection) if keys.settled.get(end.log) != end]
    # What is kept is read before the log's end: another process may sign meanwhile.
    kept = {name: keys.signed(name) for name in unsettled}
    if not kept:
        return 0
    with database.read() as connection:
        ends = [end for end in log.ends(connection) if end.log in kept]
    signed, refused = 0, list[HistoryChanged]()
    for end in ends:
        try:
            signed += _sign(database, keys, end, kept[end.log])
            keys.settled[end.log] = end
        except HistoryChanged as error:
            refused.append(error)
    if refused:
        raise refused[0]
    return signed


def _sign(database: Database, keys: LogKeys, end: log.Head, kept: Signed | None) -> bool:
    if not end.position and kept is None:
        return False
    signer = keys.signer(end.log, end.origin)
    with database.read() as connection:
        before = kept or _stored(connection, end.log)
        frontier = _continued(connection, end, signer.verifier(), before) if before else Frontier()
        if before and not kept:  # Signed before this was kept beside the key.
            keys.keep_signed(end.log, before)
        if before and frontier.size == end.position:
            return False
        _extend(connection, end, frontier)
    root = frontier.root()
    note = signer.sign(Checkpoint(signer.name, end.position, root).body())
    row = {"log": end.log, "size": end.position, "root": root, "peaks": frontier.to_bytes(), "note": note}
    with database.write() as connection:
        there = select(checkpoints.c.size).where(checkpoints.c.log == end.log, checkpoints.c.size == end.position)
        if not connection.execute(there).first():
            connection.execute(insert(checkpoints), row)
    keys.keep_signed(end.log, Signed(note, frontier))
    return True


def _stored(connection: Connection, log_name: str) -> Signed | None:
    found = newest(connection, log_name)
    return Signed(found[1], found[0]) if found else None


def _continued(connection: Connection, end: log.Head, verifier: Verifier, before: Signed) -> Frontier:
    """The tree that was signed before, if the log still has it."""
    try:
        signed = verifier.open_checkpoint(before.note)
    except ValueError as error:
        raise _changed(end, before.tree.size, str(error)) from None
    tree = before.tree.copy()
    well_formed = len(tree.peaks) == signed.size.bit_count() and tree.size == signed.size
    if signed.origin != verifier.name or not well_formed or tree.root() != signed.root:
        raise _changed(end, signed.size, "the hashes beside it lead to another root")
    if end.position < signed.size:
        raise _changed(end, signed.size, f"the log ends at {end.position}")
    query = select(checkpoints).where(checkpoints.c.log == end.log, checkpoints.c.size == signed.size)
    row = connection.execute(query).first()
    if row is None or (row.note, bytes(row.root), bytes(row.peaks)) != (before.note, signed.root, tree.to_bytes()):
        again = Frontier()
        again.extend(log.leaves(connection, end.log, 0, signed.size))
        if again.peaks != tree.peaks:
            raise _changed(end, signed.size, "its entries have another root")
    return tree


def _extend(connection: Connection, end: log.Head, frontier: Frontier) -> None:
    """Append the new entries, each of which must have the leaf that is stored with it."""
    before, entries = frontier.size, log.events.c
    query = (
        select(entries.leaf, entries.entry)
        .where(entries.log == end.log, entries.position > before, entries.position <= end.position)
        .order_by(entries.position)
    )
    for leaf, entry in connection.execute(query, execution_options={"yield_per": ENTRIES_AT_ONCE}):
        if entry_hash(bytes(entry)) != bytes(leaf):
            raise _changed(end, before, f"entry {frontier.size + 1} was changed, its hash is not the stored leaf")
        frontier.append(bytes(leaf))
    if frontier.size != end.position:
        raise _changed(end, before, f"{frontier.size} entries found where the head says {end.position}")


def _changed(end: log.Head, size: int, what: str) -> HistoryChanged:
    return HistoryChanged(
        f"{end.log} was changed behind the signed checkpoint of size {size}: {what}. Run `lastmile verify`",
        log=end.log,
        size=size,
    )
