"""How figures, explanations and verifications look in a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lastmile.cli.verification import Outcome
from lastmile.kernel.store.verifying import cannot_know

ROOT_DIGITS_SHOWN = 16


WIDTH_WITHOUT_TERMINAL = 120


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH_WITHOUT_TERMINAL)


def shown(value: Any, unit: str) -> str:
    """A value as people read it: thousands apart, years not."""
    if value is None:
        return "—"
    return f"{value:,}" if isinstance(value, int) and unit != "year" else str(value)


def print_report(report: Mapping[str, Any]) -> None:
    table = Table(title=f"{report['station']}  {report['year']} 年", title_justify="left", header_style="bold")
    table.add_column("指标 / figure")
    table.add_column("数值", justify="right")
    table.add_column("单位")
    table.add_column("key", style="dim", overflow="fold")
    for figure in report["figures"]:
        value = shown(figure["value"], figure["unit"])
        table.add_row(figure.get("label_zh", ""), value, figure["unit"], figure["key"])
    console = _console()
    console.print(table)
    for log in report["logs"]:
        console.print(f"[dim]{log['log']} 至 {log['position']:,}, root {log['root'][:ROOT_DIGITS_SHOWN]}…[/dim]")


def print_explanation(explanation: Mapping[str, Any]) -> None:
    console = _console()
    console.print(f"[bold]{explanation['key']}[/bold] = {explanation['value']}")
    for part in ("numerator", "denominator"):
        if part in explanation:
            console.print(f"{part}:")
            print_explanation(explanation[part])
    if explanation["events"]:
        table = Table(header_style="bold")
        for heading in ("occurred on", "recorded at", "event", "log", "position", "weight"):
            table.add_column(heading, justify="right" if heading in ("position", "weight") else "left")
        for event in explanation["events"]:
            table.add_row(
                event["occurred_on"],
                event["recorded_at"][:19],
                event["type"],
                event["log"],
                str(event["position"]),
                f"{event['weight']:+,}",
            )
        console.print(table)


def print_verification(outcome: Outcome) -> None:
    console = _console()
    for log in outcome.logs:
        console.print(f"{'[green]✓[/green]' if log.holds else '[red]✗[/red]'} {escape(log.summary())}")
        for finding in log.findings:
            console.print(f"    [red]{escape(f'{finding.log} {finding.position}: {finding.what}')}[/red]")
    if outcome.logs:
        console.print(f"[dim]{cannot_know(outcome.logs)}[/dim]")
    if outcome.journal:
        console.print("[red]✗[/red] the journal differs from the services' logs")
        for line in outcome.journal:
            console.print(f"    [red]{escape(line)}[/red]")
    else:
        console.print("[green]✓[/green] the journal equals the services' logs")
