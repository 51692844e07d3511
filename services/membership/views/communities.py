"""The communities that the station serves now."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, String, Table, select

from lastmile.kernel.store.changes import Changed, Place, Put, Remove
from lastmile.kernel.store.service import Asking
from services.membership.community import CommunityDelisted, CommunityListed
from services.membership.tables import membership_tables

communities = Table(
    "communities",
    membership_tables,
    Column("station", String(9), primary_key=True),
    Column("community", String(80), primary_key=True),
    Column("name", String(500), nullable=False),
)


def fold(event: Any, place: Place) -> Iterable[Changed]:
    match event:
        case CommunityListed():
            yield Put(communities, {"station": place.station, "community": event.community, "name": event.name})
        case CommunityDelisted():
            yield Remove(communities, {"station": place.station, "community": event.community})


def community_list(asking: Asking) -> list[dict[str, Any]]:
    """The communities that the station serves, by id; a community's chair is told of the own one."""
    query = select(communities).where(communities.c.station == asking.station).order_by(communities.c.community)
    if asking.community:
        query = query.where(communities.c.community == asking.community)
    return [{"community": row.community, "name": row.name} for row in asking.connection.execute(query)]
