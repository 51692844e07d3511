"""Which systems are registered at a station, and what they may do."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Integer, Row, String, Table, Text, select

from lastmile.kernel.store.changes import Change, Changed, Place, Put
from lastmile.kernel.store.lists import Listed
from services.access.system import SystemRegistered, SystemSecretReplaced, SystemWithdrawn
from services.access.tables import access_tables

systems = Table(
    "systems",
    access_tables,
    Column("client_id", String(80), primary_key=True),
    Column("station", String(9), nullable=False),
    Column("name", Text, nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("since", String(10), nullable=False),
    Column("withdrawn", Integer, nullable=False),
)

listed = Listed(
    table=systems,
    key="client_id",
    shown=("client_id", "name", "scopes", "since", "withdrawn"),
    sorts=("client_id", "since"),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case SystemRegistered():
            since = event.occurred_on.isoformat()
            row = {"name": event.name, "secret_hash": event.secret_hash, "scopes": event.scopes, "since": since}
            yield Put(systems, {"client_id": event.client_id, "station": place.station, "withdrawn": 0} | row)
        case SystemSecretReplaced():
            yield Change(systems, {"client_id": event.client_id}, {"secret_hash": event.secret_hash})
        case SystemWithdrawn():
            yield Change(systems, {"client_id": event.client_id}, {"withdrawn": 1})


def system_of(connection: Connection, client_id: str) -> Row[Any] | None:
    return connection.execute(select(systems).where(systems.c.client_id == client_id)).first()
