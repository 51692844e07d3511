"""A small service that the kernel's tests run: boxes that pieces are taken from, and guests whose names are sealed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, TypedDict

from marshmallow import fields
from sqlalchemy import Column, Integer, String, Table, func, select

from lastmile.kernel.domain.aggregate import Aggregate, Handlers, Handles, by_field
from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Failure, Refused
from lastmile.kernel.domain.fields import Id, Quantity, Sealed
from lastmile.kernel.domain.identity import Identity, Role, Scope
from lastmile.kernel.store.changes import Add, Changed, Fold, Place, Put
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import Answer, Order, Reading
from lastmile.kernel.store.history import with_history
from lastmile.kernel.store.keystore import Keystore
from lastmile.kernel.store.lists import Listed
from lastmile.kernel.store.log import REFUSE_CHANGES, TRIGGERS
from lastmile.kernel.store.service import Asking, Definition, Query, Resources, Service
from lastmile.kernel.store.tables import with_kernel_tables

STATION, LOG = "110102017", "110102017/sample"
CLERK = Identity("li", Role.CLERK, STATION, "9999-12-31T00:00:00Z")
NOON = datetime(2017, 3, 1, 4, tzinfo=UTC)


@event()
class BoxOpened:
    box_id: Id
    pieces: Quantity
    occurred_on: date


@event()
class PiecesTaken:
    box_id: Id
    pieces: Quantity
    occurred_on: date


@event()
class GuestGreeted:
    person_id: Id
    name: Annotated[str, Sealed("name")]
    occurred_on: date


@command
class OpenBox:
    box_id: Id
    pieces: Quantity
    occurred_on: date


@command
class TakePieces:
    box_id: Id
    pieces: Quantity
    occurred_on: date


@command
class GreetGuest:
    person_id: Id
    name: str
    occurred_on: date


class TooFewPieces(Refused):
    """A box gives no more than it holds."""


class NoBoxForGuests(Refused):
    """Guests are greeted once a box is open."""


def open_box(command: OpenBox, left: int | None) -> Iterable[BoxOpened]:
    if left is None:
        yield BoxOpened(box_id=command.box_id, pieces=command.pieces, occurred_on=command.occurred_on)


def take_pieces(command: TakePieces, left: int | None) -> Iterable[PiecesTaken]:
    if (left or 0) < command.pieces:
        raise TooFewPieces(box_id=command.box_id)
    yield PiecesTaken(box_id=command.box_id, pieces=command.pieces, occurred_on=command.occurred_on)


def greet_guest(command: GreetGuest, _times: int, open_boxes: int) -> Iterable[GuestGreeted]:
    if not open_boxes:
        raise NoBoxForGuests(person_id=command.person_id)
    yield GuestGreeted(person_id=command.person_id, name=command.name, occurred_on=command.occurred_on)


def left_after(left: int | None, event: BoxOpened | PiecesTaken) -> int:
    return event.pieces if isinstance(event, BoxOpened) else (left or 0) - event.pieces


def times_greeted(times: int, _event: GuestGreeted) -> int:
    return times + 1


box = Aggregate("box", None, left_after, BoxOpened | PiecesTaken)
guest = Aggregate("guest", 0, times_greeted, GuestGreeted)

sample_tables = with_kernel_tables()
boxes = Table(
    "boxes",
    sample_tables,
    Column("station", String(9), primary_key=True),
    Column("box_id", String(80), primary_key=True),
    Column("pieces", Integer, nullable=False),
)


def boxes_fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case BoxOpened():
            yield Put(boxes, {"station": place.station, "box_id": event.box_id, "pieces": event.pieces})
        case PiecesTaken():
            yield Add(boxes, {"box_id": event.box_id}, {"pieces": -event.pieces})


def open_boxes(reading: Reading, _command: GreetGuest, _prepared: None) -> int:
    return reading.connection.execute(select(func.count()).select_from(boxes)).scalar_one()


def community_of(_reading: Reading, command: OpenBox | TakePieces, _prepared: None) -> str:
    """A box stands in the community that its id begins with."""
    return command.box_id.partition("-")[0]


_CLERKS = {Role.CLERK: Scope.STATION}
_CHAIRS = {Role.COMMUNITY_CHAIR: Scope.COMMUNITY}

listed = Listed(
    boxes,
    key="box_id",
    shown=("box_id", "pieces"),
    sorts=("box_id", "pieces"),
    filters={"least": (fields.Integer(strict=True), lambda least: boxes.c.pieces >= least)},
)


class BoxListed(TypedDict):
    """A box, and how many pieces are in it."""

    box_id: str
    pieces: int


def box_list(asking: Asking) -> dict[str, Any]:
    mine = (boxes.c.box_id.startswith(f"{asking.community}-"),) if asking.community else ()
    return listed.rows(asking, *mine)


REVEAL, HISTORY = with_history("sample", (box, guest))

SAMPLE = Definition(
    name="sample",
    tables=sample_tables,
    migrations=Path(__file__).parent,
    permissions={
        "OpenBox": _CLERKS,
        "TakePieces": _CLERKS | _CHAIRS,
        "GreetGuest": _CLERKS,
        "RevealField": _CLERKS,
        "history": _CLERKS,
        "revealed": _CLERKS,
        "boxes": _CLERKS | _CHAIRS,
    },
    handlers=Handlers(
        (
            Handles(OpenBox, box, open_box, by_field("box_id"), community=community_of),
            Handles(TakePieces, box, take_pieces, by_field("box_id"), community=community_of),
            Handles(GreetGuest, guest, greet_guest, by_field("person_id"), open_boxes),
            REVEAL,
        )
    ),
    folds=(boxes_fold,),
    queries=(*HISTORY, Query("boxes", box_list, BoxListed, listed.schema(), by_community=True)),
)


@dataclass
class Sample:
    """The sample service on a database, with one station and its log."""

    service: Service
    database: Database
    keystore: Keystore
    keys: LogKeys

    def tell(self, command_id: str, name: str, /, by: Identity = CLERK, **body: Any) -> Answer:
        return self.service.command(order(command_id, name, by, **body))

    def tell_all(self, orders: Sequence[Order]) -> list[Answer | Failure]:
        return self.service.commands(orders)

    def data(self) -> list[bytes]:
        """The bytes of every entry, in order."""
        found: list[bytes] = []
        while more := self.service.entries(LOG, len(found), 1_000):
            found += more
        return found

    def entries(self) -> list[Entry]:
        return [Entry.from_bytes(data) for data in self.data()]

    def pieces(self) -> dict[str, int]:
        """What the view says is left in each box."""
        with self.database.read() as connection:
            return {row.box_id: row.pieces for row in connection.execute(select(boxes))}

    def fill(self, events: int, signed_every: int) -> None:
        """Write this many events, of every kind, with a checkpoint after every so many."""
        self.tell("box", "OpenBox", box_id="box", pieces=10**6)
        for number in range(1, events):
            if number % 3:
                self.tell(f"take {number}", "TakePieces", box_id="box", pieces=number)
            else:
                self.tell(f"greet {number}", "GreetGuest", person_id=f"person-{number % 7}", name="王小明")
            if (number + 1) % signed_every == 0:
                self.service.sign_checkpoints()


def sample_on(database: Database, keystore: Keystore, keys: LogKeys, *folds: Fold) -> Sample:
    """Make the tables, the triggers and the log, and run the sample there, with more folds if any are given."""
    sample_tables.create_all(database.engine)
    keep_unchanged(database)
    definition = replace(SAMPLE, folds=(*SAMPLE.folds, *folds))
    service = Service(definition, Resources(database, keystore, keys, lambda: NOON))
    service.open_station(STATION)
    return Sample(service, database, keystore, keys)


def keep_unchanged(database: Database) -> None:
    with database.write() as connection:
        for statement in REFUSE_CHANGES[connection.dialect.name]:
            connection.exec_driver_sql(statement)


def let_change(database: Database) -> None:
    """Take the triggers away that keep the log unchanged, as an attacker would."""
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP FUNCTION events_refuse_change() CASCADE")
        else:
            for name in TRIGGERS["sqlite"]:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")


def order(command_id: str, name: str, /, by: Identity = CLERK, **body: Any) -> Order:
    body = {"occurred_on": "2017-02-28", **body}
    return Order(command_id=command_id, station=STATION, name=name, body=body, identity=by)
