"""The unions and communities of the station, to choose among."""

from collections.abc import Mapping
from typing import Any

from flask import g

from lastmile.kernel.domain.failures import Failure
from services.gateway.console.asking import ask, station_date
from services.gateway.console.listing import Choice

UNIONS_AT_ONCE = 1_000


def unions() -> list[Choice]:
    """The unions that stand, by name."""
    if "unions" not in g:
        rows = ask("membership", "unions", standing=True, sort="name", size=UNIONS_AT_ONCE)["rows"]
        g.unions = [(row["union_id"], row["name"]) for row in rows]
    found: list[Choice] = g.unions
    return found


def communities() -> list[Choice]:
    if "communities" not in g:
        g.communities = [(row["community"], row["name"]) for row in ask("membership", "communities")]
    found: list[Choice] = g.communities
    return found


def community_name(community: str | None) -> str:
    return dict(communities()).get(community or "", community or "")


def name_of(key: str) -> str:
    """A member's name, for the heads of forms; nothing for whoever may not read it."""
    try:
        found: Mapping[str, str | None] = ask("membership", "member_names", person_ids=[key])
    except Failure:
        return ""
    return found.get(key) or ""


def today(**_: Any) -> dict[str, Any]:
    """The date that stands in a form at first."""
    return {"occurred_on": station_date().isoformat()}
