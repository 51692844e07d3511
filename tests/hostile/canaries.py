"""Personal data of invented people that nobody else has, and the places in which it is looked for, however spelt."""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from sqlalchemy import make_url

from tests.membership.station import identity_number

NAMES = ("欧阳查无甲", "欧阳查无乙")
NUMBERS = (identity_number(771, "19450317"), identity_number(772, "19450318"))
PHONE, ACCOUNT, ILLNESS = "13999990017", "6222770088991234", "查无此病症"
CANARIES = (*NAMES, *NUMBERS, PHONE, ACCOUNT, ILLNESS)
TAIL = 14
"""Without the area and the century an identity number still says who it is."""


def spellings(canary: str) -> Iterator[bytes]:
    """As programs write text down."""
    for text in {canary, canary[-TAIL:]} if canary.isascii() else {canary}:
        yield from (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("gb18030"))
        yield from (binascii.hexlify(text.encode()), repr(text.encode("unicode_escape"))[2:-1].encode())
        yield quote(text).encode()
        yield text.encode("unicode_escape")
        for data in (text.encode(), text.encode("utf-16-le")):
            yield from _in_base64(data)


def _in_base64(data: bytes) -> Iterator[bytes]:
    """The characters that every base64 of something with this inside has, wherever it begins."""
    for before in range(3):
        coded = base64.b64encode(bytes(before) + data)
        inner = coded[-(-before * 8 // 6) : len(coded) - (4 if (before + len(data)) % 3 else 0)]
        yield inner
        yield inner.translate(bytes.maketrans(b"+/", b"-_"))


SPELLINGS: Mapping[str, frozenset[bytes]] = {canary: frozenset(spellings(canary)) for canary in CANARIES}


def canaries_in(data: bytes) -> set[str]:
    low = data.lower()
    return {
        canary
        for canary, spelt in SPELLINGS.items()
        if any(each in data or (each.isascii() and each.lower() in low) for each in spelt)
    }


def found(places: Iterable[tuple[str, bytes]]) -> dict[str, set[str]]:
    """The canaries by the place in which they stand in clear."""
    seen: dict[str, set[str]] = {}
    for place, data in places:
        if there := canaries_in(data):
            seen[place] = seen.get(place, set()) | there
    return seen


def files(*directories: Path) -> Iterator[tuple[str, bytes]]:
    """Every file under these directories, by its name."""
    for directory in directories:
        for path in sorted(directory.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.name, path.read_bytes()


def tables(url: str) -> Iterator[tuple[str, bytes]]:
    """Every table of a database on PostgreSQL, by its name: what its rows hold."""
    connection = psycopg2.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{table}"')
            yield table, b"\n".join(_as_bytes(value) for row in cursor for value in row)
    connection.close()


def _as_bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
