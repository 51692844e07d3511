"""`lastmile service`, `gateway`, `serve`: processes that stay."""

import os
import sys
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(service)
    app.command()(gateway)
    app.command()(serve)


def service(
    name: Annotated[str, typer.Argument(help="access, membership, activities, relief or reporting.")],
) -> None:
    """Run one service as a process: HTTP, news from RabbitMQ, pulling, checkpoints."""
    os.execv(sys.executable, [sys.executable, "-m", "lastmile.process", name])


def gateway() -> None:
    """Run the gateway as a process: console and REST, over services that run as processes."""
    from lastmile.gateway import serve_gateway

    serve_gateway()


def serve() -> None:
    """Show the console in the browser and answer REST, all services in this process."""
    from lastmile.serving import serve as serve_here

    serve_here()
