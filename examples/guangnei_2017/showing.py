"""How the year and its report look in a terminal 100 columns wide."""

from collections.abc import Sequence
from decimal import Decimal

from rich import box
from rich.console import Console
from rich.table import Table

from examples.guangnei_2017.published import SIGNS, Compared

NARROWEST = 100
HEADINGS = {
    "station": ("辖区与队伍", "station"),
    "membership": ("组织与会员", "membership"),
    "honours": ("劳模与荣誉", "honours"),
    "training": ("培训", "training"),
    "activities": ("活动与服务", "activities"),
    "consolation": ("节日慰问", "consolation"),
    "relief": ("帮扶", "relief"),
}


def report_table(compared: Sequence[Compared], title: str) -> Table:
    """Every line with the reported and the published value, what it rests on, and whether they agree."""
    table = Table(
        title=title,
        title_justify="left",
        header_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column("指标", no_wrap=True, min_width=26)
    table.add_column("figure", style="dim", ratio=1)
    table.add_column("计算\nreported", justify="right", no_wrap=True, min_width=11)
    table.add_column("", justify="center", no_wrap=True, min_width=1)
    table.add_column("公布\npublished", justify="right", no_wrap=True, min_width=11)
    table.add_column("依据\nbasis", style="dim", no_wrap=True, min_width=7)
    table.add_column("", no_wrap=True, min_width=1)
    section = ""
    for one in compared:
        if (heading := one.line.key.partition(".")[0]) != section:
            section = heading
            zh, en = HEADINGS.get(section, ("", section))
            table.add_section()
            table.add_row(f"[bold]{zh}[/bold]", f"[bold]{en}[/bold]")
        line = one.line
        reported = "—" if one.reported is None else amount(one.reported, line.unit)
        table.add_row(
            line.label_zh,
            line.label_en,
            reported if one.agrees else f"[bold red]{reported}[/bold red]",
            f"[dim]{SIGNS[line.compare]}[/dim]",
            amount(line.value, line.unit),
            line.basis,
            "[green]✓[/green]" if one.agrees else "[bold red]✗[/bold red]",
        )
    return table


def amount(value: Decimal, unit: str) -> str:
    """The value as people read it: money in yuan, years without separators."""
    if unit == "fen":
        return f"¥{value / 100:,.2f}"
    if unit == "percent":
        return f"{value:.2f}%"
    return f"{value}" if unit == "year" else f"{value:,}"


def console(stderr: bool = False) -> Console:
    """A console that is never narrower than the table needs when nobody says how wide it is."""
    made = Console(stderr=stderr, highlight=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=max(made.width, NARROWEST))
