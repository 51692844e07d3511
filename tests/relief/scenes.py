"""What relief must refuse, scene by scene: every order before the last is carried out, and the last is not."""

from collections.abc import Callable
from typing import Any

from lastmile.kernel.domain.identity import Role
from tests.relief.station import Station

Scene = Callable[[Station], object]

LINE: dict[str, Any] = {"list_id": "ny", "recipient_id": "wu", "recipient": "model_worker", "in_goods": False}
ACCOUNT: dict[str, Any] = {"holder": "赵某某", "account_number": "6222000011112222"}
FORWARDED: dict[str, Any] = {"aid_id": "t1", "person_id": "zhao", "school_year": "2017_2018"}
BUDGET_FEN = 1_000_000


def die(station: Station, person_id: str) -> None:
    """Relief hears of a death, and nothing was taken back yet."""
    station.tell("NoteMembershipEnded", person_id=person_id, reason="died")


def prepare_list(station: Station, amount_fen: int = 100_000, **line: Any) -> None:
    station.tell("PrepareConsolationList", list_id="ny", occasion="new_year", fund_id="own", by="preparer")
    station.tell("AddToConsolationList", amount_fen=amount_fen, **{"by": "lister", **LINE, **line})


def state_policy(station: Station, **terms: Any) -> None:
    """A nearer policy, from the day before approval on."""
    document = {"programme": "warmth", "issuer": "街道", "document_number": "3", "area": station.code}
    limits = {"ceiling_fen": 500_000, "notice_days": 7, "times_a_year": 9, "confirmed": True}
    named = {"policy_id": "nearer", "valid_from": "2017-01-17"}
    station.tell("StatePolicy", **{**named, **document, **limits, **terms})


def approve(station: Station, application_id: str = "a1", **by: Any) -> object:
    return station.tell("ApproveApplication", application_id=application_id, occurred_on="2017-01-18", **by)


def enter(station: Station, application_id: str = "a1", **by: Any) -> object:
    paid = {"pay_list_id": "list-1", "occurred_on": "2017-01-19"}
    return station.tell("EnterPayment", application_id=application_id, **paid, **by)


def state_two_policies_from_a_day(station: Station) -> None:
    state_policy(station)
    state_policy(station, policy_id="another")


def apply_from_no_fund(station: Station) -> None:
    station.walk("a1", until="Apply", fund_id="nowhere")


def apply_for_the_dead(station: Station) -> None:
    die(station, "zhao")
    station.walk("a1", until="Apply")


def apply_too_often(station: Station) -> None:
    state_policy(station, valid_from="2017-01-02", times_a_year=1)
    station.walk("a1", until="Apply")
    station.walk("a2", until="Apply")


def close_a_notice_early(station: Station) -> None:
    station.walk("a1", until="PublishNotice")
    station.tell("CloseNotice", application_id="a1", objections=0, occurred_on="2017-01-16")


def approve_too_often(station: Station) -> None:
    for application_id in ("a1", "a2"):
        station.walk(application_id, until="CloseNotice")
    state_policy(station, times_a_year=1)
    approve(station, "a1")
    approve(station, "a2")


def approve_for_the_dead(station: Station) -> None:
    station.walk("a1", until="CloseNotice")
    die(station, "zhao")
    approve(station)


def approve_under_own_policy(station: Station) -> None:
    station.walk("a1", until="CloseNotice")
    state_policy(station, by="stater")
    approve(station, by="stater")


def approve_from_own_fund(station: Station) -> None:
    station.tell("OpenFund", by="rich", fund_id="second", programme="warmth", source="own", budget_fen=BUDGET_FEN)
    station.walk("a1", until="CloseNotice", fund_id="second")
    approve(station, by="rich")


def approve_above_the_budget(station: Station) -> None:
    for application_id in ("a1", "a2"):
        station.walk(application_id, until="CloseNotice", amount_fen=500_000)
        approve(station, application_id)
    station.walk("a3", until="CloseNotice")
    approve(station, "a3")


def enter_what_one_handled(station: Station) -> None:
    station.walk("a1", until="ApproveApplication")
    enter(station, by="clerk")


def enter_to_an_account_of_ones_own_recording(station: Station) -> None:
    station.tell("RecordPayee", by="accountant", person_id="zhao", **ACCOUNT)
    station.walk("a1", until="ApproveApplication")
    enter(station)


def release_to_an_account_of_ones_own_recording(station: Station) -> None:
    station.walk("a1", until="EnterPayment")
    station.tell("RecordPayee", by="cashier", person_id="zhao", **ACCOUNT)
    station.tell("ReleasePayment", application_id="a1", occurred_on="2017-01-19")


def enter_for_the_dead(station: Station) -> None:
    station.walk("a1", until="ApproveApplication")
    die(station, "zhao")
    enter(station)


def enter_on_a_closed_list(station: Station) -> None:
    station.walk("a1", until="EnterPayment")
    station.tell("ExportBankFile", pay_list_id="list-1", format="csv", occurred_on="2017-01-19")
    station.walk("a2", until="EnterPayment")


def read_a_bank_file_unrecorded(station: Station) -> None:
    station.walk("a1", until="EnterPayment")
    station.ask_as(Role.ACCOUNTANT, "bank_file", pay_list_id="list-1")


def open_a_file_of_the_dead(station: Station) -> None:
    die(station, "wu")
    station.tell("OpenCase", person_id="wu", category="deep", persons=3)


def prepare_a_list_on_no_fund(station: Station) -> None:
    station.tell("PrepareConsolationList", list_id="ny", occasion="new_year", fund_id="nowhere")


def approve_a_list_of_ones_own_preparing(station: Station) -> None:
    prepare_list(station)
    station.tell("ApproveConsolationList", list_id="ny", by="preparer")


def approve_a_list_on_which_one_put_somebody(station: Station) -> None:
    prepare_list(station)
    station.tell("ApproveConsolationList", list_id="ny", by="lister")


def approve_a_list_on_which_one_stands(station: Station) -> None:
    prepare_list(station)
    station.tell("ApproveConsolationList", list_id="ny", lives_with=("wu",))


def approve_a_list_above_the_budget(station: Station) -> None:
    prepare_list(station, amount_fen=BUDGET_FEN + 1)
    station.tell("ApproveConsolationList", list_id="ny")


def put_the_dead_on_a_list(station: Station) -> None:
    die(station, "wu")
    prepare_list(station)


def put_somebody_on_two_lists_of_a_festival(station: Station) -> None:
    station.tell("PrepareConsolationList", list_id="ny-2", occasion="new_year", fund_id="own")
    prepare_list(station)
    station.tell("AddToConsolationList", amount_fen=100_000, **{**LINE, "list_id": "ny-2"})


def sign_for_the_dead(station: Station) -> None:
    prepare_list(station)
    station.tell("ApproveConsolationList", list_id="ny")
    die(station, "wu")
    station.tell("SignForConsolation", list_id="ny", recipient_id="wu")


def forward_for_the_dead(station: Station) -> None:
    die(station, "zhao")
    station.tell("ForwardTuitionAid", **FORWARDED)


def forward_twice_for_a_year(station: Station) -> None:
    station.tell("ForwardTuitionAid", **FORWARDED)
    station.tell("ForwardTuitionAid", **{**FORWARDED, "aid_id": "t2"})


def draw_for_the_dead(station: Station) -> None:
    station.tell("ForwardTuitionAid", **FORWARDED)
    station.tell("RecordTuitionDecision", aid_id="t1", decided_by="district", amount_fen=100)
    die(station, "zhao")
    station.tell("RecordTuitionDrawn", aid_id="t1")
