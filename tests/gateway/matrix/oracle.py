"""What somebody reaches: worked out from the rows of the permission files alone, and from where the records lie."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lastmile.kernel.domain.identity import Role, Scope
from tests.gateway.api.conftest import STATION
from tests.gateway.matrix.places import Place

Rows = Mapping[Role, Scope]


@dataclass(frozen=True)
class Who:
    """Somebody of the first station in one role; chairs of a community are of one, or wrongly of none."""

    role: Role
    community: str = ""


def everybody() -> Iterator[Who]:
    for role in Role:
        for community in ("c1", "c2", "") if role is Role.COMMUNITY_CHAIR else ("",):
            yield Who(role, community)


def reached(rows: Rows, who: Who, at: str, places: Sequence[Place]) -> list[Place] | None:
    """The places of which somebody is told who asks at a station; None where they are refused."""
    here = [place for place in places if place.station == at]
    match rows.get(who.role):
        case Scope.EVERY_STATION:
            return here
        case Scope.STATION:
            return here if at == STATION else None
        case Scope.COMMUNITY:
            own = [place for place in here if place.community == who.community]
            return own if at == STATION and own else None
        case None:
            return None
