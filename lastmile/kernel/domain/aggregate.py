"""What an aggregate is to the kernel, and what a service says of each command: data, no behaviour."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, get_args

from marshmallow import Schema

from lastmile.kernel.domain.events import command_type


@dataclass(frozen=True)
class Aggregate:
    """A kind of stream: its name, its first state, how an event changes the state, and which event it may hold."""

    name: str
    initial: Any
    evolve: Callable[[Any, Any], Any]
    event: type | UnionType

    @property
    def events(self) -> tuple[type, ...]:
        return get_args(self.event) or (self.event,)


def stream_name(station: str, aggregate: str, key: str) -> str:
    return f"{station}/{aggregate}/{key}"


@dataclass(frozen=True)
class Handles:
    """How one command is carried out.

    `key(command, prepared)` names the stream. `prepare(work_place, commands)` runs before the transaction, once for
    many commands, and gives one value each (identity look-ups, password hashes). `facts(reading, command, prepared)`
    reads, under the log's lock, what the decision needs beyond its own stream. `decide` is pure and gets
    (command, state) or, with facts or prepared values, (command, state, facts). `community(reading, command, prepared)`
    tells which community the command concerns, None if there is none: a chair of a community may touch only that.
    `apart`: what `facts` reads is not changed by other commands of the same name on other streams, so that many are
    decided before the views are written.
    """

    command: type
    aggregate: Aggregate
    decide: Callable[..., Iterable[Any]]
    key: Callable[[Any, Any], str]
    facts: Callable[[Any, Any, Any], Any] | None = None
    prepare: Callable[[Any, list[Any]], list[Any]] | None = None
    schema: Schema | None = None
    community: Callable[[Any, Any, Any], str | None] | None = None
    apart: bool = False

    @property
    def name(self) -> str:
        return command_type(self.command).name


def by_field(name: str) -> Callable[[Any, Any], str]:
    """Names the stream by a field of the command."""

    def key(command: Any, _prepared: Any) -> str:
        value: str = getattr(command, name)
        return value

    return key


def by_fields(first: str, second: str) -> Callable[[Any, Any], str]:
    """Names the stream by two fields of the command."""

    def key(command: Any, _prepared: Any) -> str:
        return f"{getattr(command, first)}/{getattr(command, second)}"

    return key


@dataclass(frozen=True)
class Handlers:
    """All commands of a service, by name."""

    handled: tuple[Handles, ...]
    by_name: Mapping[str, Handles] = field(init=False)

    def __post_init__(self) -> None:
        by_name = {handles.name: handles for handles in self.handled}
        if len(by_name) != len(self.handled):
            raise TypeError("a command is handled twice")
        object.__setattr__(self, "by_name", by_name)
