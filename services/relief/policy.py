"""A dated policy row: the ceiling and the notice days that a document sets for an area, from and until a day."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import ClearText, Fen, Id, Quantity, Text
from services.relief.kinds import Count, Programme

# These shapes are kept for ever.


@event()
class PolicyStated:
    """A document was entered that sets the terms of a programme; `confirmed` tells if its source was seen.

    `times_a_year` is how often a person may be aided in a calendar year: once, where the document says nothing.
    """

    policy_id: Id
    programme: Programme
    issuer: Text
    document_number: Text
    area: Id
    valid_from: date
    valid_until: date | None = None
    ceiling_fen: Fen
    notice_days: Count
    confirmed: bool
    times_a_year: Quantity | None = None
    occurred_on: date


PolicyEvent = PolicyStated


@dataclass(frozen=True)
class Unstated:
    """No such policy yet."""


@dataclass(frozen=True)
class Stated:
    """In the register, with these terms."""

    terms: PolicyStated


PolicyState = Unstated | Stated


def evolve(_policy: PolicyState, event: PolicyEvent) -> PolicyState:
    match event:
        case PolicyStated():
            return Stated(event)
        case _:
            assert_never(event)


@command
class StatePolicy:
    """Enter the terms that a document sets. `area` is an area code: the station's own, or one above it."""

    policy_id: Id
    programme: Programme
    issuer: ClearText
    document_number: ClearText
    area: Id
    valid_from: date
    valid_until: date | None = None
    ceiling_fen: Fen
    notice_days: Count
    confirmed: bool
    times_a_year: Quantity | None = None
    occurred_on: date


class PolicyIdTaken(Refused):
    """Another policy has this id."""


class PolicyOfAnotherArea(Refused):
    """The policy's area does not hold this station."""


class PolicyEndsBeforeItBegins(Refused):
    """A policy is valid for a day at least."""


class AnotherPolicyFromThatDay(Refused):
    """Another policy of the same programme and area begins on the same day."""


@dataclass(frozen=True)
class PolicyFacts:
    """The station that the policy is for, and the id of a policy that would compete with it."""

    station: str
    competing: str | None = None


def state_policy(command: StatePolicy, policy: PolicyState, facts: PolicyFacts) -> list[PolicyEvent]:
    stated = PolicyStated(
        policy_id=command.policy_id,
        programme=command.programme,
        issuer=command.issuer,
        document_number=command.document_number,
        area=command.area,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        ceiling_fen=command.ceiling_fen,
        notice_days=command.notice_days,
        confirmed=command.confirmed,
        times_a_year=command.times_a_year,
        occurred_on=command.occurred_on,
    )
    match policy:
        case Stated(terms=terms):
            if terms != stated:
                raise PolicyIdTaken(f"the policy {command.policy_id} has other terms", policy_id=command.policy_id)
            return []
        case Unstated():
            if not facts.station.startswith(command.area):
                raise PolicyOfAnotherArea(f"the area {command.area} does not hold station {facts.station}")
            if command.valid_until is not None and command.valid_until < command.valid_from:
                raise PolicyEndsBeforeItBegins(f"{command.valid_until} is before {command.valid_from}")
            if facts.competing is not None:
                raise AnotherPolicyFromThatDay(
                    f"the policy {facts.competing} begins on {command.valid_from} too", policy_id=facts.competing
                )
            return [stated]
        case _:
            assert_never(policy)


policy = Aggregate("policy", Unstated(), evolve, PolicyStated)
