"""The questions of each service and the shapes of their answers, as a page of the reference."""

from collections.abc import Callable, Iterator
from typing import Any

from marshmallow import Schema, fields, validate

from lastmile.composition import definition_of
from lastmile.kernel.domain.answers import answer_field
from lastmile.kernel.store.service import Query
from lastmile.settings import SERVICES

Table = Callable[[tuple[str, ...], Any], Iterator[str]]
WORDS: dict[type, str] = {
    fields.String: "text",
    fields.Integer: "whole number",
    fields.Date: "date",
    fields.AwareDateTime: "instant",
}


def questions_page(table: Table) -> Iterator[str]:
    yield "# Questions\n"
    yield "`POST /stations/<station>/questions/<name>` at the service. A page is `rows`, `count` and `next`.\n"
    for service in SERVICES:
        queries = definition_of(service).queries
        yield f"## {service}\n"
        yield from table(("question", "", "answer"), ((f"`{q.name}`", _words(q), _answer(q)) for q in queries))
        shapes = {schema.__name__: schema for q in queries for schema in _shapes(q.answered) if not _is_page(schema)}
        for name, schema in sorted(shapes.items()):
            yield f"### {service}.{name}\n\n{_first_line(schema)}\n"
            yield from table(("field", "kind", ""), (_row(*item) for item in schema().fields.items()))


def _answer(query: Query) -> str:
    if query.listed:
        return f"page of {_kind(answer_field(query.answer))}"
    return _kind(query.answered)


def _row(name: str, field: fields.Field[Any]) -> tuple[str, str, str]:
    told = [_kind(field), *(["or none"] if field.allow_none else []), *([] if field.required else ["not always there"])]
    return f"`{name}`", ", ".join(told), field.metadata.get("description", "")


def _kind(field: fields.Field[Any]) -> str:
    match field:
        case fields.Nested():
            return f"`{type(field.schema).__name__}`"
        case fields.List():
            return f"list of {_kind(field.inner)}"
        case fields.Dict(value_field=fields.Field() as value):
            return f"{_kind(value)} by name"
        case fields.Dict():
            return "members by name"
        case fields.Boolean():
            return "true or false"
        case _ if choices := _choices(field):
            return " \\| ".join(choices)
        case _ if type(field) in WORDS:
            return WORDS[type(field)]
        case _:
            return " \\| ".join(field.metadata["type"])


def _choices(field: fields.Field[Any]) -> list[str]:
    return [word for check in field.validators if isinstance(check, validate.OneOf) for word in check.choices]


def _shapes(field: fields.Field[Any]) -> Iterator[type[Schema]]:
    match field:
        case fields.Nested():
            yield type(field.schema)
            for inner in field.schema.fields.values():
                yield from _shapes(inner)
        case fields.List():
            yield from _shapes(field.inner)
        case fields.Dict(value_field=fields.Field() as value):
            yield from _shapes(value)


def _is_page(schema: type[Schema]) -> bool:
    return set(schema().fields) == {"rows", "count", "next"}


def _words(query: Query) -> str:
    return _first_line(query.view)


def _first_line(documented: object) -> str:
    return ((documented.__doc__ or "").strip().splitlines() or [""])[0]
