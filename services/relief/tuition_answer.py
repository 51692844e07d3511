"""What those above answer to a request for tuition aid, and the family drawing the money."""

from datetime import date
from typing import assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Actor, Fen, Household, Id, Word
from services.relief.rules import PersonDied, not_before, not_for_oneself
from services.relief.tuition import (
    Decided,
    DecidedBy,
    Forwarded,
    TuitionAidDecided,
    TuitionAidDrawn,
    TuitionAidRefused,
    TuitionEvent,
    TuitionState,
    TurnedDown,
    Unforwarded,
)


@command
class RecordTuitionDecision:
    """Enter what those above granted."""

    aid_id: Id
    decided_by: DecidedBy
    amount_fen: Fen
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class RefuseTuitionAid:
    """Enter that those above refused."""

    aid_id: Id
    reason: Word
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class RecordTuitionDrawn:
    """Enter that the family drew the money."""

    aid_id: Id
    by: Actor
    by_household: Household = ()
    occurred_on: date


class TuitionDecidedAlready(Refused):
    """Those above decided otherwise before."""


class TuitionNotGranted(Refused):
    """Only aid that was granted is drawn."""


def record_tuition_decision(command: RecordTuitionDecision, aid: TuitionState) -> list[TuitionEvent]:
    match aid:
        case Forwarded(person_id=person_id, on=on):
            not_for_oneself(command, person_id)
            not_before(command.occurred_on, on)
            return [
                TuitionAidDecided(
                    aid_id=command.aid_id,
                    person_id=person_id,
                    decided_by=command.decided_by,
                    amount_fen=command.amount_fen,
                    occurred_on=command.occurred_on,
                )
            ]
        case Decided() if (aid.decided_by, aid.amount_fen) == (command.decided_by, command.amount_fen):
            return []
        case Decided() | TurnedDown():
            raise TuitionDecidedAlready(aid_id=command.aid_id)
        case Unforwarded():
            raise _unknown(command.aid_id)
        case _:
            assert_never(aid)


def refuse_tuition_aid(command: RefuseTuitionAid, aid: TuitionState) -> list[TuitionEvent]:
    match aid:
        case Forwarded(person_id=person_id, on=on):
            not_for_oneself(command, person_id)
            not_before(command.occurred_on, on)
            return [
                TuitionAidRefused(
                    aid_id=command.aid_id,
                    person_id=person_id,
                    reason=command.reason,
                    occurred_on=command.occurred_on,
                )
            ]
        case TurnedDown():
            return []
        case Decided():
            raise TuitionDecidedAlready(aid_id=command.aid_id)
        case Unforwarded():
            raise _unknown(command.aid_id)
        case _:
            assert_never(aid)


def record_tuition_drawn(command: RecordTuitionDrawn, aid: TuitionState, died: bool) -> list[TuitionEvent]:
    match aid:
        case Decided(drawn=True):
            return []
        case Decided(person_id=person_id, decided_by=decided_by, amount_fen=amount_fen, on=on):
            not_for_oneself(command, person_id)
            if died:
                raise PersonDied(person_id=person_id)
            not_before(command.occurred_on, on)
            return [
                TuitionAidDrawn(
                    aid_id=command.aid_id,
                    person_id=person_id,
                    amount_fen=amount_fen,
                    decided_by=decided_by,
                    occurred_on=command.occurred_on,
                )
            ]
        case Forwarded() | TurnedDown():
            raise TuitionNotGranted(aid_id=command.aid_id)
        case Unforwarded():
            raise _unknown(command.aid_id)
        case _:
            assert_never(aid)


def _unknown(aid_id: str) -> NotFound:
    return NotFound(f"there is no request {aid_id}", aid_id=aid_id)
