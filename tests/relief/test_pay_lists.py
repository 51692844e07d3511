"""Pay lists, their bank files and returns."""

from typing import Any

import orjson
import pytest

from lastmile.kernel.domain.failures import Forbidden, NotFound
from lastmile.kernel.domain.identity import Role
from services.relief.releasing import PayListClosed
from services.relief.rules import SelfPayment
from tests.relief.station import Station

ACCOUNT = {"holder": "赵某某", "account_number": "6222000011112222", "bank": "某银行"}
LATER: dict[str, Any] = {"occurred_on": "2017-01-19"}


def one(station: Station, pay_list_id: str = "list-1") -> dict[str, Any]:
    found: dict[str, Any] = station.ask_as(Role.ACCOUNTANT, "pay_list", pay_list_id=pay_list_id)
    return found


def test_a_list_tells_lines_sums_and_state(station: Station) -> None:
    station.walk("a1", until="EnterPayment")
    station.walk("a2", until="EnterPayment", amount_fen=200_000)
    assert (one(station)["lines"], one(station)["amount_fen"], one(station)["state"]) == (2, 500_000, "open")
    station.tell("ReleasePayment", application_id="a1", **LATER)
    assert one(station)["state"] == "open"
    station.tell("ReleasePayment", application_id="a2", **LATER)
    assert one(station)["state"] == "with_bank"
    station.tell("BookBankReturn", application_id="a1", paid=True, pay_list_id="list-1", occurred_on="2017-01-20")
    failed = {"paid": False, "reason": "account_closed", "pay_list_id": "list-1", "occurred_on": "2017-01-20"}
    station.tell("BookBankReturn", application_id="a2", **failed)
    row = one(station)
    assert (row["state"], row["paid"], row["paid_fen"], row["failed"]) == ("answered", 1, 300_000, 1)
    assert [(line["state"], line["reason"]) for line in row["rows"]] == [("paid", None), ("failed", "account_closed")]
    assert [row["pay_list_id"] for row in station.ask("pay_lists", state="answered", month="2017-01")] == ["list-1"]
    assert station.ask("pay_lists", state="open") == []


def test_a_list_with_its_lines_and_bank_files_can_be_sent_as_json(station: Station) -> None:
    station.tell("RecordPayee", person_id="zhao", **ACCOUNT)
    station.walk("a1", until="EnterPayment")
    station.tell("ExportBankFile", pay_list_id="list-1", format="xlsx", **LATER)
    told = one(station)
    assert (len(told["rows"]), len(told["bank_files"])) == (1, 1)
    assert orjson.loads(orjson.dumps(told)) == told


def test_a_failed_line_goes_on_a_new_list_and_is_paid_there(station: Station) -> None:
    station.walk("a1", until="ReleasePayment")
    failed = {"paid": False, "reason": "account_closed", "pay_list_id": "list-1", "occurred_on": "2017-01-20"}
    for _ in range(2):
        station.tell("BookBankReturn", application_id="a1", **failed)
    station.tell("EnterPayment", application_id="a1", pay_list_id="list-2", occurred_on="2017-01-21")
    station.tell("ReleasePayment", application_id="a1", occurred_on="2017-01-21")
    paid = {"paid": True, "pay_list_id": "list-2", "occurred_on": "2017-01-22"}
    for _ in range(2):
        station.tell("BookBankReturn", application_id="a1", **paid)
    assert len(station.payloads("GrantPaid")) == 1
    assert one(station, "list-1")["rows"][0]["state"] == "failed"
    assert one(station, "list-2")["rows"][0]["state"] == "paid"


def test_a_list_takes_no_more_once_something_on_it_was_released(station: Station) -> None:
    station.walk("a1", until="ReleasePayment")
    with pytest.raises(PayListClosed):
        station.walk("a2", until="EnterPayment")


def test_a_list_takes_no_more_once_its_bank_file_was_made(station: Station) -> None:
    station.walk("a1", until="EnterPayment")
    station.tell("ExportBankFile", pay_list_id="list-1", format="xlsx", **LATER)
    with pytest.raises(PayListClosed):
        station.walk("a2", until="EnterPayment")


def test_account_numbers_are_read_by_whoever_recorded_the_export_and_by_nobody_else(station: Station) -> None:
    station.tell("RecordPayee", person_id="zhao", **ACCOUNT)
    station.walk("a1", until="EnterPayment")
    with pytest.raises(Forbidden, match="ExportBankFile"):
        station.ask_as(Role.ACCOUNTANT, "bank_file", pay_list_id="list-1")
    station.tell("ExportBankFile", pay_list_id="list-1", format="xlsx", **LATER)
    file = station.ask_as(Role.ACCOUNTANT, "bank_file", pay_list_id="list-1")
    expected = {"reference": "a1", "person_id": "zhao", "amount_fen": 300_000, **ACCOUNT}
    assert file == {"pay_list_id": "list-1", "rows": [expected]}
    with pytest.raises(Forbidden):
        station.ask_as(Role.CASHIER, "bank_file", pay_list_id="list-1")
    with pytest.raises(Forbidden):
        station.ask_as(Role.CHAIR, "bank_file", pay_list_id="list-1")
    (made,) = one(station)["bank_files"]
    assert (made["lines"], made["amount_fen"], made["exported_by"]) == (1, 300_000, "accountant")


def test_an_account_stands_nowhere_in_clear_and_in_no_history(station: Station) -> None:
    station.tell("RecordPayee", person_id="zhao", **ACCOUNT)
    data = b"".join(entry.to_bytes() for entry in station.entries()).decode()
    assert not [value for value in ACCOUNT.values() if value in data]
    with pytest.raises(NotFound):
        station.ask_as(Role.CLERK, "history", aggregate="payee", key="zhao")
    position = station.entries()[-1].position
    with pytest.raises(NotFound):
        station.tell("RevealField", position=position, field="account_number", ground="x")


def test_whoever_entered_the_account_does_not_pay_to_it(station: Station) -> None:
    station.tell("RecordPayee", by="accountant", person_id="zhao", **ACCOUNT)
    with pytest.raises(SelfPayment):
        station.walk("a1", until="EnterPayment")


def test_a_list_that_changed_since_its_bank_file_says_so(station: Station) -> None:
    station.walk("a1", until="EnterPayment")
    station.walk("a2", until="EnterPayment")
    station.tell("ExportBankFile", pay_list_id="list-1", format="csv", **LATER)
    assert not one(station)["file_is_stale"]
    station.tell("TakeOffPayList", application_id="a2", reason="wrong_list", **LATER)
    assert one(station)["file_is_stale"]


def test_there_is_no_bank_file_of_nothing(station: Station) -> None:
    with pytest.raises(NotFound):
        station.tell("ExportBankFile", pay_list_id="list-9", format="csv", **LATER)
