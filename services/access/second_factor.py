"""A second factor: enrolled with a code, given anew before money moves, removed; a code counts once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Invalid, NotFound, Refused
from lastmile.kernel.domain.fields import Actor, ClearText, Id, Sealed, Text, Today
from services.access import slowing
from services.access.kinds import Base32, Code
from services.access.moments import moved
from services.access.recovery import RecoveryNotAgreed
from services.access.session import SecondFactorGiven, SecondFactorRefused, Session, SessionEvent, still_begun

CONFIRMED_FOR = timedelta(minutes=5)

# These shapes are kept for ever.


@event()
class SecondFactorEnrolled:
    """A second factor was enrolled with one of its codes."""

    person_id: Id
    secret: Annotated[str, Sealed("credentials")]
    step: int
    occurred_on: date


@event()
class SecondFactorRemoved:
    """The second factor counts no longer: removed by the person or, on a ground, by an administrator."""

    person_id: Id
    ground: Text | None = None
    occurred_on: date


SecondFactorEvent = SecondFactorEnrolled | SecondFactorRemoved


@dataclass(frozen=True)
class Without:
    """No second factor is enrolled."""


@dataclass(frozen=True)
class Enrolled:
    """A second factor is enrolled."""


SecondFactor = Without | Enrolled


def evolve(_factor: SecondFactor, event: SecondFactorEvent) -> SecondFactor:
    match event:
        case SecondFactorEnrolled():
            return Enrolled()
        case SecondFactorRemoved():
            return Without()
        case _:
            assert_never(event)


@command
class EnrolSecondFactor:
    """Enrol one's own second factor, shown to work by a code."""

    person_id: Id
    secret: Base32
    code: Code
    by: Actor
    today: Today


@command
class RemoveSecondFactor:
    """Remove one's own second factor."""

    by: Actor
    today: Today


@command
class WaiveSecondFactor:
    """Remove the second factor of a person who lost it, on a ground that is recorded."""

    person_id: Id
    ground: ClearText
    by: Actor
    today: Today


@command
class GiveSecondFactor:
    """Give a code of the second factor in a session: good for what needs confirming, for some minutes."""

    session_id: Id
    code: Code
    today: Today


class AlreadyEnrolled(Refused):
    """A second factor is enrolled: remove it first."""


class NoSecondFactor(Refused):
    """No second factor is enrolled."""


class OwnSecondFactor(Refused):
    """A second factor is enrolled by the person whose it is, and waived by somebody else."""


@dataclass(frozen=True)
class Enrolling:
    """Whether the person has an account here, and the time step whose code was given, None if it is wrong."""

    has_account: bool
    step: int | None


def enrol_second_factor(
    command: EnrolSecondFactor, factor: SecondFactor, enrolling: Enrolling
) -> list[SecondFactorEvent]:
    if command.by != command.person_id:
        raise OwnSecondFactor
    if not enrolling.has_account:
        raise NotFound("you have no account at this station")
    if isinstance(factor, Enrolled):
        raise AlreadyEnrolled
    if enrolling.step is None:
        raise Invalid({"code": ["Not the code of this moment."]})
    return [
        SecondFactorEnrolled(
            person_id=command.person_id, secret=command.secret, step=enrolling.step, occurred_on=command.today
        )
    ]


def remove_second_factor(command: RemoveSecondFactor, factor: SecondFactor) -> list[SecondFactorEvent]:
    if isinstance(factor, Without):
        return []
    return [SecondFactorRemoved(person_id=command.by, occurred_on=command.today)]


def waive_second_factor(command: WaiveSecondFactor, factor: SecondFactor) -> list[SecondFactorEvent]:
    if command.by == command.person_id:
        raise OwnSecondFactor
    if isinstance(factor, Without):
        return []
    return [SecondFactorRemoved(person_id=command.person_id, ground=command.ground, occurred_on=command.today)]


@dataclass(frozen=True)
class Giving:
    """What is known of a code that is given in a session."""

    now: str
    lives: bool
    enrolled: bool
    step: int | None
    """The time step whose code it is, None if it is wrong."""

    agreed: bool = True
    """Whether nothing waits for somebody to agree to the recovery of the account."""

    counted_before: bool = False
    wrong_within_an_hour: Sequence[str] = ()
    """When wrong codes were given for the person in any session, newest first."""


def give_second_factor(command: GiveSecondFactor, session: Session, giving: Giving) -> list[SessionEvent]:
    begun = still_begun(session, giving.lives)
    if not giving.enrolled:
        raise NoSecondFactor
    if not giving.agreed:
        raise RecoveryNotAgreed
    slowing.mind(
        giving.now,
        slowing.until_after(begun.wrong),
        slowing.until_fewer(giving.wrong_within_an_hour, slowing.CODES_PER_HOUR),
    )
    if giving.step is None or giving.counted_before:
        return [
            SecondFactorRefused(
                session_id=command.session_id, person_id=begun.person_id, at=giving.now, occurred_on=command.today
            )
        ]
    return [
        SecondFactorGiven(
            session_id=command.session_id,
            person_id=begun.person_id,
            step=giving.step,
            at=giving.now,
            confirmed_until=moved(giving.now, CONFIRMED_FOR),
            occurred_on=command.today,
        )
    ]


second_factor = Aggregate("second_factor", Without(), evolve, SecondFactorEvent)
