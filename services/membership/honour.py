"""An honour that a person holds (劳模, 劳动奖章, delegate): recorded, in service or retired, revoked."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Id, Text, Word
from services.membership.dated import refuse_dated_before

Title = Literal["national_model_worker", "municipal_model_worker", "district_labour_medal", "party_congress_delegate"]
Service = Literal["in_service", "retired"]

# These shapes are kept for ever.


@event()
class HonourRecorded:
    """A person's honour was entered in the register."""

    person_id: Id
    title: Title
    service: Service
    occurred_on: date


@event()
class HonoureeRetired:
    """The holder of an honour retired; the old and the new standing are both given."""

    person_id: Id
    title: Title
    service_before: Service
    service: Service
    occurred_on: date


@event()
class HonourRevoked:
    """The honour was taken back, or its holder left the register."""

    person_id: Id
    title: Title
    service: Service
    reason: Text
    occurred_on: date


HonourEvent = HonourRecorded | HonoureeRetired | HonourRevoked


@dataclass(frozen=True)
class NotHeld:
    """The person does not hold this honour here."""

    since: date | None = None


@dataclass(frozen=True)
class Held:
    """The person holds it, in service or retired."""

    service: Service
    since: date


HonourState = NotHeld | Held


def evolve(state: HonourState, event: HonourEvent) -> HonourState:
    match event:
        case HonourRecorded() | HonoureeRetired():
            return Held(event.service, event.occurred_on)
        case HonourRevoked():
            return NotHeld(event.occurred_on)
        case _:
            assert_never(event)


@command
class RecordHonour:
    """Enter an honour that a person of this station holds."""

    person_id: Id
    title: Title
    service: Service
    occurred_on: date


@command
class RetireHonouree:
    """Enter that the holder of an honour retired."""

    person_id: Id
    title: Title
    occurred_on: date


@command
class RevokeHonour:
    """Take an honour off the register."""

    person_id: Id
    title: Title
    reason: Word
    occurred_on: date


class HonourHeldAlready(Refused):
    """The register has this honour of this person with another standing."""


def record_honour(command: RecordHonour, honour: HonourState) -> list[HonourEvent]:
    match honour:
        case NotHeld(since=since):
            refuse_dated_before(since, command.occurred_on)
            return [
                HonourRecorded(
                    person_id=command.person_id,
                    title=command.title,
                    service=command.service,
                    occurred_on=command.occurred_on,
                )
            ]
        case Held(service=service):
            if service != command.service:
                raise HonourHeldAlready(
                    f"{command.title} stands in the register as {service}", person_id=command.person_id
                )
            return []
        case _:
            assert_never(honour)


def retire_honouree(command: RetireHonouree, honour: HonourState) -> list[HonourEvent]:
    match honour:
        case Held(service="retired"):
            return []
        case Held(service=service, since=since):
            refuse_dated_before(since, command.occurred_on)
            return [
                HonoureeRetired(
                    person_id=command.person_id,
                    title=command.title,
                    service_before=service,
                    service="retired",
                    occurred_on=command.occurred_on,
                )
            ]
        case NotHeld():
            raise NotFound(f"{command.person_id} does not hold {command.title} here", person_id=command.person_id)
        case _:
            assert_never(honour)


def revoke_honour(command: RevokeHonour, honour: HonourState) -> list[HonourEvent]:
    match honour:
        case Held(service=service, since=since):
            refuse_dated_before(since, command.occurred_on)
            return [
                HonourRevoked(
                    person_id=command.person_id,
                    title=command.title,
                    service=service,
                    reason=command.reason,
                    occurred_on=command.occurred_on,
                )
            ]
        case NotHeld():
            return []
        case _:
            assert_never(honour)


honour = Aggregate("honour", NotHeld(), evolve, HonourEvent)
