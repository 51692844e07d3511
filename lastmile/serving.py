"""The console, served to this machine, with all services in this process."""

import threading

import typer
import waitress

from lastmile.cli.opened import embedded
from lastmile.embedded import Embedded
from lastmile.settings import read_settings
from services.gateway.console import make_console

SETTLE_SECONDS = 1.0
THREADS = 4


def serve_console() -> None:
    """Serve until interrupted. Followers go on pulling in a thread of their own."""
    host, port = read_settings().http_address
    with embedded() as home:
        home.settle()
        app = make_console(home.calls, home.operator_token, home.stations(), home.latest_year(), demo=home.home.is_demo)
        stopped = threading.Event()
        settling = threading.Thread(target=_keep_settling, args=(home, stopped), daemon=True)
        settling.start()
        typer.echo(f"http://{host}:{port}/  (Ctrl-C ends it)", err=True)
        try:
            waitress.serve(app, host=host, port=port, threads=THREADS, ident=None)
        finally:
            stopped.set()
            settling.join(timeout=10)


def _keep_settling(home: Embedded, stopped: threading.Event) -> None:
    while not stopped.wait(SETTLE_SECONDS):
        home.settle()
