"""One service as a process of its own, under nameko."""

import importlib
import logging
import sys
from collections.abc import Callable
from typing import Any

import structlog

from lastmile.composition import Composition
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.following import Source
from lastmile.kernel.wire.door import Door
from lastmile.kernel.wire.health import Health
from lastmile.kernel.wire.host import Hosted, run
from lastmile.kernel.wire.together import Together
from lastmile.settings import SERVICES, read_settings


def host(name: str) -> None:
    """Run the service `name` until the process is told to stop. The caller has made the process green."""
    if name not in SERVICES:
        raise NotFound(f"no service {name!r}: one of {', '.join(SERVICES)}", service=name)
    _log_as_json()
    settings = read_settings()
    parts = Composition(settings)
    service = parts.service(name)
    own: dict[str, Source] = {name: service} if service.definition.handlers.handled else {}
    health = Health(service)
    hosted = Hosted(
        service=service,
        door=Door(service, parts.gatekeeper(), parts.neighbour_secret, health, Together(service.commands).execute),
        health=health,
        sources={**parts.sources(), **own},
        amqp_uri=settings.amqp_uri,
        pull_seconds=settings.pull_seconds,
        chores=_chores(service),
    )
    shell = getattr(importlib.import_module(f"services.{name}.service"), f"{name.capitalize()}Service")
    run(shell, hosted, settings.http_address)


def _chores(service: Any) -> list[Callable[[], Any]]:
    """Sealing, for reporting: in a thread of its own, since it computes for longer than a heartbeat."""
    if service.name != "reporting":
        return []
    from eventlet import tpool

    return [lambda: tpool.execute(service.seal)]


def _log_as_json() -> None:
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
