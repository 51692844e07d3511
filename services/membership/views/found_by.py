"""By what a member is found: the name and its parts, pinyin, initials, a number, its last four digits."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, String, Table, false, or_, select

from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from lastmile.kernel.store.service import Asking
from services.membership.member import (
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
from services.membership.views.members import members

IDENTITY_TAIL = "last four of identity number"
CARD_TAIL = "last four of card"
TERM_LENGTH = 60
PARTS_OF_A_NAME = 4

found_by = Table(
    "found_by",
    membership_tables,
    Column("station", String(9), primary_key=True),
    # By code points on both databases, so that a beginning is a range of the key.
    Column(
        "term", String(TERM_LENGTH).with_variant(String(TERM_LENGTH, collation="C"), "postgresql"), primary_key=True
    ),
    Column("person_id", String(80), primary_key=True),
)
Index("found_by_person", found_by.c.person_id)

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
    number = text.strip().upper()
    keystore = asking.resources.keystore
    ways: list[ColumnElement[bool]] = []
    if _IDENTITY_TAIL.fullmatch(number):
        ways.append(members.c.person_id.in_([person_id for person_id, _ in keystore.hinted(IDENTITY_TAIL, number)]))
    if _CARD_TAIL.fullmatch(number):
        tokens = [subject for _, subject in keystore.hinted(CARD_TAIL, number)]
        ways.append(_holding(tokens))
    if _IDENTITY_NUMBER.fullmatch(number):
        ways.append(members.c.person_id == keystore.person_behind("identity number", number))
    if _NUMBER.fullmatch(number):
        ways.append(_holding([keystore.master.blind("card number", text.strip())]))
    if begins := _typed(text)[:TERM_LENGTH]:
        after = begins[:-1] + chr(min(ord(begins[-1]) + 1, 0x10FFFF))
        found = select(found_by.c.person_id).where(
            found_by.c.station == asking.station, found_by.c.term >= begins, found_by.c.term < after
        )
        ways.append(members.c.person_id.in_(found))
    return or_(*ways) if ways else false()


def _holding(card_tokens: list[str]) -> ColumnElement[bool]:
    return members.c.person_id.in_(select(live_cards.c.person_id).where(live_cards.c.card_token.in_(card_tokens)))


def _typed(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
