"""Keys of persons, kept apart from the log, so that erasing a key makes what it sealed unreadable everywhere."""

import base64
import hmac
import secrets
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap_with_padding, aes_key_wrap_with_padding
from sqlalchemy import Column, Connection, LargeBinary, MetaData, String, Table, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from uuid6 import uuid7

from lastmile.kernel.domain.failures import Refused, Unavailable
from lastmile.kernel.store.database import Database

AES_256_GCM = "1"
"""The algorithm id that starts every sealed text."""

LOOK_UP_AT_ONCE = 400

Item = TypeVar("Item")

keystore_tables = MetaData()

person_keys = Table(
    "person_keys",
    keystore_tables,
    Column("person_id", String(80), primary_key=True),
    Column("purpose", String(40), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

blind_index = Table(
    "blind_index",
    keystore_tables,
    Column("kind", String(40), primary_key=True),
    Column("token", String(64), primary_key=True),
    Column("person_id", String(80), nullable=False, index=True),
)
"""Whom a keyed hash of an identity number stands for."""

hints = Table(
    "hints",
    keystore_tables,
    Column("kind", String(40), primary_key=True),
    Column("token", String(64), primary_key=True),
    Column("person_id", String(80), primary_key=True, index=True),
    Column("subject", String(80), primary_key=True),
)
"""Whom a keyed hash of a few digits may stand for: many persons; `subject` names the thing of theirs that has them."""

erased_persons = Table(
    "erased_persons",
    keystore_tables,
    Column("person_id", String(80), primary_key=True),
    Column("event_id", String(36), nullable=False),
)


class PersonIsErased(Refused):
    """This person's data was erased; nothing more is kept of them."""


class MasterKey:
    """The secret above all keys of a deployment (32 bytes), with the keys that are derived from it."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != 32:
            raise ValueError(f"the master key has {len(secret)} bytes, not 32")
        self._secret = secret
        self.wrapping = self._derived(b"person keys")
        self.bodies = self._derived(b"command bodies")
        self.drafts = self._derived(b"drafts")

    def blind(self, kind: str, value: str) -> str:
        """A keyed hash by which `value` is found again without being kept."""
        return hmac.new(self._derived(b"blind " + kind.encode()), value.encode(), sha256).hexdigest()

    def _derived(self, info: bytes) -> bytes:
        cache: dict[bytes, bytes] = self.__dict__.setdefault("_cache", {})
        if info not in cache:
            cache[info] = HKDF(SHA256(), 32, None, b"lastmile " + info).derive(self._secret)
        return cache[info]


class Keystore:
    """The keys of persons in a database of their own, wrapped by the master key."""

    def __init__(self, database: Database, master: MasterKey) -> None:
        self.database, self.master = database, master
        self.erasures_replayed = True

    def _opened(self) -> None:
        if not self.erasures_replayed:
            raise Unavailable("the key store is not open: it waits for the erasures it may have missed")

    def keys(self, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        """The key of each (person, purpose), made and committed first where there is none.

        Raises PersonIsErased for a person who was erased.
        """
        self._opened()
        pairs = sorted(set(wanted))
        found = self._existing(pairs)
        missing = [pair for pair in pairs if pair not in found]
        if missing:
            with self.database.write() as connection:
                persons = sorted({person for person, _ in missing})
                for part in _parts(persons):
                    gone = connection.execute(
                        select(erased_persons.c.person_id).where(erased_persons.c.person_id.in_(part))
                    ).first()
                    if gone:
                        raise PersonIsErased(f"person {gone.person_id} was erased", person_id=gone.person_id)
                rows = [
                    {
                        "person_id": person,
                        "purpose": purpose,
                        "wrapped": aes_key_wrap_with_padding(self.master.wrapping, secrets.token_bytes(32)),
                    }
                    for person, purpose in missing
                ]
                _insert_new(connection, person_keys, rows)
            found |= self._existing(missing)
        return found

    def _existing(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        found = {}
        with self.database.read() as connection:
            for part in _parts(pairs):
                query = select(person_keys).where(tuple_(person_keys.c.person_id, person_keys.c.purpose).in_(part))
                for row in connection.execute(query):
                    key = aes_key_unwrap_with_padding(self.master.wrapping, bytes(row.wrapped))
                    found[row.person_id, row.purpose] = key
        return found

    def unseal(self, person_id: str, purpose: str, event_id: str, field: str, sealed: str) -> str | None:
        """The plain text, or None if the person was erased. Raises ValueError if it was changed or moved."""
        self._opened()
        key = self._existing([(person_id, purpose)]).get((person_id, purpose))
        return None if key is None else unseal(key, event_id, field, sealed)

    def persons_behind(self, kind: str, values: Sequence[str]) -> list[str]:
        """The person id for each value, a new one where the value was never seen."""
        tokens = [self.master.blind(kind, value) for value in values]
        found = self._indexed(kind, tokens)
        new = sorted({token for token in tokens if token not in found})
        if new:
            with self.database.write() as connection:
                _insert_new(
                    connection,
                    blind_index,
                    [{"kind": kind, "token": t, "person_id": str(uuid7())} for t in new],
                )
            found |= self._indexed(kind, new)
        return [found[token] for token in tokens]

    def person_behind(self, kind: str, value: str) -> str | None:
        """The person id for a value, None if it was never seen."""
        return next(iter(self._indexed(kind, [self.master.blind(kind, value)]).values()), None)

    def known_persons(self, kind: str, values: Sequence[str]) -> list[str | None]:
        """The person id for each value, None where the value was never seen."""
        tokens = [self.master.blind(kind, value) for value in values]
        found = self._indexed(kind, tokens)
        return [found.get(token) for token in tokens]

    def hint(self, kind: str, hinted: Iterable[tuple[str, str, str]]) -> None:
        """Let persons be found by a few digits: (digits, person id, subject). Asking twice is harmless."""
        rows = [
            {"kind": kind, "token": self.master.blind(kind, digits), "person_id": person_id, "subject": subject}
            for digits, person_id, subject in hinted
        ]
        if rows:
            with self.database.write() as connection:
                _insert_new(connection, hints, rows)

    def hinted(self, kind: str, digits: str) -> list[tuple[str, str]]:
        """(person id, subject) of everyone who may be meant by these digits."""
        query = select(hints.c.person_id, hints.c.subject).where(
            hints.c.kind == kind, hints.c.token == self.master.blind(kind, digits)
        )
        with self.database.read() as connection:
            return [(row.person_id, row.subject) for row in connection.execute(query)]

    def _indexed(self, kind: str, tokens: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        with self.database.read() as connection:
            for part in _parts(tokens):
                query = select(blind_index).where(blind_index.c.kind == kind, blind_index.c.token.in_(part))
                found |= {row.token: row.person_id for row in connection.execute(query)}
        return found

    def erase(self, person_id: str, event_id: str) -> None:
        """Destroy the person's keys and index rows, and overwrite the pages they stood on. Asking twice is harmless."""
        with self.database.write() as connection:
            connection.execute(delete(person_keys).where(person_keys.c.person_id == person_id))
            connection.execute(delete(blind_index).where(blind_index.c.person_id == person_id))
            connection.execute(delete(hints).where(hints.c.person_id == person_id))
            _insert_new(connection, erased_persons, [{"person_id": person_id, "event_id": event_id}])
        self.database.remove_old_pages(person_keys, blind_index, hints)


def seal(key: bytes, event_id: str, field: str, plain: str) -> str:
    """`plain` as ciphertext that opens only under this key, for this event and this field."""
    nonce = secrets.token_bytes(12)
    ciphertext = AESGCM(key).encrypt(nonce, plain.encode(), f"{event_id}/{field}".encode())
    return f"{AES_256_GCM}.{base64.urlsafe_b64encode(nonce + ciphertext).decode()}"


def unseal(key: bytes, event_id: str, field: str, sealed: str) -> str:
    """The plain text of `seal`. Raises ValueError if it was changed, or moved to another event or field."""
    algorithm, _, encoded = sealed.partition(".")
    if algorithm != AES_256_GCM:
        raise ValueError(f"unknown sealing algorithm {algorithm!r}")
    data = base64.urlsafe_b64decode(encoded)
    try:
        return AESGCM(key).decrypt(data[:12], data[12:], f"{event_id}/{field}".encode()).decode()
    except InvalidTag:
        raise ValueError(f"the sealed {field} of event {event_id} was changed") from None


def _insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def _parts(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    for start in range(0, len(items), LOOK_UP_AT_ONCE):
        yield items[start : start + LOOK_UP_AT_ONCE]
