"""The journal keeps every entry; whatever the broker does with the news, the figures are the same."""

from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.identity import Identity, Role
from services.reporting.api import Reporting
from services.reporting.figures.book import plain_text, product_book
from services.reporting.figures.reading import Deriving, class_of
from services.reporting.tables import journal
from tests.reporting.conftest import SEGMENT_SIZE
from tests.reporting.made import ACTIVITIES, MEMBERSHIP, STATION, Logs, followed, reporting_on, values
from tests.reporting.year import write_year


def test_an_entry_of_an_unknown_type_is_kept_and_counts_nowhere(reporting: Reporting, logs: Logs) -> None:
    logs.write(MEMBERSHIP, "SomethingNew", "2017-01-01", words="|=,\"'\n，", number=7)
    logs.write(MEMBERSHIP, "MemberJoined", "2017-01-02", person_id="an", sex="a|b=c,\n%", employment=None)
    report = followed(reporting, logs).report(STATION, 2017)
    assert values(report)["members"] == 1
    assert {value for key, value in values(report).items() if key not in ("members", "members_joined")} == {
        0,
        None,
        "0.00",
    }
    with reporting.database.read() as connection:
        rows = connection.execute(select(journal.c.type, journal.c.entry).order_by(journal.c.position)).all()
    assert [row.type for row in rows] == ["SomethingNew", "MemberJoined"]
    assert [bytes(row.entry) for row in rows] == logs.logs[MEMBERSHIP]


@given(text=st.text(), other=st.none() | st.booleans() | st.integers() | st.text())
def test_a_class_is_taken_apart_as_it_was_put_together(text: str, other: object) -> None:
    payload = {"kind": text, "theme": other, "person_id": other}
    derived = Deriving(product_book()).derive(ACTIVITIES, "CardSwiped", "2017-05-06", payload)
    month, log, class_ = derived.cell.split("|", 2)
    found = class_of(class_)
    assert (month, log, found.service, found.event) == ("201705", ACTIVITIES, "activities", "CardSwiped")
    assert (found.values["kind"], found.values["theme"]) == (text, plain_text(other))
    assert not set(derived.cell) & set(",\n\r\"' ")
    assert derived.subject is None or str(UUID(derived.subject)) == derived.subject


def test_an_id_that_is_a_uuid_is_its_own_subject_and_others_get_one_each() -> None:
    derive = Deriving(product_book()).derive
    ids = ["0190a3f4-7c1e-7b6a-8f00-000000000001", "an", "bo", "0190A3F4-7C1E-7B6A-8F00-000000000001"]
    found = [derive(ACTIVITIES, "CardSwiped", "2017-05-06", {"person_id": id_}).subject for id_ in ids]
    assert found[0] == ids[0]
    assert len(set(found)) == len(ids)


def test_a_date_in_another_way_of_writing_is_the_same_day(reporting: Reporting, logs: Logs) -> None:
    logs.write(MEMBERSHIP, "MemberJoined", "20170102", person_id="an")
    logs.write(MEMBERSHIP, "MemberJoined", "2017-W01-2", person_id="bo")
    followed(reporting, logs)
    assert values(reporting.report(STATION, 2017, as_of=date(2017, 1, 2)))["members"] == 1
    assert values(reporting.report(STATION, 2017, as_of=date(2017, 1, 3)))["members"] == 2


@pytest.mark.parametrize("amount", [None, True, "7", 1.5, 2**63])
def test_what_is_no_amount_adds_nothing(amount: object) -> None:
    derived = Deriving(product_book()).derive(ACTIVITIES, "GoodsOrdered", "2017-05-06", {"quantity": amount})
    assert (derived.amount1, derived.amount2) == (None, None)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), most=st.integers(1, 40))
def test_news_in_any_order_and_any_portions_give_the_same_figures(seed: int, most: int) -> None:
    chance, logs = Random(seed), Logs()
    write_year(logs)
    with TemporaryDirectory() as folder:
        straight = open_in(Path(folder) / "straight")
        expected = followed(straight, logs).reports([STATION, STATION[:6]], [2016, 2017])
        shuffled = open_in(Path(folder) / "shuffled")
        (follower,) = shuffled.followers
        news = [entry for log in logs.logs.values() for entry in log]
        news += chance.choices(news, k=len(news) // 3)
        chance.shuffle(news)
        while news:
            size = chance.randint(1, most)
            behind = follower.offer(news[:size])
            del news[:size]
            if behind and chance.random() < 0.2:
                follower.catch_up(logs, behind)
            if chance.random() < 0.2:
                shuffled.seal()
        follower.catch_up(logs)
        assert shuffled.reports([STATION, STATION[:6]], [2016, 2017]) == expected
        assert shuffled.check_journal(dict.fromkeys(("membership", "activities", "relief"), logs)) == []
        for made in (straight, shuffled):
            made.database.close()


def open_in(folder: Path) -> Reporting:
    return reporting_on(f"sqlite:///{folder}.db", folder, segment_size=SEGMENT_SIZE)


def test_history_replaced_stops_its_own_log_alone_until_replayed(reporting: Reporting, logs: Logs) -> None:
    write_year(logs)
    followed(reporting, logs)
    before = values(reporting.report(STATION, 2017))
    kept = logs.logs[MEMBERSHIP][:]
    logs.write(ACTIVITIES, "CardSwiped", "2017-12-01", person_id="er", kind="hike", theme="hills")
    del logs.logs[MEMBERSHIP][-1]
    followed(reporting, logs)
    (stop,) = reporting.stops()
    assert (stop.follower, stop.log) == ("journal", MEMBERSHIP)
    assert "history was replaced" in stop.because
    after = values(reporting.report(STATION, 2017))
    assert (after["members"], after["card_swipes"]) == (before["members"], before["card_swipes"] + 1)
    logs.logs[MEMBERSHIP] = kept
    reporting.replay(MEMBERSHIP)
    logs.write(MEMBERSHIP, "MemberJoined", "2017-12-02", person_id="er")
    assert values(followed(reporting, logs).report(STATION, 2017))["members"] == before["members"] + 1
    assert reporting.stops() == []


def test_an_entry_that_says_a_wrong_end_does_not_enter(embedded: Reporting, logs: Logs) -> None:
    logs.write(MEMBERSHIP, "MemberJoined", "2017-01-02", person_id="an")
    changed = orjson.loads(logs.logs[MEMBERSHIP][0]) | {"previous": "00" * 31 + "01"}
    (follower,) = embedded.followers
    follower.offer([Entry(**changed).to_bytes()])
    assert [stop.position for stop in embedded.stops()] == [1]
    with embedded.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(journal)).scalar() == 0


def test_questions_are_answered_to_those_who_may_ask(embedded: Reporting, logs: Logs) -> None:
    write_year(logs)
    followed(embedded, logs)
    clerk = Identity("clerk", Role.CLERK, STATION, "9999-12-31T00:00:00Z")
    asked = {"year": 2017, "as_of": "2017-05-19", "known_at": "2030-01-01T08:00:00+08:00", "layout": "standard"}
    report = embedded.ask("report", clerk, STATION, asked)
    assert (report["as_of"], report["known_at"]) == ("2017-05-19", "2030-01-01T00:00:00.000000Z")
    explained = embedded.ask("explain", clerk, STATION, {"year": 2017, "key": "members"})
    assert explained["value"] == values(embedded.report(STATION, 2017))["members"]
    auditor = Identity("auditor", Role.DISTRICT_AUDITOR, "110102000", "9999-12-31T00:00:00Z")
    assert embedded.ask("stops", auditor, STATION, {}) == []
    assert embedded.ask("report", auditor, STATION[:6], {"year": 2017})["station"] == STATION[:6]
