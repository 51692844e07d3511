"""Which rosters were brought in, and what became of the members whom each admitted."""

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import Column, Connection, Index, Integer, String, Table, func, select

from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.changes import Change, Changed, Place, Put
from lastmile.kernel.store.lists import Listed
from lastmile.kernel.store.service import Asking
from services.membership.card import CardApplied, CardIssued
from services.membership.honour import HonourRecorded
from services.membership.member_events import (
    AdmissionUndone,
    MemberCorrected,
    MemberDied,
    MemberExpelled,
    MemberJoined,
    MemberLeft,
    MemberMovedOut,
    MemberRegistered,
    MemberRejoined,
    MemberTransferred,
    TransferRequested,
)
from services.membership.roster_import import Admissions, ImportConfirmed, ImportOpened, ImportUndone
from services.membership.tables import membership_tables
from services.membership.views.shown_names import names

roster_imports = Table(
    "roster_imports",
    membership_tables,
    Column("station", String(9), primary_key=True),
    Column("import_id", String(80), primary_key=True),
    Column("file_sha256", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("opened_on", String(10), nullable=False),
    Column("opened_by", String(80), nullable=False),
    Column("status", String(10), nullable=False),
    Column("admitted", Integer, nullable=False),
    Column("undone", Integer, nullable=False),
    Column("left", Integer, nullable=False),
)
Index("roster_imports_by_file", roster_imports.c.station, roster_imports.c.file_sha256)

admissions = Table(
    "admissions_by_import",
    membership_tables,
    Column("station", String(9), primary_key=True),
    Column("import_id", String(80), primary_key=True),
    Column("person_id", String(80), primary_key=True),
    Column("status", String(10), nullable=False),
)
Index("admissions_by_person", admissions.c.station, admissions.c.person_id)

_TOUCHING = (
    MemberCorrected
    | MemberTransferred
    | TransferRequested
    | MemberLeft
    | MemberExpelled
    | MemberDied
    | MemberMovedOut
    | CardApplied
    | CardIssued
    | HonourRecorded
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case MemberRegistered(import_id=str()) | MemberJoined(import_id=str()) | MemberRejoined(import_id=str()):
            key = {"station": place.station, "import_id": event.import_id, "person_id": event.person_id}
            yield Put(admissions, key | {"status": "standing"})
        case AdmissionUndone():
            key = {"station": place.station, "import_id": event.import_id, "person_id": event.person_id}
            yield Change(admissions, key, {"status": "undone"})
        case ImportOpened() | ImportConfirmed() | ImportUndone():
            yield from _of_import(event, place)
        case _ if isinstance(event, _TOUCHING):
            key = {"station": place.station, "person_id": event.person_id, "status": "standing"}
            yield Change(admissions, key, {"status": "touched"})


def _of_import(event: ImportOpened | ImportConfirmed | ImportUndone, place: Place) -> Iterable[Changed]:
    key = {"station": place.station, "import_id": event.import_id}
    match event:
        case ImportOpened():
            told = {"file_sha256": event.file_sha256, "rows": event.rows, "opened_on": event.occurred_on.isoformat()}
            begun = {"opened_by": place.actor, "status": "open", "admitted": 0, "undone": 0, "left": 0}
            yield Put(roster_imports, key | told | begun)
        case ImportConfirmed():
            yield Change(roster_imports, key, {"status": "confirmed", "admitted": event.admitted})
        case ImportUndone():
            yield Change(roster_imports, key, {"status": "undone", "undone": event.undone, "left": event.left})


def is_open(connection: Connection, station: str, import_id: str) -> bool:
    query = select(roster_imports.c.status).where(
        roster_imports.c.station == station, roster_imports.c.import_id == import_id
    )
    return connection.execute(query).scalar_one_or_none() in ("open", "confirmed")


def became(connection: Connection, station: str, import_id: str) -> Admissions:
    query = (
        select(admissions.c.status, func.count().label("persons"))
        .where(admissions.c.station == station, admissions.c.import_id == import_id)
        .group_by(admissions.c.status)
    )
    return Admissions(**{row.status: row.persons for row in connection.execute(query)})


def touched(connection: Connection, station: str, import_id: str, person_id: str) -> bool:
    query = select(admissions.c.status).where(
        admissions.c.station == station, admissions.c.import_id == import_id, admissions.c.person_id == person_id
    )
    return connection.execute(query).scalar_one_or_none() == "touched"


def imports_of_file(connection: Connection, station: str, file_sha256: str) -> list[Any]:
    """The imports of this file so far, the first one first."""
    query = select(roster_imports).where(
        roster_imports.c.station == station, roster_imports.c.file_sha256 == file_sha256
    )
    return sorted(connection.execute(query), key=lambda row: (len(row.import_id), row.import_id))


listed = Listed(
    roster_imports,
    key="import_id",
    shown=("import_id", "rows", "opened_on", "opened_by", "status", "admitted", "undone", "left"),
    sorts=("opened_on",),
)


def import_list(asking: Asking) -> dict[str, Any]:
    """The rosters that were brought in."""
    return listed.rows(asking)


class OfImport(Schema):
    """Which import."""

    import_id = fields.String(required=True, validate=validate.Length(1, 80))


def import_record(asking: Asking) -> dict[str, Any]:
    """One import: its row, and `standing`, `touched` (with names) and `undone` persons."""
    import_id = asking.parameters["import_id"]
    version = asking.version("roster_import", import_id)
    row = asking.connection.execute(
        select(roster_imports).where(
            roster_imports.c.station == asking.station, roster_imports.c.import_id == import_id
        )
    ).first()
    if row is None:
        raise NotFound(f"there is no import {import_id}", import_id=import_id)
    query = select(admissions.c.person_id, admissions.c.status).where(
        admissions.c.station == asking.station, admissions.c.import_id == import_id
    )
    by_status: dict[str, list[str]] = {"standing": [], "touched": [], "undone": []}
    for admission in asking.connection.execute(query.order_by(admissions.c.person_id)):
        by_status[admission.status].append(admission.person_id)
    known = names(asking, by_status["touched"])
    return {
        **{name: getattr(row, name) for name in listed.shown},
        "version": version,
        "standing": by_status["standing"],
        "undone_persons": len(by_status["undone"]),
        "touched": [{"person_id": person_id, "name": known.get(person_id)} for person_id in by_status["touched"]],
    }
