"""The names of households on pages: asked of membership once for many."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import g

from lastmile.kernel.domain.failures import Failure
from services.gateway.console.asking import ask, may
from services.gateway.relief.names import PERSONS_AT_ONCE, UNKNOWN, member_names


def look_up(rows: Sequence[Mapping[str, Any]]) -> None:
    """Ask for the names of all persons in these rows at once."""
    known: dict[str, str] = g.setdefault("households", {})
    wanted = sorted({str(row["person_id"]) for row in rows if row.get("person_id")} - known.keys())
    known |= dict.fromkeys(wanted, "") | _asked(wanted)


def name_of(person_id: str) -> str:
    """The person's name; the end of their id where this role may not read names or nobody knows one."""
    if person_id not in g.setdefault("households", {}):
        look_up([{"person_id": person_id}])
    return g.households[person_id] or f"{UNKNOWN}{person_id[-6:]}"


def of_row(row: Mapping[str, Any]) -> str:
    return name_of(str(row["person_id"]))


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
        return member_names(partial(ask, "membership"), person_ids)
    except Failure:
        return {}
