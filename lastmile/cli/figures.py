"""`lastmile report`, `explain`, `layout`: the annual figures and the events behind them."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from lastmile.cli.opened import reporting

Station = Annotated[str, typer.Option(help="Nine digits for a station; six for all stations of a district.")]
Year = Annotated[int, typer.Option(help="The calendar year.")]
AsOf = Annotated[str | None, typer.Option(help="Count what was true up to this date, YYYY-MM-DD.")]
KnownAt = Annotated[str | None, typer.Option(help="Count what was recorded up to this instant, ISO 8601.")]
Layout = Annotated[str | None, typer.Option(help="A registered layout, or `standard` for all figures.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, in a shape kept stable.")]


def register(app: typer.Typer) -> None:
    app.command()(report)
    app.command()(explain)
    app.command()(layout)


def report(
    station: Station,
    year: Year,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    layout: Layout = None,
    json: Json = False,
) -> None:
    """Compute the annual report from the event log."""
    with reporting() as service:
        made = service.report(station, year, as_of=_day(as_of), known_at=_instant(known_at), layout=layout)
    if json:
        print_json(made)
    else:
        from lastmile.cli.tables import print_report

        print_report(made)


def explain(
    key: Annotated[str, typer.Argument(help="The key of a line, as `lastmile report` shows it.")],
    station: Station,
    year: Year,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    layout: Layout = None,
    json: Json = False,
) -> None:
    """List the very events that make a line of the report, with their weights."""
    with reporting() as service:
        made = service.explain(key, station, year, as_of=_day(as_of), known_at=_instant(known_at), layout=layout)
    if json:
        print_json(made)
    else:
        from lastmile.cli.tables import print_explanation

        print_explanation(made)


def layout(
    station: Station,
    file: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The layout, TOML.")],
) -> None:
    """Register a report layout for a station; the newest one is what `report` shows."""
    with reporting() as service:
        name = service.register_layout(station, file.read_text())
    typer.echo(f"layout {name} is registered for station {station}", err=True)


def print_json(value: Any) -> None:
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date: YYYY-MM-DD", param_hint="--as-of") from None


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not an instant: 2017-11-30T18:00:00+08:00", param_hint="--known-at"
        ) from None
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} lacks its time zone: 2017-11-30T18:00:00+08:00", param_hint="--known-at")
    return moment
