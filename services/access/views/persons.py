"""Who is registered at a station, and how they may sign in. Names stand in the log alone, sealed."""

from collections.abc import Iterable, Sequence
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import BigInteger, Column, Connection, Integer, RowMapping, String, Table, and_, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put
from lastmile.kernel.store.lists import Listed
from services.access.account import AccountClosed, AccountOpened, AccountReset, PasswordChanged
from services.access.person import PersonRegistered
from services.access.second_factor import SecondFactorEnrolled, SecondFactorRemoved
from services.access.tables import access_tables
from services.access.unsealing import Standing
from services.access.views.roles_held import roles_held

persons = Table(
    "persons",
    access_tables,
    Column("station", String(9), primary_key=True),
    Column("person_id", String(80), primary_key=True),
    Column("position", BigInteger, nullable=False, server_default="0"),
    Column("account", String(10), nullable=False, server_default="none"),
    Column("must_change_password", Integer, nullable=False, server_default="0"),
    Column("has_second_factor", Integer, nullable=False, server_default="0"),
)
"""`position` is where the name stands; `account` is none, open or closed."""

listed = Listed(
    table=persons,
    key="person_id",
    shown=("person_id", "account", "must_change_password", "has_second_factor"),
    sorts=("position", "person_id"),
    filters={
        "account": (
            fields.String(validate=validate.OneOf(("none", "open", "closed"))),
            lambda account: persons.c.account == account,
        ),
        "role": (
            fields.String(validate=validate.Length(1, 40)),
            lambda role: (
                select(roles_held.c.role)
                .where(
                    and_(
                        roles_held.c.person_id == persons.c.person_id,
                        roles_held.c.station == persons.c.station,
                        roles_held.c.role == role,
                    )
                )
                .exists()
            ),
        ),
    },
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "person_id": getattr(event, "person_id", "")}
    match event:
        case PersonRegistered():
            signs_in = {"account": "none", "must_change_password": 0, "has_second_factor": 0}
            yield Put(persons, key | {"position": place.position} | signs_in)
        case AccountOpened():
            yield Change(persons, key, {"account": "open", "must_change_password": 1})
        case AccountReset():
            yield Change(persons, key, {"must_change_password": 1})
        case PasswordChanged():
            yield Change(persons, key, {"must_change_password": 0})
        case AccountClosed():
            yield Change(persons, key, {"account": "closed"})
        case SecondFactorEnrolled():
            yield Change(persons, key, {"has_second_factor": 1})
        case SecondFactorRemoved():
            yield Change(persons, key, {"has_second_factor": 0})


def person_of(connection: Connection, station: str, person_id: str) -> RowMapping | None:
    query = select(persons).where(persons.c.station == station, persons.c.person_id == person_id)
    return connection.execute(query).mappings().first()


def registered(connection: Connection, station: str, person_id: str) -> bool:
    return person_of(connection, station, person_id) is not None


def registered_anywhere(connection: Connection, person_id: str) -> bool:
    return connection.execute(select(persons.c.person_id).where(persons.c.person_id == person_id)).first() is not None


def names_stand_at(connection: Connection, station: str, person_ids: Sequence[str]) -> dict[str, Standing]:
    """Where the name of each person stands: at this station or, of others who act here, at theirs."""
    found: dict[str, Standing] = {}
    query = select(persons.c.station, persons.c.person_id, persons.c.position).where(
        persons.c.person_id.in_(person_ids)
    )
    for row in connection.execute(query):
        if row.person_id not in found or row.station == station:
            found[row.person_id] = (row.station, row.position)
    return found
