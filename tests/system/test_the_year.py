"""The year 2017 through the services: the report is the published one, however it is made."""

import io
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from examples.guangnei_2017 import __main__ as demo
from examples.guangnei_2017.grounds import Ground, embedded_ground, fresh_home, server_ground
from examples.guangnei_2017.plan import Plan, read_plan
from examples.guangnei_2017.published import compare, published_lines
from lastmile.embedded import Embedded
from lastmile.home import Home
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.migrating import upgrade
from services.reporting.api import REPORTING, Reporting
from tests.example.recount import Recount
from tests.prepared import copied

STATION, DISTRICT = "110102017", "110102"
REPORTED_ON = date(2017, 10, 31)
IN_NOVEMBER = datetime(2017, 11, 15, 16, tzinfo=UTC)
"""Midnight at the station after the half month whose reactions have settled."""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan()


@pytest.fixture(scope="module")
def year(year_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """The year, carried through once for all tests; these have a copy of it."""
    with embedded_ground(Home(copied(year_home, tmp_path_factory.mktemp("year") / "home"))) as ground:
        assert isinstance(ground, Embedded)
        ground.settle()  # The demo's accounts were opened last.
        yield ground


def values(report: dict[str, Any]) -> dict[str, Any]:
    return {figure["key"]: figure["value"] for figure in report["figures"]}


def as_decimals(found: dict[str, Any]) -> dict[str, Decimal | None]:
    return {key: None if value is None else Decimal(str(value)) for key, value in found.items()}


def test_every_line_agrees_with_the_published_figures(year: Embedded) -> None:
    report = year.reporting.report(STATION, 2017, as_of=REPORTED_ON)
    assert [one.line.key for one in compare(values(report), published_lines()) if not one.agrees] == []


@pytest.mark.parametrize(
    "as_of", [date(2017, 1, 31), date(2017, 5, 31), date(2017, 8, 15), REPORTED_ON, date(2017, 12, 31)]
)
@pytest.mark.parametrize("known_at", [None, IN_NOVEMBER])
def test_the_report_equals_an_independent_recount_of_the_plan(
    year: Embedded, plan: Plan, as_of: date, known_at: datetime | None
) -> None:
    report = year.reporting.report(STATION, 2017, as_of=as_of, known_at=known_at)
    recounted = Recount(plan.acts, STATION, as_of, known_at).every_line()
    assert as_decimals(values(report)) == as_decimals(recounted)


def test_what_was_learnt_late_makes_a_difference(year: Embedded) -> None:
    now = values(year.reporting.report(STATION, 2017, as_of=REPORTED_ON))
    before = values(year.reporting.report(STATION, 2017, as_of=REPORTED_ON, known_at=IN_NOVEMBER))
    assert now != before


def anew(year: Embedded, directory: Path, **more: Any) -> Reporting:
    """A reporting with an empty database that follows every log from its first entry."""
    resources = replace(year.reporting.resources, database=Database(f"sqlite:///{directory / 'anew.db'}"))
    upgrade(resources.database, REPORTING.migrations)
    made = Reporting(REPORTING, resources, archive=directory / "archive", **more)
    made.register_layout(STATION, demo.LAYOUT.read_text("utf-8"))
    made.catch_up(year.sources)
    return made


def test_a_report_from_an_empty_database_after_following_from_zero_is_the_same(year: Embedded, tmp_path: Path) -> None:
    made = anew(year, tmp_path)
    for as_of in (REPORTED_ON, None):
        assert made.report(STATION, 2017, as_of=as_of) == year.reporting.report(STATION, 2017, as_of=as_of)


def test_a_report_from_sealed_segments_is_the_same(year: Embedded, tmp_path: Path) -> None:
    made = anew(year, tmp_path, segment_size=512)
    assert made.seal() > 20
    for known_at in (None, IN_NOVEMBER):
        asked = {"as_of": REPORTED_ON, "known_at": known_at}
        assert made.report(STATION, 2017, **asked) == year.reporting.report(STATION, 2017, **asked)
    assert made.check_journal(year.sources) == []


def lines() -> list[str]:
    return [line["key"] for line in tomllib.loads(demo.LAYOUT.read_text("utf-8"))["lines"]]


@pytest.mark.parametrize("key", lines())
def test_every_line_opens_to_events_that_make_it(year: Embedded, key: str) -> None:
    shown = values(year.reporting.report(STATION, 2017, as_of=REPORTED_ON))[key]
    explained = year.reporting.explain(key, STATION, 2017, as_of=REPORTED_ON)
    assert explained["value"] == shown
    parts = [explained[part] for part in ("numerator", "denominator") if part in explained] or [explained]
    for part in parts:
        assert part["events"], key
        whole = Decimal(str(part["value"])) * part.get("scale", 1)
        assert sum(event["weight"] for event in part["events"]) == whole


def test_the_district_is_the_sum_of_its_stations_and_transfers_balance(year: Embedded) -> None:
    year.reporting.register_layout(DISTRICT, demo.LAYOUT.read_text("utf-8"))
    stations = [values(year.reporting.report(code, 2017, layout="standard")) for code in year.stations()]
    district = values(year.reporting.report(DISTRICT, 2017, layout="standard"))
    for key in ("members", "unions", "card_swipes", "members_moved_in", "members_gone", "goods_handed_out"):
        assert district[key] == sum(station[key] for station in stations), key
    assert all(station["members_moved_in"] > 0 for station in stations)


def test_one_amount_changed_by_one_fen_fails_the_demo_and_names_the_line(plan: Plan, tmp_path: Path) -> None:
    changed = one_fen_more(plan)
    said = io.StringIO()
    with embedded_ground(fresh_home(tmp_path / "home")) as ground:
        assert demo.run(changed, ground, Console(file=said, width=200), Console(file=said, width=200)) == demo.FAILED
    problems = [line for line in said.getvalue().splitlines() if line.startswith("✗")]
    named = {line.split()[1].rstrip(":") for line in problems}
    assert named == {"relief.warmth_fen", "relief.total_fen"}


def one_fen_more(plan: Plan) -> Plan:
    """The plan with one fen more asked for in the last application of the station that is paid."""
    paid = {act.body["application_id"] for act in plan.acts if act.name == "BookBankReturn" and act.when.month < 10}
    returned = {act.body["application_id"] for act in plan.acts if act.name == "ResubmitApplication"}
    asked = [
        index
        for index, act in enumerate(plan.acts)
        if act.name == "Apply" and act.station == STATION and act.body["application_id"] in paid - returned
    ]
    acts = list(plan.acts)
    act = acts[asked[-1]]
    acts[asked[-1]] = replace(act, body={**act.body, "amount_fen": act.body["amount_fen"] + 1})
    return replace(plan, acts=acts)


def test_the_year_through_processes_rabbitmq_and_postgresql_gives_the_same_report(
    year: Embedded, plan: Plan, tmp_path: Path
) -> None:
    said = io.StringIO()
    with server_ground(fresh_home(tmp_path / "home")) as ground:
        assert demo.run(plan, ground, Console(file=said), Console(file=said)) == demo.OK, said.getvalue()
        assert report_of(ground) == report_of(year)


def report_of(ground: Ground) -> dict[str, Any]:
    return demo.report(ground, STATION)
