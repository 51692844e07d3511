"""Whose aid is a person's own: the members who are that person, or of the same household."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Index, RowMapping, String, Table, select

from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from services.access.household import MemberLinked, MemberUnlinked
from services.access.tables import access_tables

household_links = Table(
    "household_links",
    access_tables,
    Column("person_id", String(80), primary_key=True),
    Column("member_id", String(80), primary_key=True),
    Column("station", String(9), primary_key=True),
    Column("kinship", String(10), nullable=False),
)
Index("persons_of_member", household_links.c.member_id)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case MemberLinked():
            key = _key(event, place)
            yield Remove(household_links, key)
            yield Put(household_links, key | {"kinship": event.kinship})
        case MemberUnlinked():
            yield Remove(household_links, _key(event, place))


def _key(event: MemberLinked | MemberUnlinked, place: Place) -> dict[str, str]:
    return {"person_id": event.person_id, "member_id": event.member_id, "station": place.station}


def links_of(connection: Connection, person_id: str) -> list[RowMapping]:
    """The person's links, at every station."""
    query = select(household_links).where(household_links.c.person_id == person_id)
    return list(connection.execute(query.order_by(household_links.c.member_id)).mappings())


def household_of(connection: Connection, person_id: str) -> tuple[str, ...]:
    """The members for whom aid is aid for this person, each once."""
    return tuple(dict.fromkeys(link["member_id"] for link in links_of(connection, person_id)))


def as_member(connection: Connection, member_id: str) -> str | None:
    """The person who is that member, at whatever station it was said."""
    query = select(household_links.c.person_id).where(
        household_links.c.member_id == member_id, household_links.c.kinship == "self"
    )
    return connection.execute(query).scalar()
