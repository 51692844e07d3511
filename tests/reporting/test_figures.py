"""Figures on entries written by hand, against answers found by hand: every measure, flows and stocks."""

from datetime import date

import pytest

from services.reporting.api import Reporting
from tests.reporting.made import NEIGHBOUR, STATION, Logs, followed, lines, values
from tests.reporting.year import write_year


@pytest.fixture
def year(year_2017: Reporting) -> Reporting:
    return year_2017


def shown(year: Reporting, line: str, of: int = 2017, station: str = STATION, as_of: date | None = None) -> object:
    """The value of one line, written as TOML without its key."""
    year.register_layout(station, lines(f'{{ key = "it", {line} }}'))
    return values(year.report(station, of, as_of=as_of, layout="test"))["it"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param('figure = "members"', 4, id="a stock counts what came less what went, from the beginning"),
        pytest.param('figure = "members", period = "06"', 3, id="a stock stands at the end of its period"),
        pytest.param('figure = "members_joined"', 2, id="a flow counts within the year"),
        pytest.param('figure = "members_joined", period = "01/03"', 1, id="a flow counts within months of the year"),
        pytest.param('figure = "members_joined", period = "2018-01"', 1, id="a flow counts within other months"),
        pytest.param('figure = "members_joined", where = { sex = "male" }', 1, id="a condition on a dimension"),
        pytest.param('figure = "unions"', 1, id="what ended no longer stands"),
        pytest.param('figure = "honours", where = { service = "in_service" }', 1, id="who moves is one less here"),
        pytest.param('figure = "honours", where = { service = "retired" }', 1, id="who moves is one more there"),
        pytest.param('figure = "honours", where = { service = ["retired", "in_service"] }', 2, id="any of the values"),
        pytest.param('figure = "honours"', 2, id="who moves is still one in all"),
        pytest.param('figure = "card_swipes"', 3, id="an annulment counts against"),
        pytest.param('figure = "attendees"', 3, id="persons who came, each once"),
        pytest.param('figure = "attendees", period = "05"', 2, id="whose only swipe was annulled did not come"),
        pytest.param('figure = "attendees", where = { kind = "screening" }', 1, id="persons of one kind"),
        pytest.param('figure = "active_communities"', 2, id="communities, each once; none is no community"),
        pytest.param('figure = "months_active"', 2, id="months with an activity"),
        pytest.param('figure = "months_active", where = { kind = "screening" }', 1, id="months of one kind"),
        pytest.param('figure = "places_offered"', 60, id="a sum of a field"),
        pytest.param('figure = "goods_handed_out"', 91, id="a correction takes away what was and adds what is"),
        pytest.param('figure = "goods_handed_out", where = { to = "union" }', 90, id="a correction has the dimensions"),
        pytest.param('figure = "goods_ordered"', 45, id="one field of an event"),
        pytest.param('figure = "goods_cost"', 202_500, id="another field of the same event"),
        pytest.param('figure = "staff_trainings", where = { out_of_town = true }', 1, id="a truth as condition"),
        pytest.param('figure = "cadres_trained"', 2, id="who came twice is one"),
        pytest.param('figure = "grants_paid"', 2, id="a reversed payment is none"),
        pytest.param('figure = "grants_paid_fen"', 400_000, id="a reversal takes its money back"),
        pytest.param('figure = "grants_paid_fen", period = "05"', -100_001, id="a reversal counts on its own day"),
        pytest.param('figure = "aid_fen"', 850_000, id="a sum over events of three kinds"),
        pytest.param('figure = "planned_exits"', 1, id="a distinct stock"),
        pytest.param('figure = "profile_value", where = { item = "residents" }', 80_000, id="the latest value"),
        pytest.param(
            'figure = "profile_value", where = { item = "area_hectares" }, scale = 100, decimals = 2',
            "2.43",
            id="a scaled value",
        ),
        pytest.param('figure = "participation_rate"', "5.00", id="a ratio in percent"),
        pytest.param('figure = "card_coverage"', "50.00", id="a ratio of stocks"),
        pytest.param('figure = "card_coverage", decimals = 0', "50", id="a ratio without decimals"),
        pytest.param('figure = "participation_rate", where = { kind = "talk" }', None, id="a ratio to nothing is none"),
        pytest.param('figure = "profile_value", where = { item = "founded_year" }', None, id="no latest value"),
        pytest.param('figure = "goods_handed_out", where = { item = "tea" }', 0, id="nothing counted is 0"),
    ],
)
def test_a_line_shows_what_the_entries_say(year: Reporting, line: str, expected: object) -> None:
    assert shown(year, line) == expected


@pytest.mark.parametrize(
    ("of", "members", "joined", "residents"), [(2015, 0, 0, None), (2016, 3, 0, 80_000), (2018, 5, 1, 81_000)]
)
def test_each_year_has_its_own_figures(
    year: Reporting, of: int, members: int, joined: int, residents: int | None
) -> None:
    assert shown(year, 'figure = "members"', of) == members
    assert shown(year, 'figure = "members_joined"', of) == joined
    assert shown(year, 'figure = "profile_value", where = { item = "residents" }', of) == residents


def test_an_area_is_all_its_stations_and_distinct_over_them_all(year: Reporting) -> None:
    area = STATION[:6]
    assert shown(year, 'figure = "members"', station=area) == 5
    assert shown(year, 'figure = "attendees", period = "05"', station=area) == 2
    assert shown(year, 'figure = "attendees", period = "05"', station=NEIGHBOUR) == 1
    assert shown(year, 'figure = "profile_value", where = { item = "residents" }', station=area) == 80_000


def test_many_stations_and_years_give_the_reports_of_each(year: Reporting) -> None:
    stations, years = [STATION, NEIGHBOUR, STATION[:6]], [2016, 2017, 2018]
    together = year.reports(stations, years, layout="standard")
    assert together == [year.report(station, of, layout="standard") for station in stations for of in years]


def test_both_databases_give_the_same_reports(reporting: Reporting, logs: Logs, year: Reporting) -> None:
    write_year(logs)
    followed(reporting, logs)
    asked = ([STATION, NEIGHBOUR, STATION[:6]], [2016, 2017, 2018])
    assert reporting.reports(*asked, layout="standard") == year.reports(*asked, layout="standard")


def test_a_station_without_entries_has_a_report_of_nothing(year: Reporting) -> None:
    report = year.report("999999999", 2017)
    assert report["logs"] == []
    assert set(values(report).values()) == {0, None}


def test_halves_are_rounded_up(embedded: Reporting, logs: Logs) -> None:
    logs.write(f"{STATION}/activities", "ActivityHeld", "2017-01-01", kind="hike", theme="x", places=800)
    for _ in range(9):
        logs.write(f"{STATION}/activities", "CardSwiped", "2017-01-01", kind="hike", theme="x", person_id="an")
    assert shown(followed(embedded, logs), 'figure = "participation_rate"') == "1.13"
