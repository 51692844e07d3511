"""Festival consolation: list, approval, signature. Tuition aid: forwarded, decided above, drawn."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lastmile.kernel.domain.events import command_type
from lastmile.kernel.domain.failures import Invalid, NotFound
from services.relief import consolation as c
from services.relief import consolation_line as line
from services.relief import tuition as t
from services.relief import tuition_answer
from services.relief.api import HANDLERS
from services.relief.rules import BudgetExceeded, DatedBefore, NoSuchFund, PersonDied, SelfApproval, SelfInterest
from tests.spec import Spec

DAY = date(2017, 1, 5)
EARLIER = date(2017, 1, 4)
spec = Spec(HANDLERS)
LIST: dict[str, Any] = {"list_id": "ny", "occurred_on": DAY}
NEW_YEAR: dict[str, Any] = {"occasion": "new_year", "fund_id": "own"}
PREPARE = c.PrepareConsolationList(**LIST, **NEW_YEAR, by="clerk")
PREPARED = c.ConsolationListPrepared(**LIST, **NEW_YEAR, prepared_by="clerk", festival_year=2017)
SUM = c.ListSum(lines=2, amount_fen=300, added_by=frozenset({"helper"}), last_on=DAY, budget_left_fen=300)
APPROVED = c.ConsolationListApproved(**LIST, **NEW_YEAR, lines=2, amount_fen=300, approved_by="chair")


def approve(by: str = "chair", on: date = DAY) -> c.ApproveConsolationList:
    return c.ApproveConsolationList(list_id="ny", by=by, occurred_on=on)


def test_a_list_is_prepared_once_on_a_fund() -> None:
    spec.knowing(True).when(PREPARE).then(PREPARED)
    spec.knowing(True).given(PREPARED).when(PREPARE).then_nothing()
    spec.knowing(True).given(PREPARED).when(replace(PREPARE, occasion="may_day")).then_refused(c.ListIdTaken)
    spec.knowing(False).when(PREPARE).then_refused(NoSuchFund)


def test_a_list_is_approved_once_by_another_person_within_the_budget() -> None:
    prepared = spec.given(PREPARED).knowing(SUM)
    prepared.when(approve()).then(APPROVED)
    prepared.given(APPROVED).when(approve()).then_nothing()
    prepared.when(approve(by="clerk")).then_refused(SelfApproval)
    prepared.when(approve(by="helper")).then_refused(SelfApproval)
    prepared.when(approve(on=EARLIER)).then_refused(DatedBefore)
    prepared.knowing(replace(SUM, budget_left_fen=299)).when(approve()).then_refused(BudgetExceeded)
    prepared.knowing(replace(SUM, lines=0, last_on=None)).when(approve()).then_refused(c.EmptyList)
    spec.knowing(SUM).when(approve()).then_refused(NotFound)


def test_nobody_approves_a_list_that_they_are_on() -> None:
    spec.given(PREPARED).knowing(replace(SUM, approver_is_on_it=True)).when(approve()).then_refused(SelfInterest)


LINE: dict[str, Any] = {"recipient_id": "wu", "recipient": "model_worker", "amount_fen": 100, "in_goods": True}
ADD = line.AddToConsolationList(**LIST, **LINE, by="clerk")
ADDED = line.ConsolationLineAdded(**LIST, **LINE, added_by="clerk")
SIGN = line.SignForConsolation(**LIST, recipient_id="wu", by="clerk")
SIGNED = line.ConsolationSignedFor(**LIST, **LINE, **NEW_YEAR)
OPEN = line.ListFacts("new_year", "own", approved_on=None)
CLOSED = line.ListFacts("new_year", "own", approved_on=DAY)


def test_a_person_stands_once_on_a_list_until_it_is_approved() -> None:
    spec.knowing(OPEN).when(ADD).then(ADDED)
    spec.knowing(OPEN).given(ADDED).when(ADD).then_nothing()
    spec.knowing(OPEN).given(ADDED).when(replace(ADD, amount_fen=99)).then_refused(line.OnTheListAlready)
    spec.knowing(CLOSED).when(ADD).then_refused(line.ListApproved)
    spec.when(ADD).then_refused(NotFound)


def test_consolation_is_signed_for_once_after_the_approval() -> None:
    spec.knowing(CLOSED).given(ADDED).when(SIGN).then(SIGNED)
    spec.knowing(CLOSED).given(ADDED, SIGNED).when(SIGN).then_nothing()
    spec.knowing(OPEN).given(ADDED).when(SIGN).then_refused(line.ListNotApproved)
    spec.knowing(CLOSED).given(ADDED).when(replace(SIGN, occurred_on=EARLIER)).then_refused(DatedBefore)
    spec.knowing(CLOSED).when(SIGN).then_refused(NotFound)


def test_nobody_puts_themselves_on_a_list() -> None:
    spec.knowing(OPEN).when(replace(ADD, by="wu")).then_refused(SelfInterest)


def test_who_died_is_put_on_no_list_and_receives_nothing() -> None:
    spec.knowing(replace(OPEN, died=True)).when(ADD).then_refused(PersonDied)
    spec.knowing(replace(CLOSED, died=True)).given(ADDED).when(SIGN).then_refused(PersonDied)


AID: dict[str, Any] = {"aid_id": "t1", "occurred_on": DAY}
FORWARD = t.ForwardTuitionAid(**AID, person_id="zhao", school_year="2017_2018", by="clerk")
FORWARDED = t.TuitionAidForwarded(**AID, person_id="zhao", school_year="2017_2018")
DECIDE = tuition_answer.RecordTuitionDecision(**AID, decided_by="city", amount_fen=500, by="clerk")
DECIDED = t.TuitionAidDecided(**AID, person_id="zhao", decided_by="city", amount_fen=500)
REFUSE = tuition_answer.RefuseTuitionAid(**AID, reason="military", by="clerk")
REFUSED = t.TuitionAidRefused(**AID, person_id="zhao", reason="military")
DRAW = tuition_answer.RecordTuitionDrawn(**AID, by="clerk")
DRAWN = t.TuitionAidDrawn(**AID, person_id="zhao", amount_fen=500, decided_by="city")


def test_tuition_aid_is_forwarded_once_a_person_and_school_year() -> None:
    known = spec.knowing(t.TuitionFacts())
    known.when(FORWARD).then(FORWARDED)
    spec.given(FORWARDED).knowing(t.TuitionFacts("t1")).when(FORWARD).then_nothing()
    spec.knowing(t.TuitionFacts("t0")).when(FORWARD).then_refused(t.SecondAidForTheSamePurpose)
    spec.given(FORWARDED).when(replace(FORWARD, person_id="qian")).then_refused(t.AidIdTaken)


def test_tuition_aid_is_neither_forwarded_nor_drawn_for_someone_who_died() -> None:
    spec.knowing(t.TuitionFacts(died=True)).when(FORWARD).then_refused(PersonDied)
    spec.given(FORWARDED, DECIDED).knowing(True).when(DRAW).then_refused(PersonDied)


def test_nobody_forwards_or_enters_tuition_aid_for_themselves() -> None:
    spec.knowing(t.TuitionFacts()).when(replace(FORWARD, by="zhao")).then_refused(SelfInterest)
    spec.given(FORWARDED).when(replace(DECIDE, by="zhao")).then_refused(SelfInterest)
    spec.given(FORWARDED).when(replace(REFUSE, by="zhao")).then_refused(SelfInterest)
    spec.given(FORWARDED, DECIDED).knowing(False).when(replace(DRAW, by="zhao")).then_refused(SelfInterest)


@pytest.mark.parametrize(
    "written", ["2017", "2017_18", "2017-2018", "2017_2019", "2018_2017", "2017_2018_", "autumn", "２０１７_2018"]
)
def test_a_school_year_is_written_in_one_way_only(written: str) -> None:
    body = {"aid_id": "t1", "person_id": "zhao", "occurred_on": "2017-01-05"}
    forward = command_type(t.ForwardTuitionAid)
    forward.parse(body | {"school_year": "2017_2018"}, actor="clerk", today=DAY)
    with pytest.raises(Invalid):
        forward.parse(body | {"school_year": written}, actor="clerk", today=DAY)


def test_why_tuition_aid_is_refused_is_a_code_word_and_no_free_text() -> None:
    body = {"aid_id": "t1", "reason": "his father is in prison", "occurred_on": "2017-01-05"}
    with pytest.raises(Invalid):
        command_type(tuition_answer.RefuseTuitionAid).parse(body, actor="clerk", today=DAY)


def test_tuition_aid_is_decided_once_above() -> None:
    spec.given(FORWARDED).when(DECIDE).then(DECIDED)
    spec.given(FORWARDED, DECIDED).when(DECIDE).then_nothing()
    spec.given(FORWARDED, DECIDED).when(replace(DECIDE, amount_fen=1)).then_refused(
        tuition_answer.TuitionDecidedAlready
    )
    spec.given(FORWARDED).when(replace(DECIDE, occurred_on=EARLIER)).then_refused(DatedBefore)
    spec.given(FORWARDED).when(REFUSE).then(REFUSED)
    spec.given(FORWARDED, REFUSED).when(REFUSE).then_nothing()
    spec.given(FORWARDED, REFUSED).when(DECIDE).then_refused(tuition_answer.TuitionDecidedAlready)
    spec.given(FORWARDED, DECIDED).when(REFUSE).then_refused(tuition_answer.TuitionDecidedAlready)


def test_only_granted_aid_is_drawn_and_once() -> None:
    spec.given(FORWARDED, DECIDED).when(DRAW).then(DRAWN)
    spec.given(FORWARDED, DECIDED, DRAWN).when(DRAW).then_nothing()
    spec.given(FORWARDED).when(DRAW).then_refused(tuition_answer.TuitionNotGranted)
    spec.given(FORWARDED, REFUSED).when(DRAW).then_refused(tuition_answer.TuitionNotGranted)


def test_a_request_that_nobody_forwarded_is_not_found() -> None:
    for asked in (DECIDE, REFUSE, DRAW):
        spec.when(asked).then_refused(NotFound)
