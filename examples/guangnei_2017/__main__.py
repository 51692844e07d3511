"""`python -m examples.guangnei_2017`: carries the year through the services and compares the report.

Exits 0 only if every act came out as planned, every line agrees and every log verifies; 1 if not; 2 if the home
is not a demo's.
"""

import argparse
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.native import ProgramsMissing
from examples.guangnei_2017.accounts import open_accounts
from examples.guangnei_2017.driver import Driver
from examples.guangnei_2017.grounds import Ground, NotADemo, embedded_ground, fresh_home, server_ground
from examples.guangnei_2017.plan import Plan, read_plan
from examples.guangnei_2017.published import Compared, compare, published_lines
from examples.guangnei_2017.showing import amount, console, report_table
from lastmile.cli import exit_codes
from lastmile.cli.verification import verify_home
from lastmile.standing import standing

LAYOUT = Path(__file__).parent / "layout.toml"
YEAR, AS_OF = 2017, date(2017, 10, 31)
OK, FAILED, USAGE, AWAY = 0, 1, 2, 4
PROBLEMS_SHOWN = 20
PROCESSES_TO_VERIFY_WITH = 2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m examples.guangnei_2017", description=__doc__)
    default = Path(os.environ.get("LASTMILE_HOME") or "var")
    parser.add_argument("--home", type=Path, default=default, help="where the demo keeps its data (%(default)s)")
    parser.add_argument("--broker", choices=["rabbitmq"], help="run as separate processes with RabbitMQ and PostgreSQL")
    asked = parser.parse_args()
    out, err = console(), console(stderr=True)
    try:
        home = fresh_home(asked.home)
    except NotADemo as refusal:
        err.print(f"[red]{refusal}[/red]", soft_wrap=True)
        return USAGE
    try:
        with server_ground(home) if asked.broker else embedded_ground(home) as ground:
            return run(read_plan(), ground, out, err)
    except ProgramsMissing as missing:
        err.print(str(missing), markup=False, soft_wrap=True)
        return AWAY


def run(plan: Plan, ground: Ground, out: Console, err: Console) -> int:
    """The year, its report beside the published figures, and the logs verified."""
    driver, seconds = carry(plan, ground, err)
    open_accounts(plan, ground)
    station = plan.station
    compared = compare(report(ground, station.code), published_lines())
    out.print(report_table(compared, f"{station.name} {station.code}  {YEAR} 年报,截至 as of {AS_OF}"))
    verified = verify_home(ground.composition, (), PROCESSES_TO_VERIFY_WITH)
    problems = [str(unexpected) for unexpected in driver.unexpected]
    problems += [f"{what}: {row}" for what, rows in standing(ground.composition).items() for row in rows]
    problems += [_disagreement(one) for one in compared if not one.agrees]
    problems += [f"{log.log} does not verify" for log in verified.logs if not log.holds]
    problems += verified.journal
    out.print(
        f"{sum(one.agrees for one in compared)} of {len(compared)} lines agree; "
        f"{sum(log.holds for log in verified.logs)} of {len(verified.logs)} logs verify, "
        f"{sum(log.position for log in verified.logs):,} entries; "
        f"{len(plan.acts):,} acts in {seconds:.1f} s."
    )
    for problem in problems[:PROBLEMS_SHOWN]:
        err.print(f"✗ {problem}", style="red", markup=False, soft_wrap=True)
    if len(problems) > PROBLEMS_SHOWN:
        err.print(f"… and {len(problems) - PROBLEMS_SHOWN} more", style="red")
    return FAILED if problems else OK


def report(ground: Ground, station: str) -> dict[str, Any]:
    """The values of the station's annual report, by key, in the published layout."""
    ground.composition.reporting().register_layout(station, LAYOUT.read_text("utf-8"))
    asked = {"year": YEAR, "as_of": AS_OF.isoformat()}
    made = ground.calls.ask("reporting", station, "report", asked, ground.operator_token(station))
    return {figure["key"]: figure["value"] for figure in made["figures"]}


def carry(plan: Plan, ground: Ground, err: Console) -> tuple[Driver, float]:
    """The year with its progress shown, and how many seconds it took."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    began = time.perf_counter()
    with Progress(*columns, console=err) as progress:
        task = progress.add_task(str(YEAR), total=len(plan.acts))
        driver = Driver(plan, ground, lambda month, acts: progress.update(task, advance=acts, description=month))
        driver.carry()
    return driver, time.perf_counter() - began


def _disagreement(one: Compared) -> str:
    line = one.line
    reported = "nothing" if one.reported is None else amount(one.reported, line.unit)
    return f"{line.key}: reported {reported}, published {line.compare} {amount(line.value, line.unit)}"


if __name__ == "__main__":
    with exit_codes():
        sys.exit(main())
