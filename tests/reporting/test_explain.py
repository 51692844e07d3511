"""Every figure opens to the events behind it, and their weights make its value."""

from datetime import date, timedelta

import orjson
import pytest

from lastmile.kernel.domain.failures import NotFound
from services.reporting.api import Reporting
from services.reporting.figures.book import product_book
from services.reporting.figures.layout import standard_layout
from services.reporting.figures.shown import rounded
from tests.reporting.made import ACTIVITIES, MEMBERSHIP, RELIEF, STATION, Logs, followed, lines, values, weights
from tests.reporting.year import write_year

AREA = STATION[:6]
KEYS = [line.key for line in standard_layout(product_book()).lines]


@pytest.fixture
def year(year_2017: Reporting) -> Reporting:
    return year_2017


@pytest.mark.parametrize(("station", "as_of"), [(STATION, date(2017, 5, 19)), (AREA, None)])
def test_the_weights_sum_to_the_value_of_every_line(year: Reporting, station: str, as_of: date | None) -> None:
    report = values(year.report(station, 2017, as_of, layout="standard"))
    for key in KEYS:
        explained = year.explain(key, station, 2017, as_of, layout="standard")
        assert (explained["key"], explained["value"]) == (key, report[key])
        if "numerator" in explained:
            assert explained["events"] == []
            parts = [explained[part] for part in ("numerator", "denominator")]
            assert [sum(weights(part)) for part in parts] == [part["value"] for part in parts]
        elif explained["value"] is None:
            assert explained["events"] == []
        elif "scale" in explained:
            assert rounded(sum(weights(explained)), explained["scale"], 2) == explained["value"]
        else:
            assert sum(weights(explained)) == explained["value"]
        assert all(weights(explained))


def explained(reporting: Reporting, key: str) -> list[tuple[str, int, int]]:
    """Log, position and weight of the events behind a line of 2017."""
    return [(e["log"], e["position"], e["weight"]) for e in reporting.explain(key, STATION, 2017)["events"]]


def test_every_explanation_goes_out_as_json(year: Reporting) -> None:
    for key in KEYS:
        made = year.explain(key, STATION, 2017, layout="standard")
        assert orjson.loads(orjson.dumps(made)) == made


def test_a_sum_shows_what_each_event_adds(year: Reporting) -> None:
    assert [weight for *_, weight in explained(year, "goods_handed_out")] == [100, 1, -10]
    assert [weight for *_, weight in explained(year, "grants_paid_fen")] == [300_000, 100_001, -100_001, 100_000]


def test_who_moves_between_groups_weighs_nothing_in_all(year: Reporting) -> None:
    year.register_layout(AREA, lines('{ key = "retired", figure = "honours", where = { service = "retired" } }'))
    assert [event["type"] for event in year.explain("retired", AREA, 2017)["events"]] == ["HonoureeRetired"]
    kinds = [event["type"] for event in year.explain("honours", STATION, 2017, layout="standard")["events"]]
    assert kinds == ["HonourRecorded", "HonourRecorded"]


def test_a_distinct_figure_shows_one_event_an_id(year: Reporting) -> None:
    assert explained(year, "attendees") == [(ACTIVITIES, 5, 1), (ACTIVITIES, 6, 1), (ACTIVITIES, 11, 1)]
    assert explained(year, "months_active") == [(ACTIVITIES, 1, 1), (ACTIVITIES, 4, 1)]
    assert explained(year, "planned_exits") == [(RELIEF, 7, 1)]


def test_a_latest_value_shows_the_event_that_states_it(year: Reporting) -> None:
    found = year.explain("profile.area_hectares", STATION, 2017)
    assert [(e["log"], e["type"], e["weight"]) for e in found["events"]] == [(MEMBERSHIP, "ProfileValueStated", 243)]
    assert (found["value"], found["scale"]) == ("2.43", 100)


def test_a_ratio_explains_both_its_parts(year: Reporting) -> None:
    found = year.explain("participation_rate", STATION, 2017)
    assert (found["value"], found["numerator"]["value"], found["denominator"]["value"]) == ("5.00", 3, 60)
    assert found["numerator"]["figure"] == "card_swipes"


def test_each_event_is_told_as_it_stands_in_its_log(reporting: Reporting, logs: Logs) -> None:
    write_year(logs)
    position = logs.write(ACTIVITIES, "VenueAgreementSigned", "2017-06-08", agreement_id="a", venue="school")
    (event,) = followed(reporting, logs).explain("venue_agreements", STATION, 2017)["events"]
    assert event == {
        "event_id": f"{ACTIVITIES}:{position}",
        "log": ACTIVITIES,
        "position": position,
        "type": "VenueAgreementSigned",
        "occurred_on": "2017-06-08",
        "recorded_at": logs.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "weight": 1,
    }
    earlier = logs.recorded_at - timedelta(seconds=1)
    assert reporting.explain("venue_agreements", STATION, 2017, known_at=earlier)["events"] == []
    reporting.seal()
    assert reporting.explain("venue_agreements", STATION, 2017)["events"] == [event]


def test_an_unknown_key_is_not_found_by_name(year: Reporting) -> None:
    with pytest.raises(NotFound, match="no line mebmers is in the layout standard"):
        year.explain("mebmers", STATION, 2017)
