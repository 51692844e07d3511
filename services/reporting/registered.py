"""Layouts registered for a station: the newest one is what its reports show; without one, the standard layout."""

from datetime import datetime

from sqlalchemy import insert, select

from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.log import instant
from services.reporting.extent import Holdings
from services.reporting.figures.layout import STANDARD, Layout, parse_layout, standard_layout
from services.reporting.tables import layouts


def register_layout(holdings: Holdings, station: str, text: str, now: datetime) -> str:
    """Keep a layout (TOML) for a station or an area; answers its name. Raises Invalid naming line and field."""
    layout = parse_layout(text, holdings.book)
    key = (layouts.c.station == station, layouts.c.name == layout.name, layouts.c.hash == layout.hash)
    with holdings.database.write() as connection:
        row = {"registered_at": instant(now), "content": text}
        if connection.execute(select(layouts.c.hash).where(*key)).first():
            connection.execute(layouts.update().where(*key).values(row))
        else:
            connection.execute(insert(layouts).values(station=station, name=layout.name, hash=layout.hash, **row))
    return layout.name


def layout_of(holdings: Holdings, station: str, name: str | None) -> Layout:
    """The newest layout of that name, or the newest of all, registered for a station; `standard` is always there."""
    query = select(layouts.c.content).where(layouts.c.station == station)
    if name is not None:
        query = query.where(layouts.c.name == name)
    with holdings.database.read() as connection:
        row = connection.execute(query.order_by(layouts.c.registered_at.desc(), layouts.c.hash).limit(1)).first()
    if row is not None:
        return parse_layout(row.content, holdings.book)
    if name not in (None, STANDARD):
        raise NotFound(f"no layout {name} is registered for station {station}", layout=name, station=station)
    return standard_layout(holdings.book)
