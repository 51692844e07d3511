"""`lastmile init`, `migrate`, `stops`, `replay`: setting a station up and keeping it going."""

from typing import Annotated

import typer

from lastmile.cli.figures import Json, print_json
from lastmile.cli.opened import composition, embedded


def register(app: typer.Typer) -> None:
    for command in (init, migrate, stops, replay):
        app.command()(command)


def init(
    station: Annotated[str, typer.Option(help="The station's code: nine digits.")],
    name: Annotated[str, typer.Option(help="The name of its first administrator.")],
) -> None:
    """Make an empty station with its keys and its first administrator, who can sign in once with what is printed."""
    from lastmile.station import make_station

    with embedded() as home:
        made = make_station(home, station, name)
    typer.echo(
        f"station {station} is in {home.home.path}; its first administrator is person {made.person_id}", err=True
    )
    typer.echo(f"Sign in once as  {made.account_name}  with  {made.first_password}  and choose a password.", err=True)
    typer.echo(f"Keep {home.home.keys} safe, and a copy of it elsewhere: without it nothing can be read.", err=True)


def migrate() -> None:
    """Bring the databases to the shape this program knows."""
    composition().migrate()
    typer.echo("every database has the shape of this program", err=True)


def stops(json: Json = False) -> None:
    """List the logs at which a follower stopped, and the reactions that were refused."""
    from lastmile.standing import standing

    found = standing(composition())
    if json:
        print_json(found)
        return
    for stop in found["stops"]:
        typer.echo(
            f"{stop['service']}.{stop['follower']} stopped at {stop['log']} {stop['position']}: {stop['because']}"
        )
    for refused in found["refused_reactions"]:
        typer.echo(
            f"{refused['service']} {refused['reaction']} at {refused['log']} {refused['position']}: {refused['detail']}"
        )


def replay(
    service: Annotated[str, typer.Option(help="The service whose follower stopped.")],
    follower: Annotated[str, typer.Option(help="The follower, as `lastmile stops` names it.")],
    log: Annotated[str, typer.Option(help="The log, as `lastmile stops` names it.")],
) -> None:
    """Clear a stop, so that the follower goes on behind what it applied."""
    from lastmile.kernel.domain.failures import NotFound

    found = {f.name: f for f in composition().service(service).followers}
    if follower not in found:
        raise NotFound(f"{service} has no follower {follower}: one of {', '.join(found)}")
    found[follower].replay(log)
    typer.echo(f"{service}.{follower} goes on with {log} at its next pull", err=True)
