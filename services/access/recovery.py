"""A recovery agreed to: whoever gives a person a new way in and takes the old second factor away, does not do it alone.

Until somebody else agrees, the second factor that was enrolled afterwards confirms nothing.
"""

from dataclasses import dataclass
from datetime import date

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Actor, Id, Today

# These shapes are kept for ever.


@event()
class RecoveryAgreed:
    """Somebody who had no hand in the recovery agreed that the person holds the account and its second factor."""

    person_id: Id
    agreed_by: Id
    occurred_on: date


def evolve(_state: None, _event: RecoveryAgreed) -> None:
    return None


@command
class AgreeToRecovery:
    """Agree that it is the person who enrolled the second factor, after somebody gave them a new way in."""

    person_id: Id
    by: Actor
    today: Today


class SelfRecovery(Refused):
    """Nobody agrees to the recovery of their own account, nor to one in which they had a hand."""


class NothingEnrolledYet(Refused):
    """The person enrols a second factor first: then somebody agrees that it is theirs."""


class RecoveryNotAgreed(Refused):
    """The account was recovered: its second factor confirms nothing until somebody else agrees."""


@dataclass(frozen=True)
class Recovery:
    """Whether it waits for somebody to agree, who had a hand in it, and whether a second factor is enrolled since."""

    waits: bool
    hands: frozenset[str] = frozenset()
    enrolled: bool = False


def agree_to_recovery(command: AgreeToRecovery, _state: None, found: Recovery) -> list[RecoveryAgreed]:
    if not found.waits:
        return []
    if command.by in found.hands | {command.person_id}:
        raise SelfRecovery(person_id=command.person_id)
    if not found.enrolled:
        raise NothingEnrolledYet(person_id=command.person_id)
    return [RecoveryAgreed(person_id=command.person_id, agreed_by=command.by, occurred_on=command.today)]


recovery = Aggregate("recovery", None, evolve, RecoveryAgreed)
