"""Whom a subject of single sign-on stands for, and at which station the account is."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, Row, String, Table, select

from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from services.access.subject import SubjectLinked, SubjectUnlinked
from services.access.tables import access_tables

subjects = Table(
    "subjects",
    access_tables,
    Column("subject_token", String(64), primary_key=True),
    Column("person_id", String(80), nullable=False),
    Column("station", String(9), nullable=False),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case SubjectLinked():
            row = {"person_id": event.person_id, "station": place.station}
            yield Put(subjects, {"subject_token": event.subject_token} | row)
        case SubjectUnlinked():
            yield Remove(subjects, {"subject_token": event.subject_token})


def linked(connection: Connection, subject_token: str) -> Row[Any] | None:
    return connection.execute(select(subjects).where(subjects.c.subject_token == subject_token)).first()
