"""What the kernel's tests run: boxes that pieces are taken from, and guests whose names are sealed."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, TypedDict

from marshmallow import fields
from sqlalchemy import Column, Integer, String, Table, func, select

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Id, Quantity, Sealed
from lastmile.kernel.store.changes import Add, Changed, Place, Put
from lastmile.kernel.store.execution import Reading
from lastmile.kernel.store.lists import Listed
from lastmile.kernel.store.service import Asking
from lastmile.kernel.store.tables import with_kernel_tables


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
