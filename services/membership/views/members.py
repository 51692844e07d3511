"""Who is or was a member of a station. The one place where names stand in clear, for search."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, String, Table, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put, Remove
from services.membership.card import (
    CardApplicationEnded,
    CardApplied,
    CardIssued,
    CardLost,
    CardReplaced,
    CardUnbound,
)
from services.membership.member_events import (
    AdmissionUndone,
    MemberCorrected,
    MemberDied,
    MemberExpelled,
    MemberJoined,
    MemberLeft,
    MemberMovedIn,
    MemberMovedOut,
    MemberRegistered,
    MemberRejoined,
    MemberTransferred,
    PersonErased,
    TransferRequested,
)
from services.membership.pinyin import sounds
from services.membership.tables import membership_tables

SORTED_BY = 60
LOOKED_UP_AT_ONCE = 400

CARD_STATES = ("none", "waiting", "live", "lost")


def by_code_points(length: int) -> String:
    """A text that both databases sort by code points, so that a beginning is a range of an index."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


members = Table(
    "members",
    membership_tables,
    Column("station", String(9), primary_key=True),
    Column("person_id", String(80), primary_key=True),
    Column("union_id", String(80), nullable=False),
    Column("name", String(500)),
    Column("pinyin", by_code_points(SORTED_BY), nullable=False),
    Column("living", Integer, nullable=False),
    Column("since", String(10), nullable=False),
    Column("sex", String(10), nullable=False),
    Column("birth_year", Integer, nullable=False),
    Column("employment", String(20), nullable=False),
    Column("card", String(10), nullable=False),
)
"""`pinyin` is what names are sorted by."""
Index("members_by_union", members.c.station, members.c.union_id, members.c.pinyin, members.c.person_id)
Index("members_by_pinyin", members.c.station, members.c.pinyin, members.c.person_id)
Index("members_by_since", members.c.station, members.c.since, members.c.person_id)
Index("members_by_person", members.c.person_id)

living_members = Table(
    "living_members",
    membership_tables,
    Column("person_id", String(80), primary_key=True),
    Column("station", String(9), nullable=False),
)
"""Where each living member is: the last guard that nobody is a member twice in this database."""

requested_transfers = Table(
    "requested_transfers",
    membership_tables,
    Column("person_id", String(80), primary_key=True),
    Column("from_station", String(9), primary_key=True),
    Column("to_station", String(9), primary_key=True),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "person_id": getattr(event, "person_id", "")}
    match event:
        case MemberRegistered() | MemberJoined() | MemberRejoined() | MemberMovedIn():
            if isinstance(event, MemberRejoined | MemberMovedIn):
                yield Remove(members, key)
            row = {
                "union_id": event.union_id,
                **named(event.name),
                "living": 1,
                "card": "none",
                "since": event.occurred_on.isoformat(),
                **{name: getattr(event, name) for name in ("sex", "birth_year", "employment")},
            }
            yield Put(members, key | row)
            if isinstance(event, MemberMovedIn):
                yield Change(living_members, {"person_id": event.person_id}, {"station": place.station})
            else:
                yield Put(living_members, {"person_id": event.person_id, "station": place.station})
        case MemberCorrected() if event.name is not None:
            yield Change(members, key, named(event.name))
        case MemberTransferred():
            yield Change(members, key, {"union_id": event.to_union_id})
        case MemberLeft() | MemberExpelled() | MemberDied() | MemberMovedOut():
            yield Change(members, key, {"living": 0, "since": event.occurred_on.isoformat()})
            yield Remove(living_members, {"person_id": event.person_id, "station": place.station})
        case AdmissionUndone():
            yield Remove(living_members, {"person_id": event.person_id, "station": place.station})
            yield _as_before(event, key)
        case PersonErased():
            yield Change(members, {"person_id": event.person_id}, {"name": None, "pinyin": ""})


def fold_transfers(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case TransferRequested():
            requested = {"person_id": event.person_id, "from_station": place.station}
            yield Remove(requested_transfers, requested)
            yield Put(requested_transfers, requested | {"to_station": event.to_station})
        case MemberMovedIn():
            yield Remove(requested_transfers, {"person_id": event.person_id, "to_station": place.station})
        case MemberLeft() | MemberExpelled() | MemberDied() | MemberMovedOut():
            yield Remove(requested_transfers, {"person_id": event.person_id, "from_station": place.station})


def fold_cards(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "person_id": getattr(event, "person_id", "")}
    match event:
        case CardIssued() | CardReplaced():
            yield Change(members, key, {"card": "live"})
        case CardLost():
            yield Change(members, key, {"card": "lost"})
        case CardApplied():
            yield Change(members, key, {"card": "waiting"})
        case CardApplicationEnded(for_lost=for_lost):
            yield Change(members, key, {"card": "lost" if for_lost else "none"})
        case CardUnbound():
            yield Change(members, key, {"card": "none"})


def named(name: str) -> dict[str, str]:
    """The columns that a name fills."""
    return {"name": name, "pinyin": sounds(name).pinyin[0][:SORTED_BY]}


def _as_before(event: AdmissionUndone, key: dict[str, str]) -> Changed:
    if event.former_since is None:
        return Remove(members, key)
    before = {"union_id": event.former_union_id, "living": 0, "since": event.former_since.isoformat()}
    return Change(members, key, before)


def is_member(connection: Connection, station: str, person_id: str) -> bool:
    return member_at(connection, person_id) == station


def member_at(connection: Connection, person_id: str) -> str | None:
    """The station at which the person is a member now."""
    return connection.execute(
        select(living_members.c.station).where(living_members.c.person_id == person_id)
    ).scalar_one_or_none()


def transfer_requested(connection: Connection, person_id: str, from_station: str, to_station: str) -> bool:
    query = select(requested_transfers.c.person_id).where(
        requested_transfers.c.person_id == person_id,
        requested_transfers.c.from_station == from_station,
        requested_transfers.c.to_station == to_station,
    )
    return connection.execute(query).first() is not None


def members_at(connection: Connection, person_ids: Sequence[str]) -> dict[str, str]:
    """Person to the station at which they are a member now, for those who are."""
    found: dict[str, str] = {}
    for start in range(0, len(person_ids), LOOKED_UP_AT_ONCE):
        part = person_ids[start : start + LOOKED_UP_AT_ONCE]
        rows = connection.execute(select(living_members).where(living_members.c.person_id.in_(part)))
        found |= {row.person_id: row.station for row in rows}
    return found
