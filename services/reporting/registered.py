"""Layouts registered for a station: the newest one is what its reports show; without one, the standard layout."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, insert, select

from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.log import instant
from services.reporting.extent import Holdings
from services.reporting.figures.book import Book
from services.reporting.figures.layout import STANDARD, Layout, parse_layout, standard_layout
from services.reporting.tables import layouts


def register_layout(holdings: Holdings, station: str, text: str, now: datetime) -> str:
    """Keep a layout (TOML) for a station or an area; answers its name. Raises Invalid naming line and field."""
    layout = parse_layout(text, holdings.book)
    with holdings.database.write() as connection:
        newest = connection.execute(_newest(station)).first()
        if newest is None or (newest.name, newest.hash) != (layout.name, layout.hash):
            number = newest.number + 1 if newest else 1
            row = {"station": station, "number": number, "name": layout.name, "hash": layout.hash}
            connection.execute(insert(layouts).values(row | {"registered_at": instant(now), "content": text}))
    return layout.name


def layout_of(holdings: Holdings, station: str, name: str | None) -> Layout:
    """The newest layout of that name, or the newest of all, registered for a station; `standard` is always there."""
    query = _newest(station) if name is None else _newest(station).where(layouts.c.name == name)
    with holdings.database.read() as connection:
        row = connection.execute(query).first()
    if row is not None:
        return _parsed(row.content, holdings.book)
    if name not in (None, STANDARD):
        raise NotFound(f"no layout {name} is registered for station {station}", layout=name, station=station)
    return standard_layout(holdings.book)


@lru_cache(maxsize=100)
def _parsed(text: str, book: Book) -> Layout:
    """Many stations share a layout, and a book is made once."""
    return parse_layout(text, book)


def _newest(station: str) -> Select[Any]:
    return select(layouts).where(layouts.c.station == station).order_by(layouts.c.number.desc()).limit(1)
