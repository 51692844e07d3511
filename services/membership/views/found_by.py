"""By what a member is found: the name and its parts, pinyin, initials, a number, its last four digits."""

import re
from collections.abc import Iterable, Iterator
from string import ascii_lowercase
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Index,
    String,
    Table,
    and_,
    false,
    func,
    literal,
    literal_column,
    select,
)

from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from lastmile.kernel.store.service import Asking
from services.membership.member_events import (
    AdmissionUndone,
    MemberCorrected,
    MemberJoined,
    MemberMovedIn,
    MemberRegistered,
    MemberRejoined,
    PersonErased,
)
from services.membership.pinyin import sounds
from services.membership.tables import membership_tables
from services.membership.views.live_cards import live_cards
from services.membership.views.members import by_code_points, members

IDENTITY_TAIL = "last four of identity number"
CARD_TAIL = "last four of card"
TERM_LENGTH = 60
PARTS_OF_A_NAME = 4
MOST_NAMED = 20_000

found_by = Table(
    "found_by",
    membership_tables,
    Column("station", String(9), primary_key=True),
    Column("term", by_code_points(TERM_LENGTH), primary_key=True),
    Column("person_id", String(80), primary_key=True),
)
Index("found_by_person", found_by.c.person_id, found_by.c.station)

_IDENTITY_TAIL = re.compile(r"[0-9]{3}[0-9X]")
_CARD_TAIL = re.compile(r"(?=.*[0-9])[0-9A-Z]{4}")
_IDENTITY_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Z-]{5,80}")


def terms(name: str) -> list[str]:
    """What a member of this name may be sought by; the name from its second character on is what people call them."""
    bare = _typed(name)
    parts = [bare[start:] for start in range(min(len(bare), PARTS_OF_A_NAME))]
    heard = sounds(name)
    return list(dict.fromkeys(term[:TERM_LENGTH] for term in (*parts, *heard.pinyin, *heard.initials) if term))


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case MemberRegistered() | MemberJoined() | MemberRejoined() | MemberMovedIn() | MemberCorrected(name=str()):
            here = {"station": place.station, "person_id": event.person_id}
            if not isinstance(event, MemberRegistered | MemberJoined):
                yield Remove(found_by, here)
            for term in terms(event.name or ""):
                yield Put(found_by, here | {"term": term})
        case AdmissionUndone(former_since=None):
            yield Remove(found_by, {"station": place.station, "person_id": event.person_id})
        case PersonErased():
            yield Remove(found_by, {"person_id": event.person_id})


def sought(asking: Asking, text: str) -> ColumnElement[bool]:
    """The members whom `text` may mean, whatever it is."""
    begins = _typed(text)[:TERM_LENGTH]
    if not begins:
        return false()
    if begins in ascii_lowercase:  # One letter means a tenth of all members: the list is sorted that way already.
        return and_(members.c.pinyin >= begins, members.c.pinyin < _after(begins))
    named = select(found_by.c.person_id).where(
        found_by.c.station == asking.station, found_by.c.term >= begins, found_by.c.term < _after(begins)
    )
    some = asking.connection.execute(named.limit(MOST_NAMED + 1)).scalars().all()
    if len(some) > MOST_NAMED:
        return members.c.person_id.in_(named)
    return _one_of(asking.connection, sorted({*some, *_numbered(asking, text.strip())}))


def _numbered(asking: Asking, text: str) -> Iterator[str]:
    """Whom the text means as a number, or as its last four digits."""
    keystore, number = asking.resources.keystore, text.upper()
    tokens = []
    if _IDENTITY_NUMBER.fullmatch(number):
        yield from filter(None, [keystore.person_behind("identity number", number)])
    if _IDENTITY_TAIL.fullmatch(number):
        yield from (person_id for person_id, _ in keystore.hinted(IDENTITY_TAIL, number))
    if _CARD_TAIL.fullmatch(number):
        tokens += [subject for _, subject in keystore.hinted(CARD_TAIL, number)]
    if _NUMBER.fullmatch(number):
        tokens.append(keystore.master.blind("card number", text))
    if tokens:
        holders = select(live_cards.c.person_id).where(live_cards.c.card_token.in_(tokens))
        yield from asking.connection.execute(holders).scalars()


def _one_of(connection: Connection, person_ids: list[str]) -> ColumnElement[bool]:
    """Given as one value: thousands of values would take longer to say than to find."""
    if connection.dialect.name == "postgresql":
        return members.c.person_id.in_(select(func.unnest(literal(person_ids, ARRAY(String)))))
    told = func.json_each(orjson.dumps(person_ids).decode())
    return members.c.person_id.in_(select(literal_column("value")).select_from(told))


def _after(begins: str) -> str:
    """The first text behind all that begin so."""
    return begins[:-1] + chr(min(ord(begins[-1]) + 1, 0x10FFFF))


def _typed(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
