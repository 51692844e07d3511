"""What the document says of answers: each shape that a service declares is a component under the service's name."""

from collections.abc import Iterator
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow.common import make_schema_key
from marshmallow import Schema, fields


class ShownAnswers:
    """The answers of one document; a shape that several services share stands there once."""

    def __init__(self, spec: APISpec, converter: Any) -> None:
        self._spec, self._converter = spec, converter

    def of(self, service: str, answer: fields.Field[Any]) -> dict[str, Any]:
        """The JSON Schema of an answer."""
        for schema in _shapes(answer):
            if make_schema_key(schema) not in self._converter.refs:
                words = {"description": " ".join((schema.__doc__ or "").split())}
                self._spec.components.schema(f"{service}.{type(schema).__name__}", words, schema=schema)
        shown: dict[str, Any] = self._converter.field2property(answer)
        return shown


def _shapes(field: fields.Field[Any]) -> Iterator[Schema]:
    """The schemas in a field, each after those that it refers to."""
    match field:
        case fields.Nested():
            for inner in field.schema.fields.values():
                yield from _shapes(inner)
            yield field.schema
        case fields.List():
            yield from _shapes(field.inner)
        case fields.Dict(value_field=fields.Field() as value):
            yield from _shapes(value)
