"""How a running service fares: what it needs, how far its followers are behind, what it stopped at."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from lastmile.kernel.domain.failures import Unavailable
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.following import Stop, stops
from lastmile.kernel.store.listening import refused_reactions
from lastmile.kernel.store.service import Service


@dataclass
class Health:
    """The service's own account of itself."""

    service: Service
    broker: Callable[[], str] = lambda: "not used"
    counts: Counter[str] = field(default_factory=Counter)
    """Messages published, returned, taken and dead-lettered since the start."""

    def readiness(self) -> dict[str, Any]:
        """Ready when the database answers and the key store is open, which waits for erasures that it may have missed.

        The broker may be away; stops and lag are told, they do not unready.
        """
        try:
            stopped = [vars(stop) for database in self._databases() for stop in _stops_in(database)]
            with self.service.database.read() as connection:
                refused = connection.execute(select(func.count()).select_from(refused_reactions)).scalar_one()
        except Unavailable as error:
            return {"service": self.service.name, "ready": False, "database": str(error)}
        return {
            "service": self.service.name,
            "ready": self.service.resources.keystore.erasures_replayed,
            "database": "there",
            "broker": self.broker(),
            "lag": {follower.name: follower.lag() for follower in self.service.followers},
            "stops": stopped,
            "refused_reactions": refused,
            "counts": dict(self.counts),
        }

    def _databases(self) -> list[Database]:
        """The service's own, and where else its followers keep their cursors: the key store."""
        followed = {id(follower.database): follower.database for follower in self.service.followers}
        return list({id(self.service.database): self.service.database, **followed}.values())

    def metrics(self) -> bytes:
        """The same in the Prometheus text format."""
        registry, told = CollectorRegistry(), self.readiness()
        ready = Gauge("lastmile_ready", "1 if the service can take commands", ["service"], registry=registry)
        ready.labels(self.service.name).set(told["ready"])
        lag = Gauge("lastmile_lag_entries", "Entries known and not applied", ["service", "follower"], registry=registry)
        for follower, entries in told.get("lag", {}).items():
            lag.labels(self.service.name, follower).set(entries)
        stopped = Gauge("lastmile_stops", "Logs at which a follower stopped", ["service"], registry=registry)
        stopped.labels(self.service.name).set(len(told.get("stops", ())))
        messages = Gauge("lastmile_messages", "Messages since the start", ["service", "what"], registry=registry)
        for what, count in self.counts.items():
            messages.labels(self.service.name, what).set(count)
        return generate_latest(registry)


def _stops_in(database: Database) -> list[Stop]:
    with database.read() as connection:
        return stops(connection)
