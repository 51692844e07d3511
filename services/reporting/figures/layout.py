"""A report layout: which line shows which figure, with which condition and period. Data, checked against the book."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from lastmile.kernel.domain.canonical import canonical, plain
from lastmile.kernel.domain.failures import Invalid
from services.reporting.figures.book import Book, plain_text
from services.reporting.figures.period import WHOLE_YEAR, Period, parse_period

STANDARD = "standard"
STANDARD_LAYOUT = Path(__file__).parents[1] / "layouts" / "standard.toml"
MOST_LINES = 1_000

_TEXTS = ("label_zh", "label_en", "unit", "period")
_NUMBERS = ("decimals", "scale")
_FIELDS = {"key", "figure", "where", *_TEXTS, *_NUMBERS}

Where = tuple[tuple[str, tuple[str, ...]], ...]
"""Each dimension with the values that count."""


@dataclass(frozen=True)
class Line:
    """One line of a report. A value is divided by `scale` and shown with `decimals` where these are given."""

    key: str
    figure: str
    where: Where
    period: Period
    label_zh: str
    label_en: str
    unit: str
    decimals: int | None
    scale: int


@dataclass(frozen=True)
class Layout:
    """The lines of a report, in their order; `hash` names this version."""

    name: str
    lines: tuple[Line, ...]
    hash: str

    def line(self, key: str) -> Line | None:
        return next((line for line in self.lines if line.key == key), None)


def parse_layout(text: str, book: Book) -> Layout:
    """The layout in a TOML text. Raises Invalid naming each wrong line and field."""
    try:
        content = plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Invalid({"layout": [f"not TOML: {error}"]}) from None
    except TypeError as error:
        raise Invalid({"layout": [str(error)]}) from None
    wrong: dict[str, Any] = {}
    name, lines = content.get("name"), content.get("lines")
    if not isinstance(name, str) or not 0 < len(name) <= 80:
        wrong["name"] = ["A name of 1 to 80 characters is needed."]
    if not isinstance(lines, list) or not 0 < len(lines) <= MOST_LINES:
        raise Invalid(wrong | {"lines": [f"1 to {MOST_LINES} lines are needed."]})
    if unknown := sorted(set(content) - {"name", "lines"}):
        wrong["layout"] = [f"Unknown field {', '.join(unknown)}."]
    made = [_line(f"lines[{i}]", line, book, wrong) for i, line in enumerate(lines)]
    keys = [line.key for line in made if line]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        wrong["lines"] = [f"The key {', '.join(twice)} stands twice."]
    if wrong:
        raise Invalid(wrong)
    return Layout(str(name), tuple(line for line in made if line), sha256(canonical(content)).hexdigest())


def standard_layout(book: Book) -> Layout:
    """The layout that comes with the product: all figures."""
    return parse_layout(STANDARD_LAYOUT.read_text(encoding="utf-8"), book)


def _line(where: str, content: Any, book: Book, wrong: dict[str, Any]) -> Line | None:
    if not isinstance(content, dict) or not isinstance(content.get("key"), str) or not content["key"]:
        wrong[where] = ["A line with a key is needed."]
        return None
    where = f"{where} {content['key']}"
    problems: dict[str, Any] = {}
    if unknown := sorted(set(content) - _FIELDS):
        problems[where] = [f"Unknown field {', '.join(unknown)}."]
    for field in _TEXTS:
        if not isinstance(content.get(field, ""), str):
            problems[f"{where}: {field}"] = ["Not a text."]
    for field in _NUMBERS:
        value = content.get(field, 1)
        if type(value) is not int or not (0 if field == "decimals" else 1) <= value <= 10**6:
            problems[f"{where}: {field}"] = [f"Not a fit number: {value!r}."]
    figure = book.figures.get(str(content.get("figure")))
    if figure is None:
        problems[f"{where}: figure"] = [f"No figure {content.get('figure')!r} is in the book."]
    conditions = _where(where, content.get("where", {}), figure.dims if figure else None, problems)
    period = WHOLE_YEAR
    try:
        period = parse_period(str(content["period"])) if "period" in content else WHOLE_YEAR
    except ValueError as error:
        problems[f"{where}: period"] = [str(error)]
    if problems or figure is None:
        wrong.update(problems)
        return None
    return Line(
        key=content["key"],
        figure=figure.name,
        where=conditions,
        period=period,
        label_zh=content.get("label_zh", figure.label_zh),
        label_en=content.get("label_en", figure.label_en),
        unit=content.get("unit", figure.unit),
        decimals=content.get("decimals"),
        scale=content.get("scale", 1),
    )


def _where(where: str, content: Any, dims: tuple[str, ...] | None, problems: dict[str, Any]) -> Where:
    if not isinstance(content, Mapping):
        problems[f"{where}: where"] = ["Not a table of dimensions and values."]
        return ()
    found = []
    for dim, values in sorted(content.items()):
        if dims is not None and dim not in dims:
            problems[f"{where}: where.{dim}"] = [
                f"The figure has no dimension {dim}; it has {', '.join(dims) or 'none'}."
            ]
        texts = values if isinstance(values, list) else [values]
        if not texts or any(isinstance(value, (list, dict)) for value in texts):
            problems[f"{where}: where.{dim}"] = ["A value or a list of values is needed."]
            continue
        found.append((dim, tuple(sorted(plain_text(value) for value in texts))))
    return tuple(found)
