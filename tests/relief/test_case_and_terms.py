"""Files, policies and funds."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lastmile.kernel.domain.events import command_type
from lastmile.kernel.domain.failures import Invalid, NotFound
from services.relief import case as c
from services.relief import exiting
from services.relief import fund as f
from services.relief import policy as p
from services.relief.api import HANDLERS
from services.relief.rules import PersonDied
from tests.spec import Spec

DAY = date(2017, 1, 5)
END = date(2018, 12, 31)
spec = Spec(HANDLERS)
ZHAO: dict[str, Any] = {"person_id": "zhao", "occurred_on": DAY}
HOME: dict[str, Any] = {"category": "deep", "persons": 3}
OPENED = c.CaseOpened(**ZHAO, **HOME, illness="某病")
PLANNED = c.ExitPlanned(**ZHAO, exit_by=END)
EXITED = c.CaseExited(**ZHAO, **HOME, reason="income")
DIED = c.CaseMembershipEnded(**ZHAO, category="deep", reason="died")
OPEN = c.OpenCase(**ZHAO, by="clerk", **HOME, illness="某病")
DIE = c.NoteMembershipEnded(**ZHAO, reason="died")


def test_a_household_has_one_file() -> None:
    spec.when(OPEN).then(OPENED)
    spec.given(OPENED).when(OPEN).then_nothing()
    spec.given(OPENED).when(replace(OPEN, persons=4)).then_refused(c.OneFileAHousehold)
    register = c.RegisterCase(**ZHAO, by="clerk", **HOME)
    spec.when(register).then(c.CaseRegistered(**ZHAO, **HOME))
    spec.given(OPENED).when(register).then_nothing()


def test_an_exit_is_planned_replanned_and_withdrawn_so_that_the_plans_balance() -> None:
    plan = exiting.PlanExit(**ZHAO, by="clerk", exit_by=END)
    spec.given(OPENED).when(plan).then(PLANNED)
    spec.given(OPENED, PLANNED).when(plan).then_nothing()
    sooner = date(2017, 12, 31)
    anew = c.ExitPlanWithdrawn(**ZHAO, reason="planned_anew")
    spec.given(OPENED, PLANNED).when(exiting.PlanExit(**ZHAO, by="clerk", exit_by=sooner)).then(
        anew, replace(PLANNED, exit_by=sooner)
    )
    withdraw = exiting.WithdrawExitPlan(**ZHAO, by="clerk", reason="ill_again")
    spec.given(OPENED, PLANNED).when(withdraw).then(c.ExitPlanWithdrawn(**ZHAO, reason="ill_again"))
    spec.given(OPENED).when(withdraw).then_nothing()
    spec.given(OPENED).when(exiting.PlanExit(**ZHAO, by="clerk", exit_by=date(2016, 1, 1))).then_refused(
        exiting.ExitBeforePlan
    )
    spec.when(plan).then_refused(NotFound)


def test_a_household_exits_once_and_may_return() -> None:
    leave = exiting.ExitCase(**ZHAO, by="clerk", reason="income")
    spec.given(OPENED).when(leave).then(EXITED)
    spec.given(OPENED, EXITED).when(leave).then_nothing()
    spec.given(OPENED, EXITED).when(exiting.PlanExit(**ZHAO, by="clerk", exit_by=END)).then_refused(
        exiting.CaseHasExited
    )
    spec.given(OPENED, EXITED).when(OPEN).then(OPENED)
    spec.when(leave).then_refused(NotFound)


def test_the_end_of_a_membership_is_noted_once_on_a_file() -> None:
    spec.given(OPENED).when(DIE).then(DIED)
    spec.given(OPENED, DIED).when(DIE).then_nothing()
    spec.given(OPENED, DIED).when(replace(DIE, reason="left")).then_nothing()
    for reason in ("left", "moved", "expelled"):
        spec.when(replace(DIE, reason=reason)).then_nothing()
    left = replace(DIED, reason="left")
    spec.given(OPENED, left).when(replace(DIE, reason="left")).then_nothing()
    spec.given(OPENED, left).when(DIE).then(DIED)


def test_a_death_is_noted_once_without_a_file_too_and_no_file_is_opened_after_it() -> None:
    noted = c.DeathNoted(**ZHAO)
    spec.when(DIE).then(noted)
    spec.given(noted).when(DIE).then_nothing()
    spec.given(noted).when(OPEN).then_refused(PersonDied)
    spec.given(noted).when(c.RegisterCase(**ZHAO, by="clerk", **HOME)).then_refused(PersonDied)


@pytest.mark.parametrize("kind", [exiting.ExitCase, exiting.WithdrawExitPlan])
def test_why_a_household_exits_or_gives_its_plan_up_is_a_code_word_and_no_free_text(kind: type) -> None:
    body = {"person_id": "zhao", "occurred_on": "2017-01-05"}
    command_type(kind).parse(body | {"reason": "income_risen"}, actor="clerk", today=DAY)
    with pytest.raises(Invalid):
        command_type(kind).parse(body | {"reason": "the wife has AIDS"}, actor="clerk", today=DAY)


def test_no_file_is_opened_again_for_someone_who_died() -> None:
    spec.given(OPENED, DIED, EXITED).when(OPEN).then_refused(PersonDied)


TERMS: dict[str, Any] = {
    "policy_id": "2017",
    "programme": "warmth",
    "issuer": "区总工会",
    "document_number": "2016-1",
    "area": "110102",
    "valid_from": DAY,
    "ceiling_fen": 300,
    "notice_days": 0,
    "confirmed": False,
    "occurred_on": DAY,
}
STATE, STATED = p.StatePolicy(**TERMS), p.PolicyStated(**TERMS)
here = spec.knowing(p.PolicyFacts("110102017"))


def test_a_policy_is_stated_once_for_an_area_that_holds_the_station() -> None:
    here.when(STATE).then(STATED)
    here.given(STATED).when(STATE).then_nothing()
    here.given(STATED).when(replace(STATE, ceiling_fen=400)).then_refused(p.PolicyIdTaken)
    here.when(replace(STATE, area="110105")).then_refused(p.PolicyOfAnotherArea)


def test_policies_do_not_begin_on_the_same_day_or_end_before_they_begin() -> None:
    spec.knowing(p.PolicyFacts("110102017", competing="other")).when(STATE).then_refused(p.AnotherPolicyFromThatDay)
    here.when(replace(STATE, valid_until=date(2016, 1, 1))).then_refused(p.PolicyEndsBeforeItBegins)


OWN: dict[str, Any] = {"fund_id": "own", "programme": "warmth", "source": "own", "occurred_on": DAY}


def test_a_fund_is_opened_once_and_its_budget_raised() -> None:
    opened = f.FundOpened(**OWN, budget_fen=1000)
    spec.when(f.OpenFund(**OWN, budget_fen=1000)).then(opened)
    raised = f.BudgetRaised(**OWN, amount_fen=500)
    more = f.RaiseBudget(fund_id="own", amount_fen=500, occurred_on=DAY)
    spec.given(opened).when(more).then(raised)
    spec.given(opened, raised).when(f.OpenFund(**OWN, budget_fen=1000)).then_nothing()
    spec.given(opened).when(f.OpenFund(**OWN, budget_fen=999)).then_refused(f.FundIdTaken)
    spec.when(more).then_refused(NotFound)
