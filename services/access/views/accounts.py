"""Whose account a name is, and where in the log its secrets stand sealed."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Row, String, Table, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put, Remove
from services.access.account import AccountClosed, AccountOpened, AccountReset, PasswordChanged
from services.access.second_factor import SecondFactorEnrolled, SecondFactorRemoved
from services.access.tables import access_tables
from services.access.unsealing import Standing

accounts = Table(
    "accounts",
    access_tables,
    Column("person_id", String(80), primary_key=True),
    Column("station", String(9), nullable=False),
    Column("name_token", String(64), nullable=False),
    Column("name_position", BigInteger, nullable=False),
    Column("password_position", BigInteger, nullable=False),
    Column("must_change_password", Integer, nullable=False),
    Column("closed", Integer, nullable=False),
)
Index("one_account_a_name", accounts.c.station, accounts.c.name_token, unique=True)

second_factors = Table(
    "second_factors",
    access_tables,
    Column("person_id", String(80), primary_key=True),
    Column("position", BigInteger, nullable=False),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    key = {"person_id": getattr(event, "person_id", "")}
    match event:
        case AccountOpened():
            yield Remove(accounts, key)
            stands = {"name_position": place.position, "password_position": place.position}
            name = {"station": place.station, "name_token": event.name_token}
            yield Put(accounts, key | name | stands | {"must_change_password": 1, "closed": 0})
        case PasswordChanged():
            yield Change(accounts, key, {"password_position": place.position, "must_change_password": 0})
        case AccountReset():
            yield Change(accounts, key, {"password_position": place.position, "must_change_password": 1})
        case AccountClosed():
            yield Change(accounts, key, {"closed": 1})
        case SecondFactorEnrolled():
            yield Put(second_factors, key | {"position": place.position})
        case SecondFactorRemoved():
            yield Remove(second_factors, key)


def named(connection: Connection, station: str, name_token: str) -> Row[Any] | None:
    query = select(accounts).where(accounts.c.station == station, accounts.c.name_token == name_token)
    return connection.execute(query).first()


def account_of(connection: Connection, person_id: str) -> Row[Any] | None:
    """The one account of a person, at whatever station."""
    return connection.execute(select(accounts).where(accounts.c.person_id == person_id)).first()


def names_stand_at(connection: Connection, person_ids: Sequence[str]) -> dict[str, Standing]:
    """Where the account name of each person stands; those without an account are missing."""
    query = select(accounts.c.person_id, accounts.c.station, accounts.c.name_position)
    found = connection.execute(query.where(accounts.c.person_id.in_(person_ids)))
    return {row.person_id: (row.station, row.name_position) for row in found}


def open_at(connection: Connection, station: str, person_id: str) -> bool:
    found = account_of(connection, person_id)
    return found is not None and found.station == station and not found.closed


def factor_position(connection: Connection, person_id: str) -> int | None:
    """Where the secret of the person's second factor stands, None if none is enrolled."""
    query = select(second_factors.c.position).where(second_factors.c.person_id == person_id)
    return connection.execute(query).scalar()
