"""The names of households: asked of membership for many at once, masked where they stand before the public."""

from collections.abc import Callable, Sequence
from typing import Any

PERSONS_AT_ONCE = 1_000
MOST_STARS = 4
UNKNOWN = "…"
"""Stands before the end of an id where there is no name to show."""


def member_names(ask: Callable[..., Any], person_ids: Sequence[str]) -> dict[str, str]:
    """The names that membership has, by person; `ask` asks it a question. Raises what membership refuses with."""
    known: dict[str, str | None] = {}
    for start in range(0, len(person_ids), PERSONS_AT_ONCE):
        known |= ask("member_names", person_ids=list(person_ids[start : start + PERSONS_AT_ONCE]))
    return {person_id: name for person_id, name in known.items() if name}


def masked(name: str) -> str:
    """A name as it may stand before the public: 王＊＊. The one place where this is decided."""
    if name.startswith(UNKNOWN):
        return "＊" * MOST_STARS
    return name[:1] + "＊" * min(max(len(name) - 1, 1), MOST_STARS)
