"""Standing in: for some days a person holds a role beside the own ones, as the chair named it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Invalid, NotFound, Refused
from lastmile.kernel.domain.fields import Actor, Id, Today
from services.access.role import Grantee, no_money_for_administrators

StoodInFor = Literal["clerk", "station_head", "chair", "vice_chair", "accountant", "cashier"]

LONGEST = timedelta(days=184)
"""Who is away for longer is replaced, not stood in for."""

# These shapes are kept for ever.


@event()
class StandInNamed:
    """A person stands in for a role from a first to a last day."""

    person_id: Id
    role: StoodInFor
    valid_from: date
    valid_to: date
    named_by: Id
    occurred_on: date


@event()
class StandInEnded:
    """Standing in ended before its last day, or before it began."""

    person_id: Id
    role: StoodInFor
    occurred_on: date


StandInEvent = StandInNamed | StandInEnded


@dataclass(frozen=True)
class Term:
    """A role with its first and last day."""

    role: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class Terms:
    """For which roles the person was named, one term a role."""

    named: tuple[Term, ...] = ()

    def of(self, role: str) -> Term | None:
        return next((term for term in self.named if term.role == role), None)

    def without(self, role: str) -> tuple[Term, ...]:
        return tuple(term for term in self.named if term.role != role)


def evolve(terms: Terms, event: StandInEvent) -> Terms:
    match event:
        case StandInNamed():
            return Terms((*terms.without(event.role), Term(event.role, event.valid_from, event.valid_to)))
        case StandInEnded():
            return Terms(terms.without(event.role))
        case _:
            assert_never(event)


@command
class NameStandIn:
    """Let a registered person stand in for a role from a first to a last day."""

    person_id: Id
    role: StoodInFor
    valid_from: date
    valid_to: date
    by: Actor
    today: Today


@command
class EndStandIn:
    """End a person's standing in for a role, now or before it begins."""

    person_id: Id
    role: StoodInFor
    today: Today


class StandsInAlready(Refused):
    """The person is named for this role for other days: end that first."""


class OwnStandIn(Refused):
    """Nobody names themselves."""


def name_stand_in(command: NameStandIn, terms: Terms, grantee: Grantee) -> list[StandInEvent]:
    _sensible_days(command)
    term = terms.of(command.role)
    if term == Term(command.role, command.valid_from, command.valid_to):
        return []
    if term and term.valid_to >= command.today:
        raise StandsInAlready(f"from {term.valid_from} to {term.valid_to}", person_id=command.person_id)
    if command.by == command.person_id:
        raise OwnStandIn(person_id=command.person_id)
    if not grantee.registered:
        raise NotFound(f"no person {command.person_id} is registered here", person_id=command.person_id)
    no_money_for_administrators(command.person_id, command.role, grantee.held_elsewhere)
    return [
        StandInNamed(
            person_id=command.person_id,
            role=command.role,
            valid_from=command.valid_from,
            valid_to=command.valid_to,
            named_by=command.by,
            occurred_on=command.today,
        )
    ]


def _sensible_days(command: NameStandIn) -> None:
    if command.valid_from < command.today:
        raise Invalid({"valid_from": [f"{command.valid_from} is before today, {command.today}."]})
    if not command.valid_from <= command.valid_to <= command.valid_from + LONGEST:
        raise Invalid({"valid_to": [f"Needed: from {command.valid_from} on, {LONGEST.days} days later at most."]})


def end_stand_in(command: EndStandIn, terms: Terms) -> list[StandInEvent]:
    term = terms.of(command.role)
    if term is None or term.valid_to < command.today:
        return []
    return [StandInEnded(person_id=command.person_id, role=command.role, occurred_on=command.today)]


stand_in = Aggregate("stand_in", Terms(), evolve, StandInEvent)
