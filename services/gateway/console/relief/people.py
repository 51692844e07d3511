"""The names of households: asked of membership once for many, masked where they stand before the public."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g

from lastmile.kernel.domain.failures import Failure
from services.gateway.console.asking import ask, may

PERSONS_AT_ONCE = 1_000
MOST_STARS = 4
UNKNOWN = "…"
"""Stands before the end of an id where there is no name to show."""


def look_up(rows: Sequence[Mapping[str, Any]]) -> None:
    """Ask for the names of all persons in these rows at once."""
    known: dict[str, str] = g.setdefault("households", {})
    wanted = sorted({str(row["person_id"]) for row in rows if row.get("person_id")} - known.keys())
    for start in range(0, len(wanted), PERSONS_AT_ONCE):
        part = wanted[start : start + PERSONS_AT_ONCE]
        known |= dict.fromkeys(part, "") | _asked(part)


def name_of(person_id: str) -> str:
    """The person's name; the end of their id where this role may not read names or nobody knows one."""
    if person_id not in g.setdefault("households", {}):
        look_up([{"person_id": person_id}])
    return g.households[person_id] or f"{UNKNOWN}{person_id[-6:]}"


def of_row(row: Mapping[str, Any]) -> str:
    return name_of(str(row["person_id"]))


def masked(name: str) -> str:
    """A name as it may stand before the public: 王＊＊. The one place where this is decided."""
    if name.startswith(UNKNOWN):
        return "＊" * MOST_STARS
    return name[:1] + "＊" * min(max(len(name) - 1, 1), MOST_STARS)


def called(text: str) -> list[str]:
    """The persons whom a name, its pinyin, or the last digits of a number may mean."""
    if not may("membership", "members"):
        return []
    found = ask("membership", "members", text=text, size=PERSONS_AT_ONCE)
    return [row["person_id"] for row in found["rows"]]


def _asked(person_ids: Sequence[str]) -> dict[str, str]:
    if not may("membership", "member_names"):
        return {}
    try:
        found: dict[str, str | None] = ask("membership", "member_names", person_ids=list(person_ids))
    except Failure:
        return {}
    return {person_id: name for person_id, name in found.items() if name}
