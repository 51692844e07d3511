"""Declaring events and commands: flat frozen dataclasses with a name, a version and a schema."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar, cast, dataclass_transform

import marshmallow
from marshmallow import EXCLUDE, Schema

from lastmile.kernel.domain.failures import Invalid
from lastmile.kernel.domain.fields import Given, Sealed, Secret, annotations, checks_of, marked, schema_of

Kind = TypeVar("Kind")


class EventType:
    """What is known of an event class: its name, version, sealed fields, and how it is written and read."""

    def __init__(self, kind: type, version: int) -> None:
        self.kind, self.name, self.version = kind, kind.__name__, version
        if annotations(kind).get("occurred_on") is not date:
            raise TypeError(f"{self.name} must say when it was true: occurred_on: date")
        self.sealed: dict[str, str] = {name: mark.purpose for name, mark in marked(kind, Sealed).items()}
        if self.sealed and "person_id" not in annotations(kind):
            raise TypeError(f"{self.name} has sealed fields and must name their person: person_id")

    @cached_property
    def writing(self) -> Schema:
        return schema_of(self.kind)

    @cached_property
    def reading(self) -> Schema:
        return schema_of(self.kind, unknown=EXCLUDE)

    @cached_property
    def checks(self) -> tuple[tuple[str, Callable[[Any], bool]], ...]:
        """Each field with whether a value fits it: the same rules as `writing`, without making messages."""
        return checks_of(self.kind)

    def dump(self, event: Any) -> dict[str, Any]:
        """The validated payload, without `occurred_on`, which stands in the entry, and without fields that are None."""
        plain = {}
        for name, check in self.checks:
            value = getattr(event, name)
            if not check(value):
                raise Invalid(self._wrong(event))
            if value is not None:
                plain[name] = value.isoformat() if type(value) is date else value
        del plain["occurred_on"]
        return plain

    def _wrong(self, event: Any) -> dict[str, Any]:
        plain = {name: getattr(event, name) for name, _ in self.checks}
        said = {n: v.isoformat() if type(v) is date else v for n, v in plain.items() if v is not None}
        return self.writing.validate(said) or {n: ["Not a valid value."] for n, c in self.checks if not c(plain[n])}

    def load(self, payload: dict[str, Any], occurred_on: str) -> Any:
        """The event from its payload. Unknown fields are ignored; missing optional ones take their default."""
        loaded: Any = self.reading.load({**payload, "occurred_on": occurred_on})
        return self.kind(**loaded)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(version: int = 1) -> Callable[[type[Kind]], type[Kind]]:
    """Declares a past fact that a service publishes. A published event only gains optional fields."""

    def declare(kind: type[Kind]) -> type[Kind]:
        made: Any = dataclass(frozen=True, kw_only=True)(kind)
        made.__event__ = EventType(made, version)
        return cast(type[Kind], made)

    return declare


@dataclass_transform(frozen_default=True, kw_only_default=True)
def heard(source: str) -> Callable[[type[Kind]], type[Kind]]:
    """Declares the few fields that this service reads of an event published by the service `source`."""

    def declare(kind: type[Kind]) -> type[Kind]:
        made: Any = dataclass(frozen=True, kw_only=True)(kind)
        made.__event__ = EventType(made, 0)
        made.__source__ = source
        return cast(type[Kind], made)

    return declare


def event_type(kind: Any) -> EventType:
    """The declaration of an event class or of an event."""
    declared: EventType = kind.__event__
    return declared


class CommandType:
    """What is known of a command class: its name and how its body is parsed."""

    def __init__(self, kind: type) -> None:
        self.kind, self.name = kind, kind.__name__
        self.given: dict[str, str] = {name: mark.source for name, mark in marked(kind, Given).items()}
        self.secret = frozenset(marked(kind, Secret))

    @cached_property
    def schema(self) -> Schema:
        return schema_of(self.kind, without=tuple(self.given))

    def parse(
        self,
        body: Any,
        *,
        actor: str,
        today: date,
        household: tuple[str, ...] = (),
        schema: Schema | None = None,
    ) -> Any:
        """The command from a JSON body. Raises Invalid naming every wrong field."""
        wrong: dict[str, Any] = {}
        try:
            loaded: Any = (schema or self.schema).load(body)
        except marshmallow.ValidationError as error:
            wrong, loaded = dict(error.messages_dict), error.valid_data
        occurred_on = loaded.get("occurred_on") if isinstance(loaded, dict) else None
        if occurred_on is not None and occurred_on > today:
            wrong["occurred_on"] = [f"{occurred_on} is after today, {today}."]
        if wrong:
            raise Invalid(wrong)
        given = {"actor": actor, "household": household, "today": today}
        return self.kind(**loaded, **{name: given[source] for name, source in self.given.items()})


@dataclass_transform(frozen_default=True, kw_only_default=True)
def command(kind: type[Kind]) -> type[Kind]:
    """Declares an order that a service takes."""
    made: Any = dataclass(frozen=True, kw_only=True)(kind)
    made.__command__ = CommandType(made)
    return cast(type[Kind], made)


def command_type(kind: Any) -> CommandType:
    """The declaration of a command class or of a command."""
    declared: CommandType = kind.__command__
    return declared
