"""Relief hears of deaths, ends of membership and erasures, and minds them."""

import pytest

from services.relief.releasing import NotApproved
from services.relief.rules import PersonDied
from tests.relief.membership import hears, of_membership
from tests.relief.station import CHAIN, Body, Station


def test_relief_hears_of_a_death_once_and_pays_nothing_more(station: Station) -> None:
    station.walk("a1", until="ApproveApplication")
    assert hears(station, "MemberDied", 1, "zhao") == []
    assert hears(station, "MemberDied", 1, "zhao") == []
    assert station.payloads("CaseMembershipEnded") == [{"person_id": "zhao", "category": "deep", "reason": "died"}]
    with pytest.raises(NotApproved):
        station.tell("EnterPayment", application_id="a1", pay_list_id="list-1", occurred_on="2017-01-19")


def test_nothing_is_granted_or_handed_out_after_a_death_that_was_heard_before_there_was_a_file(
    station: Station,
) -> None:
    line: Body = {"list_id": "ny", "recipient_id": "qian", "recipient": "model_worker", "in_goods": False}
    station.tell("PrepareConsolationList", list_id="ny", occasion="new_year", fund_id="own")
    station.tell("AddToConsolationList", amount_fen=100_000, **line)
    station.tell("ApproveConsolationList", list_id="ny")
    station.tell("PrepareConsolationList", list_id="may", occasion="may_day", fund_id="own")
    station.tell("ForwardTuitionAid", aid_id="t1", person_id="qian", school_year="2016_2017")
    station.tell("RecordTuitionDecision", aid_id="t1", decided_by="city", amount_fen=100_000)
    assert hears(station, "MemberDied", 1, "qian") == []
    assert station.payloads("DeathNoted") == [{"person_id": "qian"}]
    apply = CHAIN[0][1] | {"application_id": "a1", "person_id": "qian"}
    asked: tuple[tuple[str, Body], ...] = (
        ("OpenCase", {"person_id": "qian", "category": "deep", "persons": 1}),
        ("Apply", apply),
        ("SignForConsolation", {"list_id": "ny", "recipient_id": "qian"}),
        ("AddToConsolationList", {**line, "list_id": "may", "amount_fen": 100_000}),
        ("ForwardTuitionAid", {"aid_id": "t2", "person_id": "qian", "school_year": "2017_2018"}),
        ("RecordTuitionDrawn", {"aid_id": "t1"}),
    )
    for name, body in asked:
        with pytest.raises(PersonDied):
            station.tell(name, **body)


def test_who_moved_and_died_elsewhere_is_paid_nothing_here(station: Station) -> None:
    station.walk("a1", until="ApproveApplication")
    elsewhere = Station(station.service, "110102018")
    hears(elsewhere, "MemberDied", 1, "zhao")
    with pytest.raises(PersonDied):
        station.tell("EnterPayment", application_id="a1", pay_list_id="list-1", occurred_on="2017-01-19")


@pytest.mark.parametrize(
    ("kind", "reason"), [("MemberLeft", "left"), ("MemberMovedOut", "moved"), ("MemberExpelled", "expelled")]
)
def test_a_file_shows_that_the_membership_ended_and_stays(station: Station, kind: str, reason: str) -> None:
    hears(station, kind, 1, "zhao")
    hears(station, kind, 2, "nobody-on-file")
    (file,) = station.ask("cases")
    assert (file["person_id"], file["membership_ended"]) == ("zhao", reason)


def test_where_a_person_is_erased_their_keys_are_destroyed_here_too(station: Station) -> None:
    keystore = station.service.resources.keystore
    (opened,) = [entry for entry in station.entries() if entry.type == "CaseOpened"]
    sealed = ("zhao", "hardship", opened.event_id, "illness", opened.payload["illness"])
    assert keystore.unseal(*sealed) == "某病"
    (erasures,) = [follower for follower in station.service.followers if follower.name == "erasures"]
    erasures.applies.outside([of_membership(station, "PersonErased", 1, "zhao")])
    assert keystore.unseal(*sealed) is None
