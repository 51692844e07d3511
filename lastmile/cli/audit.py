"""`lastmile verify`, `events`, `export`, `proof`: the log, and the proof that nothing in it was changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastmile.cli.figures import Json, print_json
from lastmile.cli.opened import composition

if TYPE_CHECKING:
    from lastmile.composition import Composition
    from lastmile.kernel.store.database import Database

LogName = Annotated[str, typer.Option("--log", help="<station>/<service>, such as 110102017/membership.")]


def register(app: typer.Typer) -> None:
    for command in (verify, events, export, proof):
        app.command()(command)


def verify(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="A checkpoint you kept from earlier; may be repeated."),
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="Processes to check with.")] = 2,
    json: Json = False,
) -> None:
    """Check every log, every checkpoint, and that reporting's journal equals the services' logs."""
    from lastmile.cli.verification import verify_home

    kept = [note for path in checkpoint or () for note in _notes(path)]
    outcome = verify_home(composition(), kept, processes)
    if json:
        print_json(outcome.as_json())
    else:
        from lastmile.cli.tables import print_verification

        print_verification(outcome)
    if not outcome.holds:
        raise typer.Exit(1)


def _notes(path: Path) -> list[str]:
    from lastmile.cli.verification import notes_in

    try:
        return notes_in(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise typer.BadParameter(f"{path}: {error}", param_hint="--checkpoint") from None


def events(
    log: Annotated[str | None, typer.Option(help="<station>/<service>: print a whole log.")] = None,
    stream: Annotated[str | None, typer.Option(help="<station>/<kind>/<id>: print one stream.")] = None,
) -> None:
    """Print a log or a stream, one entry a line, just as it is stored."""
    from lastmile.kernel.domain.entry import log_name, station_of
    from lastmile.kernel.store.log import entries_after, streams

    if (log is None) == (stream is None):
        raise typer.BadParameter("give either --log or --stream")
    parts = composition()
    for service, database in _databases(parts, log.partition("/")[2] if log else None):
        with database.read() as connection:
            if stream is not None:
                of_service = log_name(station_of(stream), service)
                for entry in streams(connection, of_service, [stream]).get(stream, ()):
                    typer.echo(entry.to_bytes().decode())
            else:
                assert log is not None
                position = 0
                while found := entries_after(connection, log, position, 1_000):
                    typer.echo("\n".join(entry.decode() for entry in found))
                    position += len(found)


def export(
    log: LogName,
    to: Annotated[Path, typer.Option(help="A new directory for the evidence.")],
) -> None:
    """Write a log with its checkpoints and public key, to be checked offline with verifier/lastmile_verifier.py."""
    from lastmile.kernel.store.exporting import export_log

    parts = composition()
    ((_, database),) = _databases(parts, log.partition("/")[2])
    export_log(database, log, parts.verifier(log), to)
    typer.echo(f"{log} is in {to}", err=True)


def proof(
    log: LogName,
    position: Annotated[int, typer.Option(min=1, help="Which entry.")],
) -> None:
    """Print the proof that one entry stands in a log, against its newest checkpoint."""
    from lastmile.kernel.store.exporting import event_proof

    ((_, database),) = _databases(composition(), log.partition("/")[2])
    print_json(event_proof(database, log, position))


def _databases(parts: "Composition", service: str | None) -> "Iterator[tuple[str, Database]]":
    from lastmile.kernel.domain.failures import NotFound
    from lastmile.kernel.store.database import Database
    from lastmile.settings import LOG_SERVICES

    if service is not None and service not in LOG_SERVICES:
        raise NotFound(f"no service {service!r} keeps a log: one of {', '.join(LOG_SERVICES)}")
    for name in LOG_SERVICES if service is None else (service,):
        yield name, Database(parts.database_url(name), pooled=False)
