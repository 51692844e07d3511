"""The kinds of field that events and commands are made of, and the marshmallow schema they give."""

import re
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, dataclass, is_dataclass
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Annotated, Any, Literal

import marshmallow
from marshmallow import RAISE, Schema, validate
from marshmallow import fields as mm

from lastmile.kernel.domain.canonical import LARGEST_INTEGER
from lastmile.kernel.domain.personal_digits import no_personal_digits


@dataclass(frozen=True)
class Sealed:
    """Marks personal data: kept in entries only as ciphertext under the person's key for `purpose`."""

    purpose: str


@dataclass(frozen=True)
class Given:
    """Marks a command field that the kernel fills in: who acts, whose aid is the actor's own, or today's date."""

    source: Literal["actor", "household", "today"]


@dataclass(frozen=True)
class Secret:
    """Marks a password or code of a command: no trace of it stays, not even in the hash by which a repeat is known."""


PERSONAL = {"personal": True}
"""Metadata of a question's parameter into which personal data is given: it is sent in a body, never in an address."""


def is_personal(parameter: mm.Field[Any]) -> bool:
    return PERSONAL.items() <= parameter.metadata.items()


_IDENTITY_NUMBER = re.compile(r"[0-9]{17}[0-9X]")


def no_identity_number(value: str) -> None:
    """Ids stand in clear in entries, stream names and answers: a person's identity number (GB 11643) is none."""
    if len(value) == 18 and _IDENTITY_NUMBER.fullmatch(value):
        weighed = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(value[:17]))
        if "10X98765432"[weighed % 11] == value[17]:
            raise marshmallow.ValidationError("An identity number is personal data and no id.")


Id = Annotated[
    str,
    validate.Regexp(
        r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}\Z", error="Not an id: letters, digits and . _ : - only, 80 at most."
    ),
    no_identity_number,
]
Word = Annotated[str, validate.Regexp(r"^[a-z0-9_]{1,40}\Z", error="Not a code word: a-z, 0-9 and _ only, 40 at most.")]
Text = Annotated[str, validate.Length(1, 500)]
ClearText = Annotated[str, validate.Length(1, 500), no_personal_digits]
"""What a command takes that will stand in clear. Events read what was said before and so ask less: `Text`."""
Fen = Annotated[int, validate.Range(1, 10**13)]
Quantity = Annotated[int, validate.Range(1, 10**9)]
StationCode = Annotated[str, validate.Regexp(r"^\d{9}\Z", error="Not a station code: nine digits.")]
Actor = Annotated[str, Given("actor")]
Household = Annotated[tuple[str, ...], Given("household")]
Today = Annotated[date, Given("today")]


class TrueOrFalse(mm.Boolean):
    """true or false, and no number or word that stands for them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


_PLAIN: dict[type, type[mm.Field[Any]]] = {str: mm.String, bool: TrueOrFalse, date: mm.Date}


def annotations(kind: type) -> dict[str, Any]:
    """Field name to its full type hint, markers included."""
    assert is_dataclass(kind)
    hints = typing.get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in dataclass_fields(kind)}


def marked(kind: type, marker: type) -> dict[str, Any]:
    """Field name to its marker, for the fields that carry one of this type."""
    found = {}
    for name, hint in annotations(kind).items():
        for mark in _markers(hint):
            if isinstance(mark, marker):
                found[name] = mark
    return found


def schema_of(kind: type, unknown: str = RAISE, without: tuple[str, ...] = (), **special: mm.Field[Any]) -> Schema:
    """The marshmallow schema of a flat dataclass. `special` replaces the field of that name."""
    made: dict[str, mm.Field[Any]] = {}
    required = {f.name: f.default is MISSING and f.default_factory is MISSING for f in dataclass_fields(kind)}
    for name, hint in annotations(kind).items():
        if name not in without:
            made[name] = special.get(name) or _field(f"{kind.__name__}.{name}", hint, required[name])
    schema: Schema = type(f"{kind.__name__}Schema", (Schema,), made)(unknown=unknown)
    return schema


def _field(where: str, hint: Any, required: bool) -> mm.Field[Any]:
    hint, none_allowed = _without_none(hint)
    validators = [mark for mark in _markers(hint) if callable(mark)]
    bare = typing.get_args(hint)[0] if typing.get_origin(hint) is Annotated else hint
    options: dict[str, Any] = {"required": required, "allow_none": none_allowed}
    if typing.get_origin(bare) is Literal:
        return mm.String(validate=validate.OneOf(typing.get_args(bare)), **options)
    if bare is int:
        within = validate.Range(-LARGEST_INTEGER, LARGEST_INTEGER)
        return mm.Integer(strict=True, validate=[a_true_integer, *(validators or [within])], **options)
    if bare is str and not validators:
        validators = [validate.Length(1, 500)]
    if bare not in _PLAIN:
        raise TypeError(f"{where}: {bare!r} is no kind of field that an event or command may have")
    return _PLAIN[bare](validate=validators, **options)


def a_true_integer(value: Any) -> None:
    if isinstance(value, bool):
        raise marshmallow.ValidationError("Not a valid integer.")


def _without_none(hint: Any) -> tuple[Any, bool]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [arg for arg in typing.get_args(hint) if arg is not type(None)]
        if len(rest) == 1:
            return rest[0], True
    return hint, False


def _markers(hint: Any) -> tuple[Any, ...]:
    hint, _ = _without_none(hint)
    return typing.get_args(hint)[1:] if typing.get_origin(hint) is Annotated else ()


def checks_of(kind: type) -> tuple[tuple[str, Callable[[Any], bool]], ...]:
    """Field name and whether a value fits: exact type, the same validators as in the schema, None where allowed.

    Telling only yes or no takes a tenth of the time in which marshmallow tells what is wrong.
    """
    return tuple((name, _check(hint)) for name, hint in annotations(kind).items())


def _check(hint: Any) -> Callable[[Any], bool]:
    hint, none_allowed = _without_none(hint)
    validators = tuple(mark for mark in _markers(hint) if callable(mark))
    bare = typing.get_args(hint)[0] if typing.get_origin(hint) is Annotated else hint
    if typing.get_origin(bare) is Literal:
        words = frozenset(typing.get_args(bare)) | ({None} if none_allowed else set())
        return words.__contains__
    if not validators and bare is int:
        validators = (validate.Range(-LARGEST_INTEGER, LARGEST_INTEGER),)
    if not validators and bare is str:
        validators = (validate.Length(1, 500),)

    def fits(value: Any) -> bool:
        if value is None:
            return none_allowed
        if type(value) is not bare:
            return False
        try:
            for validator in validators:
                validator(value)
        except marshmallow.ValidationError:
            return False
        return True

    return fits
