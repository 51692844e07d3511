"""Measuring side by side: repetitions in turn, their medians, and the rows that a run is made of."""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Literal

Repetitions = Sequence[float]


@dataclass(frozen=True)
class Bar:
    """What a row must show: ours divided by the peer's (or ours alone) at least, or at most, `limit`."""

    limit: float
    of: Literal["ratio", "ours"] = "ratio"
    least: bool = True

    def met(self, value: float) -> bool:
        return value >= self.limit if self.least else value <= self.limit

    def __str__(self) -> str:
        shown = f"{self.limit:,.0f}" if self.limit >= 100 else f"{self.limit:g}"
        return f"{'≥' if self.least else '≤'} {shown}{' ×' if self.of == 'ratio' else ''}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measurement of ours, that of the peer in the same run, and the bar, if there is one."""

    what: str
    unit: str
    ours: Repetitions
    peer_name: str = ""
    peer: Repetitions = ()
    bar: Bar | None = None
    notes: Mapping[str, str | float] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return median(self.ours) / median(self.peer) if self.peer else None

    @property
    def met(self) -> bool | None:
        """None without a bar."""
        if self.bar is None:
            return None
        value = median(self.ours) if self.bar.of == "ours" else self.ratio
        assert value is not None, f"{self.what}: a bar on the ratio needs a peer"
        return self.bar.met(value)


def in_turn(times: int, *works: Callable[[], float]) -> list[list[float]]:
    """What each work answers, repeated: A B A B …, so that a slow moment of the machine meets all of them."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for index, work in enumerate(works):
            gc.collect()
            found[index].append(work())
    return found


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def rate(count: int, work: Callable[[], object]) -> float:
    """How many of `count` things the work does in a second."""
    return count / seconds(work)
