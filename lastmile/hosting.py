"""One service as a process of its own, under nameko."""

import importlib
import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from eventlet import tpool

from lastmile.composition import Composition
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store.following import Source
from lastmile.kernel.store.service import Service
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
    ask, chores = _in_a_thread(parts) if name == "reporting" else (service.ask, [])
    health = Health(service)
    if name != "reporting":
        _compute_aside(service)
    together = Together(service.commands)
    hosted = Hosted(
        service=service,
        door=Door(service, parts.gatekeeper(), parts.neighbour_secret, health, together.execute, ask),
        health=health,
        sources={**parts.sources(), **own},
        amqp_uri=settings.amqp_uri,
        pull_seconds=settings.pull_seconds,
        chores=chores,
    )
    shell = getattr(importlib.import_module(f"services.{name}.service"), f"{name.capitalize()}Service")
    run(shell, hosted, settings.http_address)


def _in_a_thread(parts: Composition) -> tuple[Callable[..., Any], list[Callable[[], Any]]]:
    """Reporting's questions and sealing, in one real thread: they compute for longer than a heartbeat.

    They use a database of their own without a pool, since a pool's locks are green.
    """
    reporting = parts.reporting(pooled=False)
    tpool.set_num_threads(1)
    return partial(tpool.execute, reporting.ask), [partial(tpool.execute, reporting.seal)]


def _compute_aside(service: Service) -> None:
    """What commands compute for long goes to real threads: two at a time, since a password takes 64 MiB."""
    tpool.set_num_threads(2)
    service.executor.work_place = replace(service.executor.work_place, aside=tpool.execute)


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
