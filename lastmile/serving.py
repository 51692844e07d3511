"""The console, served to this machine, with all services in this process."""

import threading

import typer
import waitress

from lastmile.catalogue import catalogue
from lastmile.cli.opened import embedded
from lastmile.embedded import Embedded
from lastmile.settings import read_settings
from services.gateway.app import make_gateway
from services.gateway.parts import Gateway

SETTLE_SECONDS = 1.0
THREADS = 4


def serve_console() -> None:
    """Serve until interrupted. Followers go on pulling in a thread of their own."""
    host, port = read_settings().http_address
    with embedded() as home:
        home.settle()
        app = make_gateway(_parts(home))
        stopped = threading.Event()
        settling = threading.Thread(target=_keep_settling, args=(home, stopped), daemon=True)
        settling.start()
        typer.echo(f"http://{host}:{port}/  (Ctrl-C ends it)", err=True)
        try:
            waitress.serve(app, host=host, port=port, threads=THREADS, ident=None)
        finally:
            stopped.set()
            settling.join(timeout=10)


def _parts(home: Embedded) -> Gateway:
    composition = home.composition
    return Gateway(
        calls=home.calls,
        token=composition.gateway_token,
        catalogue=catalogue(),
        secret=composition.master.blind("console", "lastmile").encode(),
        stations=home.stations,
        clock=home.home.clock,
    )


def _keep_settling(home: Embedded, stopped: threading.Event) -> None:
    while not stopped.wait(SETTLE_SECONDS):
        home.settle()
