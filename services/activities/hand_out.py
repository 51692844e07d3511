"""What one recipient got from one hand-out list (发放): a person, or a union or site in bulk; once a list."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, assert_never

from marshmallow import validate

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Id, Quantity, Text, Word

Recipient = Literal["person", "union", "site"]
Corrected = Annotated[int, validate.Range(0, 10**9)]

# These shapes are kept for ever.


@event()
class HandedOut:
    """A recipient got this many of an item; a union or site signed once for all (`signature_id`)."""

    list_id: Id
    item: Word
    to: Recipient
    recipient_id: Id
    quantity: Quantity
    signature_id: Id | None = None
    occurred_on: date


@event()
class HandOutCorrected:
    """The number entered was wrong; the correction bears the date of the hand-out."""

    list_id: Id
    item: Word
    to: Recipient
    recipient_id: Id
    quantity_before: Corrected
    quantity: Corrected
    reason: Text
    occurred_on: date


HandOutEvent = HandedOut | HandOutCorrected


@dataclass(frozen=True)
class NothingYet:
    """This recipient got nothing from this list."""


@dataclass(frozen=True)
class Given:
    """What the recipient got, and when."""

    item: str
    to: Recipient
    quantity: int
    handed_on: date


HandOutState = NothingYet | Given


def evolve(state: HandOutState, event: HandOutEvent) -> HandOutState:
    match event:
        case HandedOut() | HandOutCorrected():
            return Given(event.item, event.to, event.quantity, event.occurred_on)
        case _:
            assert_never(event)


@command
class HandOutToPerson:
    """Enter what a person got from a list."""

    list_id: Id
    item: Word
    person_id: Id
    quantity: Quantity
    occurred_on: date


@command
class HandOutInBulk:
    """Enter what a union or site got from a list against one signature."""

    list_id: Id
    item: Word
    recipient_id: Id
    to: Literal["union", "site"]
    quantity: Quantity
    signature_id: Id
    occurred_on: date


@command
class CorrectHandOut:
    """Put right how many a recipient got. It counts on the day of the hand-out, whatever day it is asked on."""

    list_id: Id
    recipient_id: Id
    quantity: Corrected
    reason: Word
    occurred_on: date | None = None


class HandedOutAlready(Refused):
    """A recipient gets once from a list; put the number right by a correction."""


def hand_out_to_person(command: HandOutToPerson, hand_out: HandOutState) -> list[HandOutEvent]:
    return _hand_out(
        hand_out,
        HandedOut(
            list_id=command.list_id,
            item=command.item,
            to="person",
            recipient_id=command.person_id,
            quantity=command.quantity,
            occurred_on=command.occurred_on,
        ),
    )


def hand_out_in_bulk(command: HandOutInBulk, hand_out: HandOutState) -> list[HandOutEvent]:
    return _hand_out(
        hand_out,
        HandedOut(
            list_id=command.list_id,
            item=command.item,
            to=command.to,
            recipient_id=command.recipient_id,
            quantity=command.quantity,
            signature_id=command.signature_id,
            occurred_on=command.occurred_on,
        ),
    )


def _hand_out(hand_out: HandOutState, handed: HandedOut) -> list[HandOutEvent]:
    match hand_out:
        case NothingYet():
            return [handed]
        case Given(item=item, to=to, quantity=quantity):
            if (item, to, quantity) == (handed.item, handed.to, handed.quantity):
                return []
            raise HandedOutAlready(
                f"{handed.recipient_id} got {quantity} {item} from {handed.list_id}",
                list_id=handed.list_id,
                recipient_id=handed.recipient_id,
            )
        case _:
            assert_never(hand_out)


def correct_hand_out(command: CorrectHandOut, hand_out: HandOutState) -> list[HandOutEvent]:
    match hand_out:
        case Given(quantity=quantity) if quantity == command.quantity:
            return []
        case Given(item=item, to=to, quantity=quantity, handed_on=handed_on):
            return [
                HandOutCorrected(
                    list_id=command.list_id,
                    item=item,
                    to=to,
                    recipient_id=command.recipient_id,
                    quantity_before=quantity,
                    quantity=command.quantity,
                    reason=command.reason,
                    occurred_on=handed_on,
                )
            ]
        case NothingYet():
            raise NotFound(
                f"{command.recipient_id} got nothing from {command.list_id}",
                list_id=command.list_id,
                recipient_id=command.recipient_id,
            )
        case _:
            assert_never(hand_out)


hand_out = Aggregate("hand_out", NothingYet(), evolve, HandOutEvent)
