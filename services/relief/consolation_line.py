"""One person's line on a consolation list: added, then signed for once the list is approved."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Actor, Fen, Household, Id
from services.relief.consolation import Occasion
from services.relief.rules import PersonDied, not_before, not_for_oneself

Recipient = Literal["model_worker", "front_line_worker"]

# These shapes are kept for ever. A line is a stream of its own, `<list_id>.<recipient_id>`.


@event()
class ConsolationLineAdded:
    """A person was put on the list, for money or for goods of that worth."""

    list_id: Id
    recipient_id: Id
    recipient: Recipient
    amount_fen: Fen
    in_goods: bool
    added_by: Id
    occurred_on: date


@event()
class ConsolationSignedFor:
    """The person received it and signed."""

    list_id: Id
    recipient_id: Id
    occasion: Occasion
    recipient: Recipient
    amount_fen: Fen
    in_goods: bool
    fund_id: Id
    occurred_on: date


LineEvent = ConsolationLineAdded | ConsolationSignedFor


@dataclass(frozen=True)
class NoLine:
    """Not on the list."""


@dataclass(frozen=True)
class Line:
    """On the list, signed for or not."""

    recipient: Recipient
    amount_fen: int
    in_goods: bool
    signed_for: bool = False


LineState = NoLine | Line


def evolve(_line: LineState, event: LineEvent) -> LineState:
    match event:
        case ConsolationLineAdded():
            return Line(event.recipient, event.amount_fen, event.in_goods)
        case ConsolationSignedFor():
            return Line(event.recipient, event.amount_fen, event.in_goods, signed_for=True)
        case _:
            assert_never(event)


@command
class AddToConsolationList:
    """Put a person on the list."""

    list_id: Id
    recipient_id: Id
    recipient: Recipient
    amount_fen: Fen
    in_goods: bool
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class SignForConsolation:
    """Enter that the person received it and signed."""

    list_id: Id
    recipient_id: Id
    by: Actor
    by_household: Household = ()
    occurred_on: date


class OnTheListAlready(Refused):
    """The person is on this list with other terms."""


class OnAnotherListOfTheFestival(Refused):
    """A person is consoled once at a festival."""


class ListApproved(Refused):
    """Nothing is added to an approved list."""


class ListNotApproved(Refused):
    """Nothing is handed over before the list is approved."""


@dataclass(frozen=True)
class ListFacts:
    """The list that a line stands on; `approved_on` is None until it is approved; whether the person died.

    `other_list` is another list of the same festival on which the person stands.
    """

    occasion: Occasion
    fund_id: str
    approved_on: date | None
    died: bool = False
    other_list: str | None = None


def add_to_consolation_list(command: AddToConsolationList, line: LineState, facts: ListFacts | None) -> list[LineEvent]:
    match line:
        case NoLine():
            known = _known(command.list_id, facts)
            if known.approved_on is not None:
                raise ListApproved(f"the list {command.list_id} is approved", list_id=command.list_id)
            not_for_oneself(command, command.recipient_id)
            _refuse_dead(command.recipient_id, known)
            if known.other_list is not None:
                raise OnAnotherListOfTheFestival(
                    f"{command.recipient_id} is on the list {known.other_list}", list_id=known.other_list
                )
            return [
                ConsolationLineAdded(
                    list_id=command.list_id,
                    recipient_id=command.recipient_id,
                    recipient=command.recipient,
                    amount_fen=command.amount_fen,
                    in_goods=command.in_goods,
                    added_by=command.by,
                    occurred_on=command.occurred_on,
                )
            ]
        case Line(recipient=recipient, amount_fen=amount_fen, in_goods=in_goods):
            if (recipient, amount_fen, in_goods) != (command.recipient, command.amount_fen, command.in_goods):
                raise OnTheListAlready(list_id=command.list_id, recipient_id=command.recipient_id)
            return []
        case _:
            assert_never(line)


def sign_for_consolation(command: SignForConsolation, line: LineState, facts: ListFacts | None) -> list[LineEvent]:
    match line:
        case Line(signed_for=True):
            return []
        case Line(recipient=recipient, amount_fen=amount_fen, in_goods=in_goods):
            known = _known(command.list_id, facts)
            if known.approved_on is None:
                raise ListNotApproved(f"the list {command.list_id} is not approved", list_id=command.list_id)
            not_for_oneself(command, command.recipient_id)
            not_before(command.occurred_on, known.approved_on)
            _refuse_dead(command.recipient_id, known)
            return [
                ConsolationSignedFor(
                    list_id=command.list_id,
                    recipient_id=command.recipient_id,
                    occasion=known.occasion,
                    recipient=recipient,
                    amount_fen=amount_fen,
                    in_goods=in_goods,
                    fund_id=known.fund_id,
                    occurred_on=command.occurred_on,
                )
            ]
        case NoLine():
            raise NotFound(f"{command.recipient_id} is not on the list {command.list_id}", list_id=command.list_id)
        case _:
            assert_never(line)


def _known(list_id: str, facts: ListFacts | None) -> ListFacts:
    if facts is None:
        raise NotFound(f"there is no list {list_id}", list_id=list_id)
    return facts


def _refuse_dead(recipient_id: str, facts: ListFacts) -> None:
    if facts.died:
        raise PersonDied(person_id=recipient_id)


consolation_line = Aggregate("consolation_line", NoLine(), evolve, LineEvent)
