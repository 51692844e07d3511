"""Where followers stand over all databases of a home: how far behind, where stopped, what was refused."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from lastmile.composition import Composition, definition_of
from lastmile.kernel.domain.entry import service_of
from lastmile.kernel.store.following import cursors, stops
from lastmile.kernel.store.listening import refused_reactions
from lastmile.kernel.store.log import ends
from lastmile.settings import LOG_SERVICES, SERVICES


def standing(parts: Composition) -> dict[str, list[dict[str, Any]]]:
    """`{"stops": [...], "refused_reactions": [...]}`, each row with its service."""
    found: dict[str, list[dict[str, Any]]] = {"stops": [], "refused_reactions": []}
    for service, url in _databases(parts):
        with parts.opened(url).read() as connection:
            found["stops"] += [{"service": service, **vars(stop)} for stop in stops(connection)]
            if url == parts.database_url(service):
                rows = connection.execute(select(refused_reactions)).mappings()
                found["refused_reactions"] += [{"service": service, **row} for row in rows]
    return found


def entries_behind(parts: Composition) -> int:
    """How many entries are recorded and not yet applied, over all followers that have begun."""
    recorded: dict[str, int] = {}
    for service in LOG_SERVICES:
        with parts.opened(parts.database_url(service)).read() as connection:
            recorded |= {end.log: end.position for end in ends(connection)}
    behind = 0
    for service, url in _databases(parts):
        with parts.opened(url).read() as connection:
            applied = {(row.follower, row.log): row.position for row in connection.execute(select(cursors))}
        is_keystore = url != parts.database_url(service)
        for follower, services in definition_of(service).follows.items():
            if (follower == "erasures") is is_keystore:
                followed = (log for log in recorded if service_of(log) in services)
                behind += sum(recorded[log] - applied.get((follower, log), 0) for log in followed)
    return behind


def _databases(parts: Composition) -> Iterator[tuple[str, str]]:
    for service in SERVICES:
        yield service, parts.database_url(service)
        if service in LOG_SERVICES:
            yield service, parts.keystore_url(service)
