"""Report layouts: what is wrong with one names its line and field; the newest registered one is shown."""

from datetime import date
from pathlib import Path

import pytest

from lastmile.kernel.domain.failures import Invalid, NotFound
from services.reporting.api import Reporting
from services.reporting.figures.book import product_book
from services.reporting.figures.layout import parse_layout
from services.reporting.figures.period import Cut, parse_period
from tests.reporting.made import NEIGHBOUR, STATION, lines, values

GUANGNEI = Path(__file__).parents[2] / "examples" / "guangnei_2017" / "layout.toml"


@pytest.mark.parametrize(
    ("text", "in_2017"),
    [
        ("2016-11/2017-02", (201611, 201702)),
        ("2018-05", (201805, 201805)),
        ("2018", (201801, 201812)),
        ("01/03", (201701, 201703)),
        ("07", (201707, 201707)),
    ],
)
def test_a_period_is_months_of_its_own_or_of_the_reports_year(text: str, in_2017: tuple[int, int]) -> None:
    assert parse_period(text).months(2017) == in_2017


@pytest.mark.parametrize("text", ["", "13", "2017-13", "03/01", "2017/2018-01", "01/2017-03", "spring"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"period|ends before"):
        parse_period(text)


@pytest.mark.parametrize(
    ("day", "inside"), [("2017-02-28", False), ("2016-02-28", True), ("2017-12-31", False), ("2017-12-30", True)]
)
def test_a_cut_at_the_end_of_a_month_is_a_cut_between_months(day: str, inside: bool) -> None:
    assert Cut(date.fromisoformat(day)).inside is inside


@pytest.mark.parametrize(
    ("line", "where", "what"),
    [
        ('{ key = "a", figure = "mebmers" }', "lines[0] a: figure", "No figure 'mebmers' is in the book."),
        ('{ key = "a", figure = "members", where = { sex = "male" } }', "lines[0] a: where.sex", "no dimension sex"),
        ('{ key = "a", figure = "members", where = "x" }', "lines[0] a: where", "Not a table"),
        ('{ key = "a", figure = "honours", where = { title = [] } }', "lines[0] a: where.title", "is needed"),
        ('{ key = "a", figure = "members", period = "13" }', "lines[0] a: period", "'13' is no period"),
        ('{ key = "a", figure = "members", period = 7 }', "lines[0] a: period", "'7' is no period"),
        ('{ key = "a", figure = "members", scale = 0 }', "lines[0] a: scale", "Not a fit number: 0."),
        ('{ key = "a", figure = "members", value = 5805 }', "lines[0] a", "Unknown field value."),
        ('{ figure = "members" }', "lines[0]", "A line with a key is needed."),
        ('{ key = "a", figure = "unions" }, { key = "a", figure = "members" }', "lines", "The key a stands twice."),
    ],
)
def test_a_wrong_layout_names_line_and_field(line: str, where: str, what: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_layout(lines(line), product_book())
    assert what in " ".join(refused.value.fields[where])


def test_everything_wrong_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        parse_layout(
            lines('{ key = "a", figure = "x" }', '{ key = "b", figure = "members", period = "" }'), product_book()
        )
    assert set(refused.value.fields) == {"lines[0] a: figure", "lines[1] b: period"}


@pytest.mark.parametrize("text", ["", "name = 1", 'name = "x"', 'name = "x"\nlines = []', "lines = ["])
def test_what_is_no_layout_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_layout(text, product_book())


def test_the_newest_layout_is_shown_and_older_ones_by_name(embedded: Reporting) -> None:
    first, second = lines('{ key = "a", figure = "members" }', name="first"), lines('{ key = "b", figure = "unions" }')
    assert values(embedded.report(STATION, 2017)).keys() >= {"members", "unions"}
    assert embedded.register_layout(STATION, first) == "first"
    assert embedded.register_layout(STATION, second) == "test"
    assert values(embedded.report(STATION, 2017)) == {"b": 0}
    assert values(embedded.report(STATION, 2017, layout="first")) == {"a": 0}
    assert "members" in values(embedded.report(STATION, 2017, layout="standard"))
    assert "members" in values(embedded.report(NEIGHBOUR, 2017))
    embedded.register_layout(STATION, first)
    assert values(embedded.report(STATION, 2017)) == {"a": 0}
    own, neighbours = embedded.reports([STATION, NEIGHBOUR], [2017])
    assert (values(own), neighbours["layout"]["name"]) == ({"a": 0}, "standard")


def test_an_unknown_layout_is_not_found(embedded: Reporting) -> None:
    with pytest.raises(NotFound, match="no layout yearly is registered"):
        embedded.report(STATION, 2017, layout="yearly")


def test_a_wrong_layout_is_not_registered(embedded: Reporting) -> None:
    with pytest.raises(Invalid, match="figure"):
        embedded.register_layout(STATION, lines('{ key = "a", figure = "x" }'))
    assert embedded.report(STATION, 2017)["layout"]["name"] == "standard"


def test_the_published_lines_are_laid_out_without_their_values() -> None:
    published = {row.split(",")[0] for row in (GUANGNEI.parent / "published.csv").read_text("utf-8").splitlines()[1:]}
    layout = parse_layout(GUANGNEI.read_text("utf-8"), product_book())
    assert {line.key for line in layout.lines} == published
