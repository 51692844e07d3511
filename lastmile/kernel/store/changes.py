"""What a view does about an event: rows put, changed or removed, as data that is carried out in batches."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, update


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands: what a view may want to know beside the event itself."""

    log: str
    station: str
    position: int
    event_id: str
    stream: str
    actor: str


@dataclass(frozen=True)
class Put:
    """Insert a row."""

    table: Table
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """Set columns of the rows that have this key."""

    table: Table
    key: Mapping[str, Any]
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Add:
    """Add to number columns of the rows that have this key."""

    table: Table
    key: Mapping[str, Any]
    amounts: Mapping[str, int]


@dataclass(frozen=True)
class Remove:
    """Delete the rows that have this key."""

    table: Table
    key: Mapping[str, Any]


Changed = Put | Change | Add | Remove

Fold = Callable[[Any, Place], Iterable[Changed]]
"""What a view does about (event, its place in the log)."""


def carry_out(connection: Connection, changes: Iterable[Changed]) -> None:
    """Carry the changes out: in order within a table, and changes of the same form as one statement with many rows."""
    batches: list[tuple[tuple[Any, ...], list[dict[str, Any]]]] = []
    latest: dict[Table, int] = {}
    for change in changes:
        form, at = _form(change), latest.get(change.table)
        if at is None or batches[at][0] != form:
            latest[change.table] = at = len(batches)
            batches.append((form, []))
        batches[at][1].append(_parameters(change))
    for form, parameters in batches:
        connection.execute(_statement(form), parameters)


def _form(change: Changed) -> tuple[Any, ...]:
    match change:
        case Put(table, row):
            return (Put, table, tuple(row))
        case Change(table, key, row):
            return (Change, table, tuple(key), tuple(row))
        case Add(table, key, amounts):
            return (Add, table, tuple(key), tuple(amounts))
        case Remove(table, key):
            return (Remove, table, tuple(key))


def _parameters(change: Changed) -> dict[str, Any]:
    match change:
        case Put(_, row):
            return dict(row)
        case Change(_, key, row):
            return {f"key_{name}": value for name, value in key.items()} | {f"new_{name}": v for name, v in row.items()}
        case Add(_, key, amounts):
            return {f"key_{name}": value for name, value in key.items()} | {
                f"new_{name}": v for name, v in amounts.items()
            }
        case Remove(_, key):
            return {f"key_{name}": value for name, value in key.items()}


@lru_cache(maxsize=1_000)
def _statement(form: tuple[Any, ...]) -> Any:
    """The statement for changes of this form (see `_form`)."""
    kind, table, names, *more = form
    if kind is Put:
        return insert(table)
    if kind is Remove:
        return delete(table).where(_where(table, names))
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in more[0]}
    if kind is Add:
        new = {name: table.c[name] + value for name, value in new.items()}
    return update(table).where(_where(table, names)).values(new)


def _where(table: Table, key: tuple[str, ...]) -> Any:
    return and_(*(table.c[name] == bindparam(f"key_{name}") for name in key))
