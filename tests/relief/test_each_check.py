"""Each check that relief makes is missed by some test once it is taken away, and none is forgotten here."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lastmile.kernel.domain.failures import Conflict, Failure, Forbidden
from services.relief import approval, facts, policy, releasing, rules, tuition
from services.relief.consolation_line import OnAnotherListOfTheFestival
from services.relief.views import (
    applications_open,
    cases,
    consolation_lists,
    funds_left,
    pay_lists,
    payees,
    policies_in_force,
    tuition_aids,
)
from tests.relief import scenes
from tests.relief.checks import Check, checks, take_away
from tests.relief.scenes import Scene
from tests.relief.station import Station
from tests.relief.test_four_eyes import CHECKS
from tests.relief.test_own_household import OWN_AID, steps

Refusal = type[Failure]
SCENES: dict[Check, tuple[Refusal, Scene]] = {
    Check("applying", "apply", "NoSuchFund"): (rules.NoSuchFund, scenes.apply_from_no_fund),
    Check("applying", "apply", "PersonDied"): (rules.PersonDied, scenes.apply_for_the_dead),
    Check("approval", "close_notice", "window_passed"): (approval.NoticeStillOpen, scenes.close_a_notice_early),
    Check("approval", "_approvable", "not_too_often"): (rules.AidedOftenEnough, scenes.approve_too_often),
    Check("approval", "_approvable", "PersonDied"): (rules.PersonDied, scenes.approve_for_the_dead),
    Check("case", "_enter", "PersonDied"): (rules.PersonDied, scenes.open_a_file_of_the_dead),
    Check("consolation", "prepare_consolation_list", "NoSuchFund"): (
        rules.NoSuchFund,
        scenes.prepare_a_list_on_no_fund,
    ),
    Check("consolation", "approve_consolation_list", "listed_by_others"): (
        rules.SelfApproval,
        scenes.approve_a_list_of_ones_own_preparing,
    ),
    Check("consolation", "approve_consolation_list", "SelfInterest"): (
        rules.SelfInterest,
        scenes.approve_a_list_on_which_one_stands,
    ),
    Check("consolation", "approve_consolation_list", "within_budget"): (
        rules.BudgetExceeded,
        scenes.approve_a_list_above_the_budget,
    ),
    Check("consolation_line", "add_to_consolation_list", "_refuse_dead"): (
        rules.PersonDied,
        scenes.put_the_dead_on_a_list,
    ),
    Check("consolation_line", "sign_for_consolation", "_refuse_dead"): (rules.PersonDied, scenes.sign_for_the_dead),
    Check("releasing", "_payable", "PersonDied"): (rules.PersonDied, scenes.enter_for_the_dead),
    Check("tuition", "forward_tuition_aid", "PersonDied"): (rules.PersonDied, scenes.forward_for_the_dead),
    Check("tuition_answer", "record_tuition_drawn", "PersonDied"): (rules.PersonDied, scenes.draw_for_the_dead),
    Check("views.bank_file", "bank_file", "_recorded"): (Forbidden, scenes.read_a_bank_file_unrecorded),
}
"""The checks that neither the runs by lot nor the steps below meet."""

READ: tuple[tuple[ModuleType, str, Any, Refusal, Scene], ...] = (
    (policies_in_force, "competing", None, policy.AnotherPolicyFromThatDay, scenes.state_two_policies_from_a_day),
    (applications_open, "others", (0, 0), rules.AidedOftenEnough, scenes.apply_too_often),
    (applications_open, "hands", frozenset(), rules.SelfPayment, scenes.enter_what_one_handled),
    (payees, "payee", None, rules.SelfPayment, scenes.enter_to_an_account_of_ones_own_recording),
    (payees, "payee", None, rules.SelfPayment, scenes.release_to_an_account_of_ones_own_recording),
    (pay_lists, "closed", False, releasing.PayListClosed, scenes.enter_on_a_closed_list),
    (funds_left, "left_fen", 9 * scenes.BUDGET_FEN, rules.BudgetExceeded, scenes.approve_above_the_budget),
    (consolation_lists, "added_by", frozenset(), rules.SelfApproval, scenes.approve_a_list_on_which_one_put_somebody),
    (consolation_lists, "are_on_it", False, rules.SelfInterest, scenes.approve_a_list_on_which_one_stands),
    (consolation_lists, "other_list", None, OnAnotherListOfTheFestival, scenes.put_somebody_on_two_lists_of_a_festival),
    (tuition_aids, "not_refused", None, tuition.SecondAidForTheSamePurpose, scenes.forward_twice_for_a_year),
    *(
        (cases, "died", False, rules.PersonDied, scene)
        for scene in (scenes.apply_for_the_dead, scenes.approve_for_the_dead, scenes.enter_for_the_dead)
    ),
)
"""What decisions read of the views in order to refuse, and what it would be if nothing stood against the order."""

CARRIED_OUT_ON = {
    "policies_in_force.in_force",
    "funds_left.fund",
    "applications_open.application",
    "cases.case_file",
    "pay_lists.list_sum",
    "consolation_lists.list_sum",
    "consolation_lists.consolation_list",
    "tuition_aids.person",
    "vouchers.next_voucher",
}
"""What decisions read because nothing can be done without it."""

LET_THROUGH = (None, Conflict)
"""Carried out, or stopped by the database alone."""

EARLY = "2017-01-04"
"""The day before everything in the steps."""
DATED = [check for check in checks() if check.refuses == "not_before"]


def refused(station: Station, scene: Scene) -> Refusal | None:
    try:
        scene(station)
    except Failure as failure:
        return type(failure)
    return None


def taken_early(station: Station, orders: set[str]) -> str | None:
    """The first of these orders that is carried out though it is dated before the step that it follows."""
    for name, body in steps(station):
        if name in orders:
            try:
                if station.tell(name, **{**body, "occurred_on": EARLY})["event_ids"]:
                    return name
            except rules.DatedBefore:
                pass
        assert station.tell(name, **body)["event_ids"], name
    return None


def order_of(check: Check) -> set[str]:
    function = check.function
    return {"ApproveApplication"} if function == "_approvable" else {function.title().replace("_", "")}


@pytest.mark.parametrize(("refusal", "scene"), [*SCENES.values(), *((row[3], row[4]) for row in READ)])
def test_a_scene_ends_in_its_refusal(sqlite_station: Station, refusal: Refusal, scene: Scene) -> None:
    assert refused(sqlite_station, scene) is refusal


@pytest.mark.parametrize("check", SCENES, ids=str)
def test_a_check_that_is_taken_away_is_found(
    sqlite_station: Station, monkeypatch: pytest.MonkeyPatch, check: Check
) -> None:
    take_away(monkeypatch, check)
    assert refused(sqlite_station, SCENES[check][1]) in LET_THROUGH


@pytest.mark.parametrize("row", READ, ids=lambda row: f"{row[1]}-{row[4].__name__}")
def test_a_reading_that_is_taken_away_is_found(
    sqlite_station: Station, monkeypatch: pytest.MonkeyPatch, row: tuple[ModuleType, str, Any, Refusal, Scene]
) -> None:
    view, reads, nothing, _, scene = row
    monkeypatch.setattr(view, reads, lambda *_asked: nothing)
    assert refused(sqlite_station, scene) in LET_THROUGH


def test_no_step_is_dated_before_the_one_that_it_follows(sqlite_station: Station) -> None:
    assert taken_early(sqlite_station, {order for check in DATED for order in order_of(check)}) is None


@pytest.mark.parametrize("check", DATED, ids=str)
def test_a_date_that_is_not_minded_is_found(
    sqlite_station: Station, monkeypatch: pytest.MonkeyPatch, check: Check
) -> None:
    take_away(monkeypatch, check)
    assert {taken_early(sqlite_station, order_of(check))} == order_of(check)


def test_every_check_is_taken_away_somewhere() -> None:
    found = checks()
    assert len(found) > len(SCENES)
    assert set(found) == {*CHECKS, *SCENES, *OWN_AID, *DATED}


def test_every_reading_is_taken_away_or_named_as_what_an_order_is_carried_out_on() -> None:
    taken = {f"{view.__name__.rpartition('.')[2]}.{reads}" for view, reads, *_ in READ}
    assert set(readings()) == taken | CARRIED_OUT_ON
    assert not taken & CARRIED_OUT_ON


def readings() -> Iterator[str]:
    """What `facts.py` asks of the views."""
    for node in ast.walk(ast.parse(Path(facts.__file__).read_text())):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=view), attr=reads), args=[_, *_]):
                if hasattr(getattr(facts, view, None), "fold"):
                    yield f"{view}.{reads}"
