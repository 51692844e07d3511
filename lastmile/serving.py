"""The console and REST, served to this machine, with all services in this process."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
import typer
from flask import Flask

from lastmile.cli.opened import embedded
from lastmile.demo import Demo, demo_of
from lastmile.embedded import Embedded
from lastmile.gateway_parts import gateway_app
from lastmile.kernel.wire.health import Health
from lastmile.listening import Listening
from lastmile.settings import read_settings

SETTLE_SECONDS, SEAL_SECONDS = 1.0, 60.0

logger = structlog.get_logger()


def serve() -> None:
    """Serve until interrupted."""
    host, port = read_settings().http_address
    with embedded() as home:
        home.settle()
        demo = demo_of(home.home)
        if demo is not None:
            demo.set_clock(demo.clock())
        with served(home, host, port) as running:
            typer.echo(f"{running.url}/  (Ctrl-C ends it)", err=True)
            if demo is not None:
                show_accounts(demo)
            _until_interrupted()


@dataclass(frozen=True)
class Served:
    """A gateway that answers."""

    url: str
    app: Flask


@contextmanager
def served(home: Embedded, host: str = "127.0.0.1", port: int = 0) -> Iterator[Served]:
    """The gateway over this home, answering in threads of this process until the block ends."""
    app = make_app(home)
    server = Listening(app, host, port)
    stopped = threading.Event()
    working = [
        threading.Thread(target=server.run, daemon=True),
        threading.Thread(target=_keep_doing, args=(home.settle, SETTLE_SECONDS, stopped), daemon=True),
        threading.Thread(target=_keep_doing, args=(home.reporting.seal, SEAL_SECONDS, stopped), daemon=True),
    ]
    for thread in working:
        thread.start()
    try:
        yield Served(server.url, app)
    finally:
        stopped.set()
        server.end()
        for thread in working:
            thread.join(timeout=10)


def make_app(home: Embedded) -> Flask:
    """The WSGI application over services in this process."""
    demo = demo_of(home.home)
    return gateway_app(home.composition, home.calls, home.stations, partial(_standing, home), demo)


def show_accounts(demo: Demo) -> None:
    """Who can sign in to the demo, a line each."""
    accounts = demo.accounts()
    if not accounts:
        return
    typer.echo(f"\nA demo: it is {demo.clock():%Y-%m-%d} in it, and everybody is invented. Sign in as", err=True)
    for account in accounts:
        second = " + code" if account["code"] else ""
        typer.echo(
            f"  {account['role']:<17} {account['account_name']:<18} {account['password']}{second}  {account['name']}",
            err=True,
        )
    if any(account["code"] for account in accounts):
        typer.echo("The code changes every half minute; the page that asks for it shows it here.", err=True)
    for system in demo.systems():
        typer.echo(f"Over REST, as a system within {system.scopes}:", err=True)
        typer.echo(f"  {system.role:<17} {system.client_id:<18} {system.client_secret}  {system.name}", err=True)


def _standing(home: Embedded) -> Mapping[str, Mapping[str, Any]]:
    return {name: Health(service).readiness() for name, service in home.services.items()}


def _keep_doing(work: Callable[[], object], pause_seconds: float, stopped: threading.Event) -> None:
    """What goes on beside people's work: following, and sealing what is full. What fails is tried again."""
    while True:
        try:
            work()
        except Exception:
            logger.exception("failed", what=work.__name__)
        if stopped.wait(pause_seconds):
            return


def _until_interrupted() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return
