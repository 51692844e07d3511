"""What the pages ask of relief: lists, one application whole, what waits for approval, what a notice may show."""

from typing import Any

import pytest

from lastmile.kernel.domain.failures import Forbidden, NotFound
from lastmile.kernel.domain.identity import Identity, Role
from tests.relief.station import Station


def one(station: Station, application_id: str = "a1", role: Role = Role.CLERK, by: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = station.ask_as(role, "application", by, application_id=application_id)
    return found


def test_applications_are_listed_by_state_month_and_whose_hands_they_went_through(station: Station) -> None:
    station.walk("a1", until="ReviewApplication")
    station.walk("a2", until="Apply")
    assert [row["application_id"] for row in station.ask("applications", state="reviewed")] == ["a1"]
    assert [row["application_id"] for row in station.ask("applications", by="head")] == ["a1"]
    assert len(station.ask("applications", month="2017-01", programme="warmth", open=True)) == 2
    assert station.ask("applications", month="2017-02") == []
    assert len(station.ask("applications", person_id="zhao", sort="-amount_fen")) == 2


def test_an_application_shows_its_steps_with_who_and_when_and_no_ground(station: Station) -> None:
    station.walk("a1", until="ReleasePayment")
    steps = [(step["type"], step["by"], step["on"]) for step in one(station)["steps"]]
    assert steps[0] == ("ApplicationMade", "clerk", "2017-01-05")
    assert steps[-1] == ("PaymentReleased", "cashier", "2017-01-19")
    assert "ground" not in str(one(station))


NEXT = {
    "Apply": "RecordHomeVisit",
    "RecordHomeVisit": "RecordComparison",
    "RecordComparison": "ReviewApplication",
    "ReviewApplication": "PublishNotice",
    "PublishNotice": "CloseNotice",
    "CloseNotice": "ApproveApplication",
    "ApproveApplication": "EnterPayment",
    "EnterPayment": "ReleasePayment",
    "ReleasePayment": "BookBankReturn",
    "BookBankReturn": "SignForGrant",
}


@pytest.mark.parametrize("done", NEXT)
def test_an_application_says_what_is_next_and_who_may_not_do_it(station: Station, done: str) -> None:
    station.walk("a1", until=done)
    shown = one(station)["next"][0]
    assert shown["command"] == NEXT[done]
    if done == "RecordComparison":
        assert (shown["barred"], shown["mine"]) == (["clerk", "zhao"], False)
    if done == "EnterPayment":
        assert set(shown["barred"]) == {"clerk", "head", "chair", "accountant", "zhao"}


def test_nothing_is_next_after_the_end(station: Station) -> None:
    station.walk("a1")
    station.walk("a2", until="Apply")
    station.tell("RefuseApplication", application_id="a2", reason="not_in_need")
    assert [command["command"] for command in one(station)["next"]] == []
    assert one(station, "a2")["next"] == []
    with pytest.raises(NotFound):
        one(station, "a9")


def test_an_application_says_what_changed_since_it_was_submitted(station: Station) -> None:
    station.walk("a1", until="RecordComparison")
    station.tell("ReturnApplication", application_id="a1", reason="too_much")
    station.tell("ResubmitApplication", application_id="a1", amount_fen=200_000)
    station.tell("RecordHomeVisit", application_id="a1", finding="worse")
    changed = [(row["what"], row["before"], row["after"]) for row in one(station)["changed"]]
    assert changed == [
        ("returned", None, "too_much"),
        ("amount_fen", 300_000, 200_000),
        ("finding", "in_need", "worse"),
    ]


def waiting(station: Station, by: str = "chair") -> dict[str, dict[str, Any]]:
    found = station.ask_as(Role.CHAIR, "approvals_waiting", by)
    return {row["application_id"]: row for row in found["rows"]}


def test_what_waits_for_approval_flags_the_exceptions(station: Station) -> None:
    for number, amount_fen in enumerate((300_000, 460_000, 500_001, 300_000)):
        station.walk(f"a{number}", until="RecordComparison", amount_fen=amount_fen)
    station.tell("ReturnApplication", application_id="a3", reason="too_much")
    station.tell("ResubmitApplication", application_id="a3", amount_fen=200_000)
    for number in range(4):
        for name, body in (
            ("ReviewApplication", {}),
            ("PublishNotice", {"occurred_on": "2017-01-10"}),
            ("CloseNotice", {"objections": 0, "occurred_on": "2017-01-17"}),
        ):
            station.tell(name, application_id=f"a{number}", **body)
    terms: dict[str, Any] = {"programme": "warmth", "issuer": "街道", "document_number": "3", "area": station.code}
    station.tell(
        "StatePolicy",
        policy_id="new",
        valid_from="2017-02-01",
        ceiling_fen=500_000,
        notice_days=7,
        times_a_year=9,
        confirmed=True,
        **terms,
    )
    assert {key: row["flags"] for key, row in waiting(station).items()} == {
        "a0": [],
        "a1": ["near_ceiling"],
        "a2": ["above_ceiling"],
        "a3": ["changed"],
    }
    station.tell("ApproveApplication", application_id="a0", occurred_on="2017-01-18")
    assert waiting(station)["a3"]["flags"] == ["changed", "second_aid"]
    station.tell("ExitCase", person_id="zhao", reason="income")
    assert "file_closed" in waiting(station)["a3"]["flags"]


def test_an_amount_far_above_what_such_households_were_granted_is_flagged(station: Station) -> None:
    station.tell("RaiseBudget", fund_id="own", amount_fen=1_000_000)
    for number in range(5):
        station.walk(f"a{number}", until="ApproveApplication", amount_fen=200_000)
    station.walk("b1", until="CloseNotice", amount_fen=320_000)
    station.walk("b2", until="CloseNotice", amount_fen=250_000)
    flagged = {key for key, row in waiting(station).items() if "above_usual" in row["flags"]}
    assert flagged == {"b1"}


def test_who_may_not_approve_is_told_why_beforehand(station: Station) -> None:
    station.walk("a1", until="CloseNotice")
    barred = {by: waiting(station, by)["a1"]["barred"] for by in ("chair", "clerk", "zhao", "accountant", "head")}
    assert barred["chair"] == []
    assert barred["clerk"] == ["own_hand"]
    assert barred["zhao"] == ["own_aid"]
    assert barred["head"] == ["own_hand", "own_terms"]


def test_a_notice_holds_nothing_but_person_grade_amount_and_window(station: Station) -> None:
    station.walk("a1", until="PublishNotice")
    (row,) = station.ask("notice")
    assert row == {
        "application_id": "a1",
        "person_id": "zhao",
        "category": "deep",
        "amount_fen": 300_000,
        "noticed_on": "2017-01-10",
        "notice_until": "2017-01-17",
        "state": "on_notice",
    }
    station.walk("a2", until="Apply")
    with pytest.raises(NotFound):
        station.ask("notice", application_id="a2")


def test_a_consolation_list_shows_its_lines_and_who_signed(station: Station) -> None:
    station.tell("PrepareConsolationList", list_id="ny", occasion="new_year", fund_id="own")
    line: dict[str, Any] = {"recipient": "model_worker", "in_goods": True, "amount_fen": 100_000}
    station.tell("AddToConsolationList", list_id="ny", recipient_id="wu", **line)
    station.tell("ApproveConsolationList", list_id="ny")
    station.tell("SignForConsolation", list_id="ny", recipient_id="wu")
    shown = station.ask_as(Role.CHAIR, "consolation_list", list_id="ny")
    assert (shown["festival_year"], shown["count"], shown["amount_fen"]) == (2017, 1, 100_000)
    assert shown["lines"][0]["signed_on"] == "2017-01-05"
    (row,) = station.ask("consolation_lists", occasion="new_year", approved=True)
    assert (row["list_id"], row["lines"]) == ("ny", 1)


def test_policies_and_files_are_listed(station: Station) -> None:
    (policy,) = station.ask("policies", on="2017-03-01")
    assert (policy["policy_id"], policy["times_a_year"], policy["confirmed"]) == ("2017", 9, False)
    assert station.ask("policies", on="2018-03-01") == []
    assert station.ask("cases", category="relative") == []
    station.tell("ExitCase", person_id="zhao", reason="income")
    assert [row["person_id"] for row in station.ask("cases_exited")] == ["zhao"]


def test_a_household_shows_its_file_its_applications_and_whether_money_can_reach_it(station: Station) -> None:
    station.walk("a1", until="Apply")
    shown = station.ask_as(Role.CLERK, "household", person_id="zhao")
    assert (shown["category"], shown["open"], shown["account_recorded_on"]) == ("deep", True, None)
    assert [row["application_id"] for row in shown["applications"]] == ["a1"]
    station.tell("RecordPayee", person_id="zhao", holder="赵", account_number="6222000011112222")
    shown = station.ask_as(Role.CLERK, "household", person_id="zhao")
    assert (shown["account_recorded_on"], shown["account_recorded_by"]) == ("2017-01-05", "clerk")
    with pytest.raises(NotFound):
        station.ask_as(Role.CLERK, "household", person_id="nobody")


def test_the_history_masks_and_a_recorded_ground_reveals(station: Station) -> None:
    history = station.ask_as(Role.CLERK, "history", aggregate="case", key="zhao")
    (opened,) = history["events"]
    assert opened["sealed"] == ["illness"]
    reveal = {"position": opened["position"], "field": "illness"}
    with pytest.raises(Forbidden):
        station.ask_as(Role.CLERK, "revealed", **reveal)
    station.tell("RevealField", ground="核对", **reveal)
    assert station.ask_as(Role.CLERK, "revealed", **reveal) == {"value": "某病"}


def test_auditors_of_the_district_read_every_station_and_reveal_nothing(station: Station) -> None:
    auditor = Identity("auditor", Role.DISTRICT_AUDITOR, "110102000", "9999-12-31T00:00:00Z")
    assert station.service.ask("cases", auditor, station.code, {})["count"] == 1
    for question, parameters in (
        ("revealed", {"position": 3, "field": "illness"}),
        ("bank_file", {"pay_list_id": "l"}),
    ):
        with pytest.raises(Forbidden):
            station.service.ask(question, auditor, station.code, parameters)
