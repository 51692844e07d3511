"""As of one date, as known on another, and what a report was computed from."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lastmile.kernel.domain.merkle import leaf_hash, root_of
from services.reporting.api import Reporting
from tests.reporting.made import ACTIVITIES, MEMBERSHIP, RELIEF, STATION, Logs, followed, values
from tests.reporting.year import write_membership, write_year


@pytest.mark.parametrize(
    ("as_of", "members", "left", "swipes", "paid_fen", "months"),
    [
        (date(2016, 12, 31), 3, 0, 0, 0, 0),
        (date(2017, 3, 9), 3, 0, 0, 300_000, 0),
        (date(2017, 3, 10), 4, 0, 0, 300_000, 0),
        (date(2017, 5, 6), 4, 0, 2, 400_001, 1),
        (date(2017, 5, 31), 4, 0, 2, 300_000, 1),
        (date(2017, 6, 14), 4, 0, 2, 300_000, 1),
        (date(2017, 10, 31), 3, 1, 2, 300_000, 1),
        (date(2017, 12, 31), 4, 1, 3, 400_000, 2),
        (date(2019, 6, 6), 4, 1, 3, 400_000, 2),
    ],
)
def test_a_date_cuts_flows_and_stocks_alike(
    year_2017: Reporting, as_of: date, members: int, left: int, swipes: int, paid_fen: int, months: int
) -> None:
    found = values(year_2017.report(STATION, 2017, as_of=as_of))
    names = ("members", "members_gone", "card_swipes", "grants_paid_fen", "months_active")
    assert tuple(found[name] for name in names) == (members, left, swipes, paid_fen, months)


def test_a_date_cuts_distinct_and_latest_values_too(year_2017: Reporting) -> None:
    found = values(year_2017.report(STATION, 2017, as_of=date(2017, 1, 31)))
    assert found["profile.area_hectares"] == "2.40"
    found = values(year_2017.report(STATION, 2017, as_of=date(2017, 5, 19)))
    assert (found["profile.area_hectares"], found["attendees"], found["active_communities"]) == ("2.43", 2, 1)


@pytest.mark.parametrize("sealed", [False, True])
def test_as_known_at_an_instant_counts_what_each_owner_had_recorded_by_then(
    reporting: Reporting, logs: Logs, sealed: bool
) -> None:
    write_year(logs)
    followed(reporting, logs)
    if sealed:
        assert reporting.seal()
    began = logs.recorded_at - timedelta(seconds=sum(map(len, logs.logs.values())))
    taken = {MEMBERSHIP: 0, ACTIVITIES: 0, RELIEF: 0}
    for second, log in enumerate((MEMBERSHIP,) * len(logs.logs[MEMBERSHIP]) + (ACTIVITIES,) * 5, 1):
        taken[log] += 1
        if second % 5:
            continue
        report = reporting.report(STATION, 2017, known_at=began + timedelta(seconds=second))
        assert {entry["log"]: entry["position"] for entry in report["logs"]} == taken
        earlier = Logs()
        earlier.logs = {log: logs.logs[log][:position] for log, position in taken.items()}
        for entry in report["logs"]:
            assert entry["root"] == root_of(map(leaf_hash, earlier.logs[entry["log"]])).hex()
    found = values(reporting.report(STATION, 2017, known_at=began + timedelta(seconds=second)))
    assert (found["members"], found["activities_held"], found["card_swipes"]) == (4, 4, 1)


def test_what_is_learnt_later_changes_the_report_but_not_as_it_was_known(reporting: Reporting, logs: Logs) -> None:
    write_membership(logs)
    then = logs.recorded_at
    before = followed(reporting, logs).report(STATION, 2017, known_at=then)
    logs.recorded_at += timedelta(days=40)
    logs.write(MEMBERSHIP, "MemberDied", "2017-02-02", person_id="an")
    assert values(followed(reporting, logs).report(STATION, 2017))["members"] == values(before)["members"] - 1
    assert reporting.report(STATION, 2017, known_at=then) == before


def test_a_report_says_what_it_was_computed_from(embedded: Reporting, logs: Logs) -> None:
    write_year(logs)
    moment = datetime(2030, 1, 1, 8, tzinfo=UTC)
    report = followed(embedded, logs).report(STATION, 2017, as_of=date(2017, 10, 31), known_at=moment)
    assert report["as_of"] == "2017-10-31"
    assert report["known_at"] == "2030-01-01T08:00:00.000000Z"
    assert report["book"] == embedded.book.hash
    assert report["layout"]["name"] == "standard"
    own = [log for log in sorted(logs.logs) if log.startswith(STATION)]
    assert report["logs"] == [
        {"log": log, "position": len(logs.logs[log]), "root": root_of(map(leaf_hash, logs.logs[log])).hex()}
        for log in own
    ]
