"""Where followers stopped and which reactions were refused, over all databases of a home."""

from typing import Any

from sqlalchemy import select

from lastmile.composition import Composition
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.following import stops
from lastmile.kernel.store.listening import refused_reactions
from lastmile.settings import LOG_SERVICES, SERVICES


def standing(parts: Composition) -> dict[str, list[dict[str, Any]]]:
    """`{"stops": [...], "refused_reactions": [...]}`, each row with its service."""
    found: dict[str, list[dict[str, Any]]] = {"stops": [], "refused_reactions": []}
    for service in SERVICES:
        urls = [parts.database_url(service)]
        if service in LOG_SERVICES:
            urls.append(parts.keystore_url(service))
        for url in urls:
            with Database(url, pooled=False).read() as connection:
                found["stops"] += [{"service": service, **vars(stop)} for stop in stops(connection)]
                if url == urls[0]:
                    rows = connection.execute(select(refused_reactions)).mappings()
                    found["refused_reactions"] += [{"service": service, **row} for row in rows]
    return found
