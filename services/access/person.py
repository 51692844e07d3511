"""A person who works with the station: registered, so that roles may be granted."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.fields import Id, Sealed, Text

# These shapes are kept for ever.


@event()
class PersonRegistered:
    """A person who works with the station became known."""

    person_id: Id
    name: Annotated[str, Sealed("identity")]
    occurred_on: date


PersonEvent = PersonRegistered


@dataclass(frozen=True)
class Unknown:
    """Not known here."""


@dataclass(frozen=True)
class Registered:
    """Known here."""


PersonState = Unknown | Registered


def evolve(_state: PersonState, event: PersonEvent) -> PersonState:
    match event:
        case PersonRegistered():
            return Registered()
        case _:
            assert_never(event)


@command
class RegisterPerson:
    """Enter a person who is to work with the station."""

    person_id: Id
    name: Text
    occurred_on: date


def register_person(command: RegisterPerson, person: PersonState) -> list[PersonEvent]:
    match person:
        case Unknown():
            return [PersonRegistered(person_id=command.person_id, name=command.name, occurred_on=command.occurred_on)]
        case Registered():
            return []
        case _:
            assert_never(person)


person = Aggregate("person", Unknown(), evolve, PersonRegistered)
