"""Money that an approval bound becomes free when nothing will be paid; and nobody is aided more often than allowed."""

from typing import Any

import pytest

from lastmile.kernel.domain.failures import Invalid
from services.relief import consolation_line, releasing, withdrawal
from services.relief.rules import AidedOftenEnough, PersonDied, SelfInterest
from tests.relief.membership import hears
from tests.relief.station import Station, fund

LINE: dict[str, Any] = {"recipient": "model_worker", "in_goods": False, "amount_fen": 100_000}


def test_what_is_withdrawn_after_approval_frees_its_money(station: Station) -> None:
    station.walk("a1", until="ApproveApplication")
    assert fund(station) == (700_000, 0)
    station.tell("WithdrawApplication", application_id="a1", reason="not_wanted", occurred_on="2017-01-19")
    station.tell("WithdrawApplication", application_id="a1", reason="not_wanted", occurred_on="2017-01-19")
    assert fund(station) == (1_000_000, 0)
    assert [row["released_fen"] for row in station.payloads("ApplicationWithdrawn")] == [300_000]
    with pytest.raises(releasing.NotApproved):
        station.tell("EnterPayment", application_id="a1", pay_list_id="list-1", occurred_on="2017-01-20")


def test_what_is_on_a_pay_list_is_taken_off_before_it_is_withdrawn(station: Station) -> None:
    station.walk("a1", until="EnterPayment")
    withdraw = {"application_id": "a1", "reason": "not_wanted", "occurred_on": "2017-01-20"}
    with pytest.raises(withdrawal.PaymentUnderWay):
        station.tell("WithdrawApplication", **withdraw)
    station.tell("TakeOffPayList", application_id="a1", reason="not_wanted", occurred_on="2017-01-19")
    station.tell("WithdrawApplication", **withdraw)
    assert fund(station) == (1_000_000, 0)
    station.walk("a2", until="ReleasePayment")
    with pytest.raises(releasing.ReleasedAlready):
        station.tell("TakeOffPayList", application_id="a2", reason="not_wanted", occurred_on="2017-01-19")


@pytest.mark.parametrize("until", ["Apply", "CloseNotice", "ApproveApplication", "EnterPayment"])
def test_a_death_takes_off_the_list_and_frees_what_was_bound(station: Station, until: str) -> None:
    station.walk("a1", until=until)
    assert hears(station, "MemberDied", 1, "zhao") == []
    assert hears(station, "MemberDied", 1, "zhao") == []
    assert fund(station) == (1_000_000, 0)
    assert station.ask("applications_open") == []
    assert station.ask("pay_lists") == []


def test_what_the_bank_holds_when_somebody_dies_is_the_banks_to_answer(station: Station) -> None:
    station.walk("a1", until="ReleasePayment")
    assert hears(station, "MemberDied", 1, "zhao") == []
    station.tell("BookBankReturn", application_id="a1", paid=False, reason="account_closed", occurred_on="2017-01-20")
    with pytest.raises(PersonDied):
        station.tell("EnterPayment", application_id="a1", pay_list_id="list-2", occurred_on="2017-01-21")
    station.tell("WithdrawApplication", application_id="a1", reason="died", occurred_on="2017-01-21")
    assert fund(station) == (1_000_000, 0)


@pytest.fixture
def once_a_year(station: Station) -> Station:
    """A station whose policy, nearer than the district's, says nothing of how often."""
    terms: dict[str, Any] = {"programme": "warmth", "issuer": "街道", "document_number": "3", "area": station.code}
    days: dict[str, Any] = {"valid_from": "2017-01-02", "ceiling_fen": 500_000, "notice_days": 7, "confirmed": True}
    station.tell("StatePolicy", policy_id="once", **terms, **days)
    return station


def test_a_person_is_aided_once_a_year_where_the_policy_says_nothing(once_a_year: Station) -> None:
    once_a_year.walk("a1", until="Apply")
    with pytest.raises(AidedOftenEnough):
        once_a_year.walk("a2", until="Apply")
    once_a_year.tell("RefuseApplication", application_id="a1", reason="not_in_need")
    once_a_year.walk("a2", until="BookBankReturn")
    with pytest.raises(AidedOftenEnough):
        once_a_year.walk("a3", until="Apply")


def test_what_was_applied_for_under_a_policy_that_allows_more_is_not_approved_under_one_that_does_not(
    station: Station,
) -> None:
    for application_id in ("a1", "a2"):
        station.walk(application_id, until="CloseNotice")
    terms: dict[str, Any] = {"programme": "warmth", "issuer": "街道", "document_number": "3", "area": station.code}
    days: dict[str, Any] = {"valid_from": "2017-01-18", "ceiling_fen": 500_000, "notice_days": 7, "confirmed": True}
    station.tell("StatePolicy", policy_id="once", times_a_year=1, **terms, **days)
    station.tell("ApproveApplication", application_id="a1", occurred_on="2017-01-18")
    with pytest.raises(AidedOftenEnough):
        station.tell("ApproveApplication", application_id="a2", occurred_on="2017-01-18")


def test_a_person_stands_on_one_list_of_a_festival(station: Station) -> None:
    for list_id in ("ny-1", "ny-2"):
        station.tell("PrepareConsolationList", list_id=list_id, occasion="new_year", fund_id="own")
    station.tell("AddToConsolationList", list_id="ny-1", recipient_id="wu", **LINE)
    with pytest.raises(consolation_line.OnAnotherListOfTheFestival):
        station.tell("AddToConsolationList", list_id="ny-2", recipient_id="wu", **LINE)
    winter = {"list_id": "ny-2018", "occasion": "new_year", "fund_id": "own", "occurred_on": "2017-12-01"}
    station.tell("PrepareConsolationList", **winter)
    station.tell("AddToConsolationList", list_id="ny-2018", recipient_id="wu", **LINE)


def test_nobody_opens_their_own_file_or_books_their_own_money(station: Station) -> None:
    own: tuple[tuple[str, dict[str, Any]], ...] = (
        ("OpenCase", {"person_id": "clerk", "category": "deep", "persons": 1}),
        ("RegisterCase", {"person_id": "clerk", "category": "deep", "persons": 1}),
        ("RecordPayee", {"person_id": "clerk", "holder": "某某", "account_number": "62220000000000000"}),
    )
    for name, body in own:
        with pytest.raises(SelfInterest):
            station.tell(name, by="clerk", **body)
    station.walk("a1", until="ReleasePayment")
    for name, body in (("BookBankReturn", {"paid": True}), ("ReversePayment", {"reason": "x"}), ("SignForGrant", {})):
        with pytest.raises(SelfInterest):
            station.tell(name, by="zhao", application_id="a1", occurred_on="2017-01-20", **body)
        station.tell("BookBankReturn", application_id="a1", paid=True, occurred_on="2017-01-20")
    for name, body in (("PlanExit", {"exit_by": "2018-01-01"}), ("ExitCase", {"reason": "income"})):
        with pytest.raises(SelfInterest):
            station.tell(name, by="zhao", person_id="zhao", **body)


def test_an_account_number_is_made_of_digits(station: Station) -> None:
    with pytest.raises(Invalid):
        station.tell("RecordPayee", person_id="zhao", holder="赵", account_number="6222 0000")
