"""What reporting answers: the shape of the answer to each of its questions."""

from typing import Annotated, Literal, NotRequired, TypedDict

from lastmile.kernel.domain.answers import Day, Instant

Value = int | str | None
"""A whole number, a text with fixed decimals, or none where there is none."""


class LayoutUsed(TypedDict):
    """The layout of a report; `hash` names this very version of it."""

    name: str
    hash: str


class FigureShown(TypedDict):
    """One line of a report."""

    key: str
    value: Value
    unit: str
    label_zh: str
    label_en: str


class LogRead(TypedDict):
    """How far a report reads a log, with the Merkle root there."""

    log: Annotated[str, "`<station>/<service>`"]
    position: int
    root: Annotated[str, "In hex."]


class Report(TypedDict):
    """The report of a year: the same logs, book and layout give the same figures for ever."""

    station: Annotated[str, "Nine digits, or six for an area."]
    year: int
    as_of: Day | None
    known_at: Instant | None
    layout: LayoutUsed
    book: Annotated[str, "The hash of the figure book."]
    figures: list[FigureShown]
    logs: list[LogRead]


class EventBehind(TypedDict):
    """An event behind a figure, and what it adds to it."""

    event_id: str
    log: str
    position: int
    type: str
    occurred_on: Day
    recorded_at: Instant
    weight: int


class _Explained(TypedDict):
    label_zh: str
    label_en: str
    unit: str


class PartExplained(_Explained):
    """The numerator or denominator of a ratio, with the events behind it."""

    figure: str
    value: int | None
    events: list[EventBehind]


class Explanation(_Explained):
    """The events behind one line: their weights sum to its value, times `scale` if there is one.

    A ratio has none itself, but a numerator and a denominator.
    """

    key: str
    value: Value
    events: list[EventBehind]
    scale: NotRequired[int]
    numerator: NotRequired[PartExplained]
    denominator: NotRequired[PartExplained]


class StopShown(TypedDict):
    """A log at which following stopped, since when, and why."""

    follower: Literal["journal"]
    log: str
    position: int
    at: Instant
    because: str
