"""What questions answer: shapes of JSON, declared as typed dictionaries, and the marshmallow fields that hold them."""

import typing
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, is_typeddict

import marshmallow
from marshmallow import Schema, validate
from marshmallow import fields as mm

from lastmile.kernel.domain.fields import TrueOrFalse, a_true_integer

Day = Annotated[str, mm.Date]
Instant = Annotated[str, mm.AwareDateTime]
Version = Annotated[int, "The record's own, also its ETag."]


class _Plain(mm.Raw):
    """A value of one of several plain kinds."""

    def __init__(self, kinds: tuple[type, ...], **options: Any) -> None:
        said = {"type": [_JSON_TYPES[kind] for kind in kinds]}
        super().__init__(**{**options, "metadata": {**options.get("metadata", {}), **said}})
        self.kinds = kinds

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if type(value) not in self.kinds:
            raise marshmallow.ValidationError(f"Not one of {self.metadata['type']}.")
        return value


_PLAIN: dict[Any, type[mm.Field[Any]]] = {str: mm.String, bool: TrueOrFalse}
_JSON_TYPES: dict[type, str] = {str: "string", int: "integer", bool: "boolean"}


def answer_field(shape: Any, **options: Any) -> mm.Field[Any]:
    """The field that holds an answer of this shape: a typed dictionary, `list[…]`, `dict[str, …]` or a plain kind.

    In `Annotated[…]` a text says what the name does not, and a class of fields how a text is written.
    """
    kinds = [kind for kind in _kinds(shape) if kind is not NoneType]
    options["allow_none"] = len(kinds) < len(_kinds(shape))
    marks = typing.get_args(kinds[0])[1:] if typing.get_origin(kinds[0]) is Annotated else ()
    bare = typing.get_args(kinds[0])[0] if marks else kinds[0]
    if words := " ".join(mark for mark in marks if isinstance(mark, str)):
        options["metadata"] = {"description": words}
    if len(kinds) > 1:
        return _Plain(tuple(kinds), **options)
    for mark in marks:
        if isinstance(mark, type) and issubclass(mark, mm.Field):
            bare = mark
    return _field(bare, options)


def _kinds(shape: Any) -> tuple[Any, ...]:
    return typing.get_args(shape) if typing.get_origin(shape) in (typing.Union, UnionType) else (shape,)


def _field(shape: Any, options: dict[str, Any]) -> mm.Field[Any]:
    origin, args = typing.get_origin(shape), typing.get_args(shape)
    if is_typeddict(shape):
        return mm.Nested(schema_of_answer(shape), **options)
    if origin is list:
        return mm.List(answer_field(args[0]), **options)
    if origin is dict and args[1] is Any:
        return mm.Dict(keys=mm.String(), **options)
    if origin is dict:
        return mm.Dict(keys=mm.String(), values=answer_field(args[1]), **options)
    if origin is Literal:
        return mm.String(validate=validate.OneOf(args), **options)
    if shape is int:
        return mm.Integer(strict=True, validate=a_true_integer, **options)
    kind: type[mm.Field[Any]] = _PLAIN.get(shape, shape)
    return kind(**options)


@cache
def schema_of_answer(shape: Any) -> type[Schema]:
    """The schema of a typed dictionary, under its name and with its words."""
    made: dict[str, Any] = {}
    for name, hint in typing.get_type_hints(shape, include_extras=True).items():
        needed = name in shape.__required_keys__
        kind = typing.get_args(hint)[0] if typing.get_origin(hint) is NotRequired else hint
        made[name] = answer_field(kind, required=needed)
    return type(shape.__name__, (Schema,), {**made, "__doc__": shape.__doc__})


@cache
def page_of(row: Any) -> type[Schema]:
    """The schema of one page of a list of such rows."""
    words = "One page of a list: `count` is of all that the filters let through, `next` the cursor behind this page."
    made = {
        "rows": mm.List(answer_field(row), required=True),
        "count": answer_field(int, required=True),
        "next": answer_field(str | None, required=True),
    }
    return type(f"{row.__name__}Page", (Schema,), {**made, "__doc__": words})
