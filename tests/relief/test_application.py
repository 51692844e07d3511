"""An application's chain: each step, its refusals, and that asking twice writes once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from lastmile.kernel.domain.failures import NotFound
from services.relief import application as a
from services.relief import application_events as e
from services.relief import applying, approval, handling, reviewing
from services.relief.api import HANDLERS
from services.relief.rules import (
    BudgetExceeded,
    DatedBefore,
    NoSuchFund,
    PersonDied,
    SelfApproval,
    SelfInterest,
    SelfPolicy,
    SelfReview,
)
from tests.spec import Spec

DAY = date(2017, 1, 5)
UNTIL = DAY + timedelta(days=7)
spec = Spec(HANDLERS)
THE_ONE: dict[str, Any] = {"application_id": "a1", "occurred_on": DAY}
SAID: dict[str, Any] = {"person_id": "zhao", "programme": "warmth", "fund_id": "own", "amount_fen": 300, "ground": "病"}
MADE = e.ApplicationMade(**THE_ONE, **SAID, handled_by="clerk")
VISITED = e.HomeVisited(**THE_ONE, finding="in_need", handled_by="clerk")
CLEAR = e.RegistersCompared(**THE_ONE, clear=True, handled_by="clerk")
REVIEWED = e.ApplicationReviewed(**THE_ONE, reviewed_by="head")
NOTICED = e.NoticePublished(**THE_ONE, policy_id="2017", notice_until=UNTIL, published_by="publisher")
CLOSED = e.NoticeClosed(application_id="a1", objections=0, closed_by="closer", occurred_on=UNTIL)
RETURNED = e.ApplicationReturned(**THE_ONE, reason="paper_missing", returned_by="head")
RESUBMITTED = e.ApplicationResubmitted(**THE_ONE, amount_fen=200, handled_by="clerk")
REFUSED = e.ApplicationRefused(**THE_ONE, reason="not_in_need", refused_by="chair")
APPROVED = e.ApplicationApproved(
    application_id="a1",
    person_id="zhao",
    programme="warmth",
    fund_id="own",
    policy_id="2017",
    amount_fen=300,
    approved_by="chair",
    occurred_on=UNTIL,
)
TERMS = approval.Terms("2017", ceiling_fen=300, notice_days=7)
FACTS = approval.ApprovalFacts(TERMS, budget_left_fen=300, case_open=True)

in_hand = spec.given(MADE, VISITED, CLEAR)
reviewed = in_hand.given(REVIEWED)
on_notice = reviewed.given(NOTICED)
unopposed = on_notice.given(CLOSED)
approved = unopposed.given(APPROVED)


def apply(**other: Any) -> applying.Apply:
    return applying.Apply(**{**THE_ONE, **SAID, "by": "clerk", **other})


def review(by: str = "head") -> reviewing.ReviewApplication:
    return reviewing.ReviewApplication(**THE_ONE, by=by)


def close(objections: int = 0, on: date = UNTIL) -> approval.CloseNotice:
    return approval.CloseNotice(application_id="a1", objections=objections, by="closer", occurred_on=on)


def approve(by: str = "chair", on: date = UNTIL) -> approval.ApproveApplication:
    return approval.ApproveApplication(application_id="a1", by=by, occurred_on=on)


def test_a_household_applies_once_to_a_fund_of_the_programme() -> None:
    known = spec.knowing(applying.ApplyFacts("warmth"))
    known.when(apply()).then(MADE)
    known.given(MADE).when(apply()).then_nothing()
    known.given(MADE).when(apply(amount_fen=301)).then_refused(applying.ApplicationIdTaken)
    spec.knowing(applying.ApplyFacts(None)).when(apply()).then_refused(NoSuchFund)
    spec.knowing(applying.ApplyFacts("warmth", died=True)).when(apply()).then_refused(PersonDied)


def test_a_visit_and_a_comparison_are_written_once_and_again_when_they_find_something_else() -> None:
    visit = handling.RecordHomeVisit(**THE_ONE, finding="in_need", by="clerk")
    spec.given(MADE).when(visit).then(VISITED)
    spec.given(MADE, VISITED).when(visit).then_nothing()
    compare = handling.RecordComparison(**THE_ONE, clear=True, by="clerk")
    spec.given(MADE).when(compare).then(CLEAR)
    spec.given(MADE, CLEAR).when(compare).then_nothing()
    unclear = e.RegistersCompared(**THE_ONE, clear=False, handled_by="clerk")
    spec.given(MADE, unclear).when(compare).then(CLEAR)


def test_review_needs_a_visit_and_clear_registers() -> None:
    in_hand.when(review()).then(REVIEWED)
    spec.given(MADE, CLEAR).when(review()).then_refused(reviewing.NotVisitedAndCompared)
    spec.given(MADE, VISITED).when(review()).then_refused(reviewing.NotVisitedAndCompared)
    unclear = e.RegistersCompared(**THE_ONE, clear=False, handled_by="clerk")
    spec.given(MADE, VISITED, unclear).when(review()).then_refused(reviewing.NotVisitedAndCompared)


def test_nobody_reviews_what_they_handled() -> None:
    in_hand.when(review(by="clerk")).then_refused(SelfReview)


def test_who_resubmits_an_application_handles_it() -> None:
    by_head = e.ApplicationResubmitted(**THE_ONE, amount_fen=200, handled_by="head")
    in_hand.given(RETURNED, by_head).when(review()).then_refused(SelfReview)


def test_who_reviewed_an_application_does_not_handle_it_when_it_comes_back() -> None:
    resubmit = handling.ResubmitApplication(**THE_ONE, amount_fen=200, by="head")
    reviewed.given(RETURNED).when(resubmit).then_refused(SelfReview)


def test_a_review_asked_twice_is_written_once() -> None:
    reviewed.when(review()).then_nothing()
    reviewed.when(review(by="deputy")).then_refused(a.NotAtThisStep)


def test_a_notice_runs_for_the_days_that_the_policy_sets() -> None:
    publish = approval.PublishNotice(**THE_ONE, by="publisher")
    reviewed.knowing(TERMS).when(publish).then(NOTICED)
    on_notice.knowing(TERMS).when(publish).then_nothing()
    reviewed.when(publish).then_refused(approval.NoPolicyInForce)
    in_hand.knowing(TERMS).when(publish).then_refused(a.NotAtThisStep)


def test_a_notice_closes_not_before_its_last_day() -> None:
    on_notice.when(close()).then(CLOSED)
    on_notice.when(close(on=UNTIL - timedelta(days=1))).then_refused(approval.NoticeStillOpen)
    unopposed.when(close()).then_nothing()


def test_with_objections_the_application_goes_back_to_review() -> None:
    objected = e.NoticeClosed(application_id="a1", objections=2, closed_by="closer", occurred_on=UNTIL)
    on_notice.when(close(objections=2)).then(objected)
    on_notice.given(objected).knowing(FACTS).when(approve()).then_refused(a.NotAtThisStep)
    again = reviewing.ReviewApplication(application_id="a1", by="head", occurred_on=UNTIL)
    on_notice.given(objected).when(again).then(
        e.ApplicationReviewed(application_id="a1", reviewed_by="head", occurred_on=UNTIL)
    )


def test_a_grant_is_approved_once_under_the_policy_of_the_day() -> None:
    unopposed.knowing(FACTS).when(approve()).then(APPROVED)
    approved.knowing(FACTS).when(approve()).then_nothing()


def test_nothing_is_approved_while_the_notice_runs() -> None:
    on_notice.knowing(FACTS).when(approve()).then_refused(approval.NoticeStillOpen)
    unopposed.knowing(FACTS).when(approve(on=UNTIL - timedelta(days=1))).then_refused(DatedBefore)
    reviewed.knowing(FACTS).when(approve()).then_refused(a.NotAtThisStep)


def test_nobody_approves_what_they_handled_or_reviewed() -> None:
    unopposed.knowing(FACTS).when(approve(by="clerk")).then_refused(SelfApproval)
    unopposed.knowing(FACTS).when(approve(by="head")).then_refused(SelfApproval)


def test_nobody_approves_what_they_put_on_notice_or_took_from_it() -> None:
    unopposed.knowing(FACTS).when(approve(by="publisher")).then_refused(SelfApproval)
    unopposed.knowing(FACTS).when(approve(by="closer")).then_refused(SelfApproval)


def test_a_notice_of_which_nobody_knows_who_published_it_is_read_as_before() -> None:
    known = reviewed.given(replace(NOTICED, published_by=None), replace(CLOSED, closed_by=None)).knowing(FACTS)
    known.when(approve()).then(APPROVED)


def test_nobody_approves_under_terms_that_they_stated_or_from_a_fund_that_they_opened() -> None:
    stated = replace(FACTS, terms=replace(TERMS, stated_by="chair"))
    unopposed.knowing(stated).when(approve()).then_refused(SelfPolicy)
    unopposed.knowing(replace(FACTS, fund_opened_by="chair")).when(approve()).then_refused(SelfPolicy)


def test_nobody_has_a_hand_in_aid_for_themselves() -> None:
    made = spec.given(MADE)
    spec.knowing(applying.ApplyFacts("warmth")).when(apply(by="zhao")).then_refused(SelfInterest)
    made.when(handling.RecordHomeVisit(**THE_ONE, finding="in_need", by="zhao")).then_refused(SelfInterest)
    made.when(handling.RecordComparison(**THE_ONE, clear=True, by="zhao")).then_refused(SelfInterest)
    in_hand.when(review(by="zhao")).then_refused(SelfInterest)
    in_hand.when(reviewing.ReturnApplication(**THE_ONE, reason="late", by="zhao")).then_refused(SelfInterest)
    in_hand.when(reviewing.RefuseApplication(**THE_ONE, reason="late", by="zhao")).then_refused(SelfInterest)
    resubmit = handling.ResubmitApplication(**THE_ONE, amount_fen=200, by="zhao")
    in_hand.given(RETURNED).when(resubmit).then_refused(SelfInterest)
    reviewed.knowing(TERMS).when(approval.PublishNotice(**THE_ONE, by="zhao")).then_refused(SelfInterest)
    on_notice.when(replace(close(), by="zhao")).then_refused(SelfInterest)
    unopposed.knowing(FACTS).when(approve(by="zhao")).then_refused(SelfInterest)


def test_an_approval_needs_policy_ceiling_budget_and_a_living_person_on_file() -> None:
    def refused(rule: Any, **facts: Any) -> None:
        known: dict[str, Any] = {"terms": TERMS, "budget_left_fen": 300, "case_open": True, "died": False}
        unopposed.knowing(approval.ApprovalFacts(**known | facts)).when(approve()).then_refused(rule)

    refused(approval.NoPolicyInForce, terms=None)
    refused(approval.CeilingExceeded, terms=approval.Terms("2017", ceiling_fen=299, notice_days=7))
    refused(BudgetExceeded, budget_left_fen=299)
    refused(approval.NoCaseOnFile, case_open=False)
    refused(PersonDied, died=True)


def test_a_returned_application_is_resubmitted_with_another_amount() -> None:
    send_back = reviewing.ReturnApplication(**THE_ONE, reason="paper_missing", by="head")
    in_hand.when(send_back).then(RETURNED)
    in_hand.given(RETURNED).when(send_back).then_nothing()
    resubmit = handling.ResubmitApplication(**THE_ONE, amount_fen=200, by="clerk")
    in_hand.given(RETURNED).when(resubmit).then(RESUBMITTED)
    in_hand.given(RETURNED, RESUBMITTED).when(resubmit).then_nothing()
    in_hand.when(resubmit).then_refused(a.NotAtThisStep)


def test_a_refused_application_ends() -> None:
    refuse = reviewing.RefuseApplication(**THE_ONE, reason="not_in_need", by="chair")
    unopposed.when(refuse).then(REFUSED)
    ended = in_hand.given(REFUSED)
    ended.when(refuse).then_nothing()
    ended.when(review()).then_refused(a.NotAtThisStep)
    ended.when(handling.ResubmitApplication(**THE_ONE, amount_fen=200, by="clerk")).then_refused(a.NotAtThisStep)
    approved.when(refuse).then_refused(a.NotAtThisStep)


def test_what_was_never_applied_for_is_not_found() -> None:
    spec.when(review()).then_refused(NotFound)
    spec.knowing(FACTS).when(approve()).then_refused(NotFound)
