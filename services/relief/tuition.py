"""Autumn tuition aid (金秋助学): forwarded here; decided above and drawn as `tuition_answer.py` says."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Actor, Fen, Household, Id, Word
from services.relief.kinds import SchoolYear
from services.relief.rules import PersonDied, not_for_oneself

DecidedBy = Literal["district", "city"]

# These shapes are kept for ever.


@event()
class TuitionAidForwarded:
    """A request was forwarded to those who decide."""

    aid_id: Id
    person_id: Id
    school_year: Word
    occurred_on: date


@event()
class TuitionAidDecided:
    """Those above granted it."""

    aid_id: Id
    person_id: Id
    decided_by: DecidedBy
    amount_fen: Fen
    occurred_on: date


@event()
class TuitionAidRefused:
    """Those above refused it."""

    aid_id: Id
    person_id: Id
    reason: Word
    occurred_on: date


@event()
class TuitionAidDrawn:
    """The family drew the money."""

    aid_id: Id
    person_id: Id
    amount_fen: Fen
    decided_by: DecidedBy
    occurred_on: date


TuitionEvent = TuitionAidForwarded | TuitionAidDecided | TuitionAidRefused | TuitionAidDrawn


@dataclass(frozen=True)
class Unforwarded:
    """No such request yet."""


@dataclass(frozen=True)
class Forwarded:
    """With those who decide."""

    person_id: str
    school_year: str
    on: date


@dataclass(frozen=True)
class Decided:
    """Granted, and drawn or not."""

    person_id: str
    decided_by: DecidedBy
    amount_fen: int
    on: date
    drawn: bool = False


@dataclass(frozen=True)
class TurnedDown:
    """Refused above."""


TuitionState = Unforwarded | Forwarded | Decided | TurnedDown


def evolve(aid: TuitionState, event: TuitionEvent) -> TuitionState:
    match event:
        case TuitionAidForwarded():
            return Forwarded(event.person_id, event.school_year, event.occurred_on)
        case TuitionAidDecided():
            return Decided(event.person_id, event.decided_by, event.amount_fen, event.occurred_on)
        case TuitionAidRefused():
            return TurnedDown()
        case TuitionAidDrawn():
            return Decided(event.person_id, event.decided_by, event.amount_fen, event.occurred_on, drawn=True)
        case _:
            assert_never(event)


@command
class ForwardTuitionAid:
    """Forward a request; `school_year` is a year and the next one, such as 2017_2018."""

    aid_id: Id
    person_id: Id
    school_year: SchoolYear
    by: Actor
    by_household: Household = ()
    occurred_on: date


class AidIdTaken(Refused):
    """Another request has this id."""


class SecondAidForTheSamePurpose(Refused):
    """A person gets tuition aid once a school year."""


@dataclass(frozen=True)
class TuitionFacts:
    """Another request of the same person and school year that was not refused; and whether the person died."""

    other: str | None = None
    died: bool = False


def forward_tuition_aid(command: ForwardTuitionAid, aid: TuitionState, facts: TuitionFacts) -> list[TuitionEvent]:
    match aid:
        case Unforwarded():
            not_for_oneself(command, command.person_id)
            if facts.died:
                raise PersonDied(person_id=command.person_id)
            if facts.other is not None:
                raise SecondAidForTheSamePurpose(
                    f"{command.person_id} has the request {facts.other} for {command.school_year}", aid_id=facts.other
                )
            return [
                TuitionAidForwarded(
                    aid_id=command.aid_id,
                    person_id=command.person_id,
                    school_year=command.school_year,
                    occurred_on=command.occurred_on,
                )
            ]
        case Forwarded() if (aid.person_id, aid.school_year) == (command.person_id, command.school_year):
            return []
        case Forwarded() | Decided() | TurnedDown():
            raise AidIdTaken(f"the id {command.aid_id} is taken", aid_id=command.aid_id)
        case _:
            assert_never(aid)


tuition = Aggregate("tuition", Unforwarded(), evolve, TuitionEvent)
