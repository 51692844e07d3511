"""What services declare of their answers: every question has a shape, and the names say how a value is written."""

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import fields

from lastmile.composition import definition_of
from lastmile.kernel.store.service import Query
from lastmile.settings import SERVICES

QUESTIONS = [(service, query) for service in SERVICES for query in definition_of(service).queries]
WRITTEN: dict[str, type[fields.Field[Any]]] = {
    "_fen": fields.Integer,
    "_on": fields.Date,
    "_at": fields.AwareDateTime,
    "_id": fields.String,
    "_ids": fields.List,
}


def parts(name: str, field: fields.Field[Any]) -> Iterator[tuple[str, fields.Field[Any]]]:
    """A field and every field in it."""
    yield name, field
    match field:
        case fields.Nested():
            for inner_name, inner in field.schema.fields.items():
                yield from parts(inner_name, inner)
        case fields.List():
            yield from parts("", field.inner)
        case fields.Dict(value_field=fields.Field() as value):
            yield from parts("", value)


def is_declared(field: fields.Field[Any]) -> bool:
    """Whether it says more than that there is some JSON."""
    match field:
        case fields.Nested():
            return bool(field.schema.fields)
        case fields.List():
            return is_declared(field.inner)
        case fields.Dict():
            return field.value_field is not None
        case _:
            return False


@pytest.mark.parametrize(("service", "query"), QUESTIONS, ids=[f"{s}.{q.name}" for s, q in QUESTIONS])
def test_every_question_declares_its_answer(service: str, query: Query) -> None:
    assert is_declared(query.answered)


@pytest.mark.parametrize("shape", [dict[str, Any], list[dict[str, Any]]])
def test_some_json_or_other_is_no_answer(shape: Any) -> None:
    assert not is_declared(Query("asked", lambda _asking: {}, shape).answered)


def test_what_could_be_anything_cannot_be_declared() -> None:
    with pytest.raises(TypeError):
        assert Query("asked", lambda _asking: {}, Any).answered


def test_names_in_answers_say_how_a_value_is_written() -> None:
    found = [part for _, query in QUESTIONS for part in parts("", query.answered)]
    named = [(name, end, field) for name, field in found for end in WRITTEN if name.endswith(end)]
    assert {end for _, end, _ in named} == {"_fen", "_on", "_at", "_id"}
    assert not [name for name, end, field in named if not isinstance(field, WRITTEN[end])]
