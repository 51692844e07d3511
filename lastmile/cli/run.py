"""`lastmile service`, `serve`: processes that stay."""

import os
import sys
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(service)
    app.command()(serve)


def service(
    name: Annotated[str, typer.Argument(help="access, membership, activities, relief or reporting.")],
) -> None:
    """Run one service as a process: HTTP, news from RabbitMQ, pulling, checkpoints."""
    os.execv(sys.executable, [sys.executable, "-m", "lastmile.process", name])


def serve() -> None:
    """Show the station's report in the browser, all services in this process."""
    from lastmile.serving import serve_console

    serve_console()
