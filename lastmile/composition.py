"""Putting services together from settings: the one place that knows which parts belong to which."""

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lastmile.home import Home
from lastmile.kernel.domain.checkpoint import Verifier
from lastmile.kernel.domain.entry import service_of
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.following import Source
from lastmile.kernel.store.keystore import Keystore
from lastmile.kernel.store.migrating import KEYSTORE_MIGRATIONS, check_shape, upgrade
from lastmile.kernel.store.service import Definition, Resources, Service
from lastmile.kernel.wire.calls import Gatekeeper, HttpCalls, HttpSource
from lastmile.settings import LOG_SERVICES, SERVICES, Settings

if TYPE_CHECKING:
    from services.reporting.api import Reporting


def definition_of(name: str) -> Definition:
    """The definition of a service, imported only when asked for."""
    found: Definition = getattr(importlib.import_module(f"services.{name}.api"), name.upper())
    return found


class Composition:
    """The services of one home and its settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.home = settings, Home(settings.home)
        self.master = self.home.master_key(settings.master_key)
        self._opened: dict[str, Database] = {}
        self.neighbour_secret = self.master.blind("neighbours", "lastmile")
        self.gateway_token = self.master.blind("gateway", "lastmile")
        self.gateway_secret = self.master.blind("console", "lastmile").encode()

    def opened(self, url: str) -> Database:
        """A database for looking into, opened once."""
        if url not in self._opened:
            self._opened[url] = Database(url)
        return self._opened[url]

    def database_url(self, name: str) -> str:
        return self.settings.database_urls.get(name) or f"sqlite:///{self.home.path / name}.db"

    def keystore_url(self, name: str) -> str:
        return self.settings.keystore_urls.get(name) or f"sqlite:///{self.home.path / name}-keys.db"

    def migrate(self, names: tuple[str, ...] = SERVICES) -> None:
        """Bring the databases of these services to the shape this program knows."""
        for name in names:
            upgrade(Database(self.database_url(name), pooled=False), definition_of(name).migrations)
            if name in LOG_SERVICES:
                upgrade(Database(self.keystore_url(name), pooled=False), KEYSTORE_MIGRATIONS)

    def service(self, name: str) -> Service:
        """A service with its databases, checked to have the right shape."""
        if name == "reporting":
            return self.reporting()
        definition = definition_of(name)
        return Service(definition, self._resources(name, definition))

    def reporting(self, *, pooled: bool = True) -> "Reporting":
        """Reporting, which beside its database has an archive."""
        from services.reporting.api import REPORTING, Reporting

        return Reporting(
            REPORTING, self._resources("reporting", REPORTING, pooled=pooled), archive=self.settings.archive
        )

    def _resources(self, name: str, definition: Definition, *, pooled: bool = True) -> Resources:
        database = Database(self.database_url(name), pooled=pooled)
        check_shape(database, definition.migrations, has_log=name in LOG_SERVICES)
        keystore = Keystore(database, self.master)
        if name in LOG_SERVICES:
            keystore = Keystore(Database(self.keystore_url(name)), self.master)
            check_shape(keystore.database, KEYSTORE_MIGRATIONS, has_log=False)
        return Resources(
            database=database,
            keystore=keystore,
            log_keys=LogKeys(self.home.keys / name),
            clock=self.home.clock,
            identity_key=self.home.identity_key() if name == "access" else None,
        )

    def verifiers(self, service: str) -> dict[str, Verifier]:
        """The pinned public keys of the logs of a service, by the log's name."""
        return LogKeys(self.home.keys / service).verifiers()

    def verifier(self, log: str) -> Verifier:
        """The pinned public key of a log."""
        found = self.verifiers(service_of(log))
        if log not in found:
            raise NotFound(f"no public key of the log {log} is in {self.home.keys}", log=log)
        return found[log]

    def gatekeeper(self) -> Gatekeeper:
        return Gatekeeper(self.home.identity_public_key(), self.home.clock, self.gateway_token)

    def http_calls(self) -> HttpCalls:
        return HttpCalls(self.settings.service_urls)

    def sources(self) -> Mapping[str, Source]:
        """The owners of logs in other processes."""
        urls = self.settings.service_urls
        return {n: HttpSource(n, urls[n], self.neighbour_secret) for n in LOG_SERVICES if n in urls}
