"""The figure book: every figure the product knows, as data that is checked when it is read."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from lastmile.kernel.domain.canonical import canonical

PRODUCT_BOOK = Path(__file__).parents[1] / "book"

NATURES = ("flow", "stock")
MEASURES = ("count", "sum", "distinct", "latest", "ratio")
MONTH = "month"
"""What a distinct figure counts instead of a field when it counts months."""

_FIGURE_FIELDS = {"label_zh", "label_en", "unit", "nature", "measure"}
_OPTIONAL = {
    "count": {"dims", "reads"},
    "sum": {"dims", "reads"},
    "distinct": {"dims", "reads", "of"},
    "latest": {"dims", "reads"},
    "ratio": {"numerator", "denominator", "decimals", "percent", "dims"},
}
_READ_FIELDS = {"event", "service", "weight", "field", "of", "dims", "when"}
_MOST_AMOUNTS = 2


class BookInvalid(ValueError):
    """The figure book is wrong; the message names the figure and the field."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """How a figure reads one event: with which weight, which field, and where its dimensions and conditions stand.

    `field` is what a sum adds or a latest value shows; `of` what a distinct figure tells apart.
    """

    service: str
    event: str
    weight: int
    field: str | None
    of: str | None
    dims: Mapping[str, str]
    when: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Figure:
    """One figure: what it is called, whether it flows over a period or stands at a date, and how it is measured.

    A book makes each figure once, so that they compare by identity.
    """

    name: str
    label_zh: str
    label_en: str
    unit: str
    nature: str
    measure: str
    dims: tuple[str, ...]
    reads: tuple[Read, ...] = ()
    numerator: str = ""
    denominator: str = ""
    decimals: int = 0
    percent: bool = False


@dataclass(frozen=True)
class Reading:
    """What the book reads of one event: the fields that make its class, those it adds up, the one it tells apart."""

    fields: tuple[str, ...]
    amounts: tuple[str, ...]
    subject: str | None


class Book:
    """All figures, what they read of which event, and the hash by which reports name this version."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.hash = sha256(canonical(content)).hexdigest()
        self.figures = {name: _figure(name, content[name]) for name in sorted(content)}
        for figure in self.figures.values():
            _check_ratio(figure, self.figures)
        self.readings = _readings(self.figures.values())


def read_book(directory: Path) -> Book:
    """The book in the TOML files of a directory. Raises BookInvalid."""
    content: dict[str, Any] = {}
    for path in sorted(directory.glob("*.toml")):
        try:
            figures = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise BookInvalid(f"{path.name}: {error}") from None
        for name, figure in figures.items():
            if name in content:
                raise BookInvalid(f"{path.name}: the figure {name} stands in the book twice")
            content[name] = figure
    return Book(content)


@cache
def product_book() -> Book:
    """The book that comes with the product."""
    return read_book(PRODUCT_BOOK)


def plain_text(value: Any) -> str:
    """A field's value as it stands in conditions and classes."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _figure(name: str, content: Any) -> Figure:
    if not isinstance(content, dict):
        raise BookInvalid(f"{name}: not a figure but {content!r}")
    for field in sorted(_FIGURE_FIELDS):
        if not isinstance(content.get(field), str) or not content[field]:
            raise BookInvalid(f"{name}: {field} is missing or no text")
    nature, measure = _one_of(name, "nature", content, NATURES), _one_of(name, "measure", content, MEASURES)
    _no_others(name, content, _FIGURE_FIELDS | _OPTIONAL[measure])
    dims = tuple(content.get("dims", ()))
    told = {field: content[field] for field in ("label_zh", "label_en", "unit")}
    if measure == "ratio":
        return Figure(
            name=name,
            **told,
            nature=nature,
            measure=measure,
            dims=dims,
            numerator=content.get("numerator", ""),
            denominator=content.get("denominator", ""),
            decimals=content.get("decimals", 2),
            percent=content.get("percent", False),
        )
    if not content.get("reads"):
        raise BookInvalid(f"{name}: reads is missing")
    reads = tuple(_read(f"{name}: reads[{i}]", read, measure, dims, content) for i, read in enumerate(content["reads"]))
    return Figure(name=name, **told, nature=nature, measure=measure, dims=dims, reads=reads)


def _read(where: str, content: dict[str, Any], measure: str, dims: tuple[str, ...], figure: dict[str, Any]) -> Read:
    _no_others(where, content, _READ_FIELDS)
    for field in ("event", "service"):
        if not isinstance(content.get(field), str):
            raise BookInvalid(f"{where}: {field} is missing")
    weight = content.get("weight", 1)
    if weight not in (1, -1):
        raise BookInvalid(f"{where}: weight is {weight!r}, not 1 or -1")
    if (measure in ("sum", "latest")) != ("field" in content):
        raise BookInvalid(f"{where}: field is for sum and latest, and needed there")
    of = content.get("of", figure.get("of"))
    if measure == "distinct" and not of:
        raise BookInvalid(f"{where}: of is missing: what a distinct figure tells apart")
    mapping = content.get("dims", {})
    if unknown := sorted(set(mapping) - set(dims)):
        raise BookInvalid(f"{where}: dims names {', '.join(unknown)}, which is no dimension of the figure")
    when = {name: _texts(value) for name, value in content.get("when", {}).items()}
    return Read(
        service=content["service"],
        event=content["event"],
        weight=weight,
        field=content.get("field"),
        of=of if measure == "distinct" else None,
        dims={dim: mapping.get(dim, dim) for dim in dims},
        when=when,
    )


def _check_ratio(figure: Figure, figures: Mapping[str, Figure]) -> None:
    if figure.measure != "ratio":
        return
    for field in ("numerator", "denominator"):
        part = figures.get(getattr(figure, field))
        if part is None or part.measure == "ratio":
            raise BookInvalid(f"{figure.name}: {field} is no figure to make a ratio of: {getattr(figure, field)!r}")
        if missing := set(figure.dims) - set(part.dims):
            raise BookInvalid(f"{figure.name}: {field} {part.name} lacks the dimension {', '.join(sorted(missing))}")


def _readings(figures: Iterable[Figure]) -> dict[tuple[str, str], Reading]:
    fields: dict[tuple[str, str], set[str]] = {}
    amounts: dict[tuple[str, str], set[str]] = {}
    subjects: dict[tuple[str, str], set[str]] = {}
    for read in (read for figure in figures for read in figure.reads):
        event = (read.service, read.event)
        fields.setdefault(event, set()).update(read.dims.values(), read.when)
        amounts.setdefault(event, set()).update({read.field} if read.field else ())
        subjects.setdefault(event, set()).update({read.of} if read.of and read.of != MONTH else ())
    for event in fields:
        if len(amounts[event]) > _MOST_AMOUNTS:
            raise BookInvalid(f"{'.'.join(event)}: figures add up more than {_MOST_AMOUNTS} of its fields")
        if len(subjects[event]) > 1:
            raise BookInvalid(f"{'.'.join(event)}: figures tell more than one of its fields apart")
    return {
        event: Reading(tuple(sorted(fields[event])), tuple(sorted(amounts[event])), next(iter(subjects[event]), None))
        for event in fields
    }


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(plain_text(item) for item in (value if isinstance(value, list) else [value]))


def _one_of(where: str, field: str, content: Mapping[str, Any], allowed: tuple[str, ...]) -> str:
    value: str = content[field]
    if value not in allowed:
        raise BookInvalid(f"{where}: {field} is {value!r}, not one of {', '.join(allowed)}")
    return value


def _no_others(where: str, content: Mapping[str, Any], allowed: set[str]) -> None:
    if unknown := sorted(set(content) - allowed):
        raise BookInvalid(f"{where}: unknown field {', '.join(unknown)}")
