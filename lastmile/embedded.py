"""All services of a station in one process, called directly, followers pulling, SQLite files under the home."""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from lastmile.composition import Composition
from lastmile.kernel.domain.entry import station_of
from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from lastmile.kernel.store.checkpoints import HistoryChanged
from lastmile.kernel.store.following import Source
from lastmile.kernel.store.service import Service
from lastmile.kernel.wire.calls import DirectCalls
from lastmile.settings import LOG_SERVICES, Settings

OPERATOR_TOKEN_HOURS = 1

logger = structlog.get_logger()


class Embedded:
    """A home, opened: its databases migrated, its services ready to be called."""

    def __init__(self, settings: Settings) -> None:
        self.composition = Composition(settings)
        self.home = self.composition.home
        self.composition.migrate()
        self.reporting = self.composition.reporting()
        services = {name: self.composition.service(name) for name in LOG_SERVICES}
        self.services: Mapping[str, Service] = {**services, "reporting": self.reporting}
        self.sources: Mapping[str, Source] = {name: self.services[name] for name in LOG_SERVICES}
        self.calls = DirectCalls(self.services, self.composition.gatekeeper())
        for service in self.services.values():
            service.replay_erasures(self.sources)

    def open_station(self, station: str) -> bool:
        """Make the station's logs. True if they were not there."""
        made = [self.services[name].open_station(station) for name in LOG_SERVICES]
        return any(made)

    def stations(self) -> list[str]:
        """The codes of the stations of this home."""
        return [station_of(end.log) for end in self.services["access"].ends()]

    def latest_year(self) -> int:
        """The year that the home's clock shows."""
        return self.services["access"].today().year

    def settle(self) -> int:
        """Let followers pull until nothing is new, then sign checkpoints. Answers how many entries were applied."""
        total = 0
        while applied := sum(service.catch_up(self.sources) for service in self.services.values()):
            total += applied
        for name in LOG_SERVICES:
            try:
                self.services[name].sign_checkpoints()
            except HistoryChanged as error:  # Work goes on; `lastmile verify` shows it until it is mended.
                logger.warning("not signed", service=name, why=str(error))
        return total

    def operator_token(self, station: str) -> str:
        return operator_token(self.composition, station)

    def close(self) -> None:
        for service in self.services.values():
            service.database.close()
            service.resources.keystore.database.close()


def operator_token(composition: Composition, station: str) -> str:
    """An identity for whoever holds the home's keys: good for setting up, not for a station's work."""
    expires_at = composition.home.clock() + timedelta(hours=OPERATOR_TOKEN_HOURS)
    identity = Identity("operator", Role.OPERATOR, station, expires_at.isoformat())
    return sign_identity(identity, composition.home.identity_key())
