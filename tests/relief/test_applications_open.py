"""An application is listed while it is in hand, under the policy of each day."""

import pytest

from services.relief.approval import NoPolicyInForce
from tests.relief.station import CHAIN, CODE, Body, Station


def states(station: Station) -> dict[str, str]:
    return {row["application_id"]: row["state"] for row in station.ask("applications_open")}


def test_an_application_is_open_from_the_day_it_is_made_until_it_is_signed_for(station: Station) -> None:
    seen = []
    for name, body in CHAIN:
        station.tell(name, application_id="a1", **body)
        seen.append(states(station).get("a1"))
    in_hand = ["in_hand", "in_hand", "in_hand"]
    chain = ["reviewed", "on_notice", "unopposed", "approved", "entered", "released", "paid", None]
    assert seen == in_hand + chain


def test_a_returned_application_is_open_and_a_refused_one_is_not(station: Station) -> None:
    station.walk("a1", until="ReviewApplication")
    station.tell("ReturnApplication", application_id="a1", reason="paper_missing")
    assert states(station) == {"a1": "returned"}
    station.tell("ResubmitApplication", application_id="a1", amount_fen=200_000)
    assert station.ask("applications_open")[0]["amount_fen"] == 200_000
    station.tell("RefuseApplication", application_id="a1", reason="not_in_need")
    assert states(station) == {}


def test_objections_bring_an_application_back_to_review(station: Station) -> None:
    station.walk("a1", until="PublishNotice")
    station.tell("CloseNotice", application_id="a1", objections=2, occurred_on="2017-01-17")
    assert states(station) == {"a1": "in_hand"}
    station.tell("ReviewApplication", application_id="a1", occurred_on="2017-01-18")
    assert states(station) == {"a1": "reviewed"}


def test_the_policy_of_the_day_is_stored_with_the_decision(station: Station) -> None:
    terms: Body = {"programme": "warmth", "issuer": "街道", "document_number": "2", "area": CODE, "confirmed": True}
    station.tell("StatePolicy", policy_id="march", valid_from="2017-03-01", ceiling_fen=400_000, notice_days=5, **terms)
    station.walk("a1", until="PublishNotice")
    (notice,) = station.payloads("NoticePublished")
    assert (notice["policy_id"], notice["notice_until"]) == ("2017", "2017-01-17")
    station.tell("CloseNotice", application_id="a1", objections=0, occurred_on="2017-03-05")
    station.tell("ApproveApplication", application_id="a1", occurred_on="2017-03-05")
    assert station.payloads("ApplicationApproved")[0]["policy_id"] == "march"


def test_without_a_policy_on_the_day_nothing_is_put_on_notice(station: Station) -> None:
    station.walk("a1", until="ReviewApplication")
    with pytest.raises(NoPolicyInForce):
        station.tell("PublishNotice", application_id="a1", occurred_on="2017-12-01")
