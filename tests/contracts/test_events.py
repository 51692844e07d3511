"""What services promise each other: events keep their shape, and what a consumer reads is there to be read."""

import typing
from datetime import date
from typing import Annotated, Any, Literal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow.validate import Length, Range, Regexp

from deploy.golden import golden_path
from lastmile.composition import definition_of
from lastmile.kernel.domain.canonical import canonical
from lastmile.kernel.domain.events import event_type
from lastmile.kernel.domain.fields import annotations
from lastmile.kernel.store.service import Definition
from lastmile.settings import LOG_SERVICES

PUBLISHED = [(service, kind) for service in LOG_SERVICES for kind in definition_of(service).events]


def heard_by(definition: Definition) -> list[type]:
    reactions = [reaction.hears for reaction in definition.reactions]
    erasure = [definition.erasure] if definition.erasure else []
    return list(dict.fromkeys([*definition.heard, *reactions, *erasure]))


HEARD = [(service, kind) for service in LOG_SERVICES for kind in heard_by(definition_of(service))]


def named(pair: tuple[str, type]) -> str:
    return f"{pair[0]}-{pair[1].__name__}"


def golden(service: str, kind: type) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(golden_path(service, kind).read_bytes())
    return found


@pytest.mark.parametrize("pair", PUBLISHED, ids=named)
def test_every_event_has_a_golden_file_that_its_producer_reads_and_writes_again(pair: tuple[str, type]) -> None:
    service, kind = pair
    kept = golden(service, kind)
    event = event_type(kind).load(kept["payload"], kept["occurred_on"])
    assert event_type(kind).dump(event) == kept["payload"]
    assert (kept["type"], kept["schema"]) == (event_type(kind).name, event_type(kind).version)


@pytest.mark.parametrize("service", LOG_SERVICES)
def test_no_golden_file_is_of_an_event_that_is_gone(service: str) -> None:
    kept = {path.name for path in (definition_of(service).migrations.parent / "golden").glob("*.json")}
    assert kept == {golden_path(service, kind).name for kind in definition_of(service).events}


@pytest.mark.parametrize("pair", HEARD, ids=named)
def test_what_a_consumer_reads_stands_in_the_producers_golden_file(pair: tuple[str, type]) -> None:
    _, kind = pair
    source: str = kind.__source__  # type: ignore[attr-defined]
    published = {event.__name__: event for event in definition_of(source).events}
    assert kind.__name__ in published, f"{source} publishes no {kind.__name__}"
    kept = golden(source, published[kind.__name__])
    event_type(kind).load(kept["payload"], kept["occurred_on"])
    assert set(annotations(kind)) - {"occurred_on"} <= set(kept["payload"])


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values that a field of this kind may have."""
    if type(None) in typing.get_args(hint):
        inner = next(arg for arg in typing.get_args(hint) if arg is not type(None))
        return st.none() | values(inner)
    marks: tuple[Any, ...] = ()
    if typing.get_origin(hint) is Annotated:
        hint, *rest = typing.get_args(hint)
        marks = tuple(rest)
    if typing.get_origin(hint) is Literal:
        return st.sampled_from(typing.get_args(hint))
    if hint is date:
        return st.dates()
    if hint is bool:
        return st.booleans()
    if hint is int:
        span = next((mark for mark in marks if isinstance(mark, Range)), Range(-(2**53) + 1, 2**53 - 1))
        return st.integers(span.min, span.max if span.max is not None else 2**53 - 1)
    pattern = next((mark.regex for mark in marks if isinstance(mark, Regexp)), None)
    if pattern is not None:
        return st.from_regex(pattern, fullmatch=True)
    length = next((mark for mark in marks if isinstance(mark, Length)), Length(1, 500))
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=min(length.max or 500, 60))


@pytest.mark.parametrize("pair", PUBLISHED, ids=named)
@given(data=st.data())
def test_every_event_survives_being_written_and_read(pair: tuple[str, type], data: st.DataObject) -> None:
    _, kind = pair
    event = kind(**{name: data.draw(values(hint)) for name, hint in annotations(kind).items()})
    stored = orjson.loads(canonical(event_type(kind).dump(event)))
    assert event_type(kind).load(stored, event.occurred_on.isoformat()) == event  # type: ignore[attr-defined]


@pytest.mark.parametrize("pair", PUBLISHED, ids=named)
def test_a_newer_producer_may_add_fields_that_an_older_reader_ignores(pair: tuple[str, type]) -> None:
    service, kind = pair
    kept = golden(service, kind)
    older = event_type(kind).load(kept["payload"], kept["occurred_on"])
    assert event_type(kind).load(kept["payload"] | {"added_later": "?"}, kept["occurred_on"]) == older
