"""Whoever works at the station has no hand in aid for their own household, though their ids as members differ."""

from collections.abc import Iterator
from typing import Any

import pytest

from lastmile.kernel.domain.fields import annotations
from lastmile.kernel.domain.identity import Role
from services.relief.api import RELIEF
from services.relief.rules import SelfInterest
from tests.relief.checks import Check, checks, take_away
from tests.relief.station import CHAIN, Station

LIST, AID = {"list_id": "ny"}, {"aid_id": "t1"}
LINE = {**LIST, "recipient_id": "zhao", "recipient": "model_worker"}
Asked = tuple[str, dict[str, Any]]

STEPS: tuple[Asked, ...] = (
    ("OpenCase", {"person_id": "wu", "category": "deep", "persons": 3}),
    ("RegisterCase", {"person_id": "sun", "category": "deep", "persons": 3}),
    ("PlanExit", {"person_id": "wu", "exit_by": "2018-01-01"}),
    ("WithdrawExitPlan", {"person_id": "wu", "reason": "ill_again"}),
    ("ExitCase", {"person_id": "wu", "reason": "income"}),
    ("RecordPayee", {"person_id": "zhao", "holder": "某某", "account_number": "62220000000000000"}),
    *((name, {"application_id": "a1", **body}) for name, body in CHAIN if name != "SignForGrant"),
    ("ReversePayment", {"application_id": "a1", "reason": "wrong", "occurred_on": "2017-01-21"}),
    ("EnterPayment", {"application_id": "a1", "pay_list_id": "list-2", "occurred_on": "2017-01-22"}),
    ("TakeOffPayList", {"application_id": "a1", "reason": "late", "occurred_on": "2017-01-22"}),
    ("EnterPayment", {"application_id": "a1", "pay_list_id": "list-3", "occurred_on": "2017-01-23"}),
    ("ReleasePayment", {"application_id": "a1", "occurred_on": "2017-01-23"}),
    ("BookBankReturn", {"application_id": "a1", "paid": True, "pay_list_id": "list-3", "occurred_on": "2017-01-24"}),
    ("SignForGrant", {"application_id": "a1", "occurred_on": "2017-01-25"}),
    ("Apply", {"application_id": "a2", **CHAIN[0][1]}),
    ("ReturnApplication", {"application_id": "a2", "reason": "late"}),
    ("ResubmitApplication", {"application_id": "a2", "amount_fen": 2}),
    ("RefuseApplication", {"application_id": "a2", "reason": "late"}),
    ("Apply", {"application_id": "a3", **CHAIN[0][1]}),
    ("WithdrawApplication", {"application_id": "a3", "reason": "not_wanted"}),
    ("AddToConsolationList", {**LINE, "amount_fen": 100, "in_goods": True}),
    ("ApproveConsolationList", LIST),
    ("SignForConsolation", {**LIST, "recipient_id": "zhao"}),
    ("ForwardTuitionAid", {**AID, "person_id": "zhao", "school_year": "2017_2018"}),
    ("RecordTuitionDecision", {**AID, "decided_by": "district", "amount_fen": 100}),
    ("RecordTuitionDrawn", AID),
    ("ForwardTuitionAid", {"aid_id": "t2", "person_id": "wu", "school_year": "2017_2018"}),
    ("RefuseTuitionAid", {"aid_id": "t2", "reason": "military"}),
)
"""Every order about somebody's aid, in an order in which each can be carried out."""

ABOUT_NOBODYS_AID = {
    "ExportBankFile",
    "NoteMembershipEnded",
    "OpenFund",
    "PrepareConsolationList",
    "RaiseBudget",
    "RecordExport",
    "RevealField",
    "StatePolicy",
}


def steps(station: Station) -> Iterator[Asked]:
    station.tell("PrepareConsolationList", **LIST, occasion="new_year", fund_id="own")
    yield from STEPS


OWN_AID = [check for check in checks() if check.refuses == "not_for_oneself"]


def taken_by_the_household(station: Station) -> str | None:
    """The first step that somebody of the household can take; each that they cannot is taken by others."""
    for name, body in steps(station):
        try:
            station.tell(name, by="wei", lives_with=("member-7", "zhao", "wu", "sun"), **body)
        except SelfInterest:
            assert station.tell(name, **body)["event_ids"], name
        else:
            return name
    return None


def test_no_step_of_aid_is_taken_by_whoever_lives_in_the_household_and_each_by_others(station: Station) -> None:
    assert taken_by_the_household(station) is None


@pytest.mark.parametrize("check", OWN_AID, ids=str)
def test_a_step_that_does_not_mind_the_household_is_found(
    sqlite_station: Station, monkeypatch: pytest.MonkeyPatch, check: Check
) -> None:
    take_away(monkeypatch, check)
    assert taken_by_the_household(sqlite_station)


def test_who_lives_in_another_household_takes_the_same_steps(station: Station) -> None:
    for name, body in steps(station):
        assert station.tell(name, lives_with=("member-7",), **body)["event_ids"], name


def test_the_pages_say_who_is_kept_from_it_before_they_try(station: Station) -> None:
    station.walk("a1", until="CloseNotice")
    (waiting,) = station.ask_as(Role.CHAIR, "approvals_waiting", lives_with=("zhao",))["rows"]
    shown = station.ask_as(Role.CHAIR, "application", lives_with=("zhao",), application_id="a1")
    assert (waiting["barred"], shown["next"][0]["mine"]) == (["own_aid"], False)
    (waiting,) = station.ask_as(Role.CHAIR, "approvals_waiting")["rows"]
    shown = station.ask_as(Role.CHAIR, "application", application_id="a1")
    assert (waiting["barred"], shown["next"][0]["mine"]) == ([], True)


def test_every_order_about_aid_is_tried_here_and_the_others_are_named() -> None:
    asked = {name: annotations(handles.command) for name, handles in RELIEF.handlers.by_name.items()}
    minding = {name for name, fields in asked.items() if "by_household" in fields}
    assert minding == {name for name, _ in STEPS}
    assert asked.keys() - minding == ABOUT_NOBODYS_AID
