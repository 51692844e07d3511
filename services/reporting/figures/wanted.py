"""What the engine is asked for: figures with conditions and periods, and what each class of entries adds to them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.reporting.figures.book import MONTH, Book, Figure, Read
from services.reporting.figures.layout import Line, Where
from services.reporting.figures.period import BEFORE_ALL, Cut, Period
from services.reporting.figures.reading import Class


@dataclass(frozen=True)
class Wanted:
    """A figure (no ratio) under a condition in a period."""

    figure: Figure
    where: Where
    period: Period

    @property
    def way(self) -> str:
        """How it is computed: read off the cube (`cells`, `months`), or from entries (`distinct`, `latest`)."""
        if self.figure.measure in ("count", "sum"):
            return "cells"
        if self.figure.measure == "distinct" and {read.of for read in self.figure.reads} == {MONTH}:
            return "months"
        return self.figure.measure

    def window(self, year: int, cut: Cut) -> tuple[int, int]:
        """The months that count in the report of a year: a stock counts from before all to the period's end."""
        first, last = cut.months(*self.period.months(year))
        return (first if self.figure.nature == "flow" else BEFORE_ALL), last


class Term(NamedTuple):
    """What each entry of a class adds: `once` for itself, and its first and second amount so many times."""

    wanted: int
    class_: str
    once: int
    amount1: int
    amount2: int


def wanted_of(line: Line, book: Book) -> tuple[Wanted, ...]:
    """What a line needs: one figure, or a ratio's numerator and denominator."""
    figure = book.figures[line.figure]
    parts = (figure.numerator, figure.denominator) if figure.measure == "ratio" else (figure.name,)
    return tuple(Wanted(book.figures[part], line.where, line.period) for part in parts)


def terms(wanted: Sequence[tuple[int, Wanted]], classes: Iterable[Class], book: Book) -> Iterator[Term]:
    """What the entries of each class add to each thing wanted; nothing for those that add nothing."""
    by_event: dict[tuple[str, str], list[tuple[int, Wanted, Read]]] = {}
    for index, want in wanted:
        for read in want.figure.reads:
            by_event.setdefault((read.service, read.event), []).append((index, want, read))
    for class_ in classes:
        sums: dict[int, list[int]] = {}
        for index, want, read in by_event.get((class_.service, class_.event), ()):
            if _counts(read, want.where, class_):
                slot = _slot(read, book)
                sums.setdefault(index, [0, 0, 0])[slot] += read.weight
        for index, (once, amount1, amount2) in sums.items():
            if once or amount1 or amount2:
                yield Term(index, class_.text, once, amount1, amount2)


def _counts(read: Read, where: Where, class_: Class) -> bool:
    return all(class_.values.get(field, "") in values for field, values in read.when.items()) and all(
        class_.values.get(read.dims[dim], "") in values for dim, values in where
    )


def _slot(read: Read, book: Book) -> int:
    if read.field is None:
        return 0
    return 1 + book.readings[read.service, read.event].amounts.index(read.field)
