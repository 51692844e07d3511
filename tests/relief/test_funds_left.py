"""Approvals and lists bind a fund's money, payments spend it, and each payment has its voucher."""

import pytest
from sqlalchemy import select

from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.execution import Order
from services.relief.rules import BudgetExceeded
from services.relief.views.vouchers import vouchers
from tests.relief.station import CHAIN, CODE, Body, Station, fund


def test_an_approval_binds_the_budget_and_a_payment_spends_it(station: Station) -> None:
    station.walk("a1", until="CloseNotice")
    assert fund(station) == (1_000_000, 0)
    station.tell("ApproveApplication", application_id="a1", occurred_on="2017-01-18")
    assert fund(station) == (700_000, 0)
    for name, body in CHAIN[7:10]:
        station.tell(name, application_id="a1", **body)
    assert fund(station) == (700_000, 300_000)
    station.tell("ReversePayment", application_id="a1", reason="wrong_card", occurred_on="2017-02-01")
    assert fund(station) == (700_000, 0)


def test_approvals_end_where_the_budget_ends_until_it_is_raised(station: Station) -> None:
    for number in range(3):
        station.walk(f"a{number}", until="ApproveApplication")
    station.walk("a3", until="CloseNotice")
    with pytest.raises(BudgetExceeded):
        station.tell("ApproveApplication", application_id="a3", occurred_on="2017-01-18")
    station.tell("RaiseBudget", fund_id="own", amount_fen=200_000)
    station.tell("ApproveApplication", application_id="a3", occurred_on="2017-01-18")
    assert fund(station)[0] == 0


def test_many_approvals_in_one_transaction_see_each_others_money(station: Station) -> None:
    for number in range(5):
        station.walk(f"a{number}", until="CloseNotice")
    chair = Identity("chair", Role.CHAIR, CODE, "9999-12-31T00:00:00Z", confirmed_until="9999-12-31T00:00:00Z")
    orders = [
        Order(
            command_id=f"approve {number}",
            station=CODE,
            name="ApproveApplication",
            body={"application_id": f"a{number}", "occurred_on": "2017-01-18"},
            identity=chair,
        )
        for number in range(5)
    ]
    outcomes = station.service.commands(orders)
    assert [isinstance(outcome, BudgetExceeded) for outcome in outcomes] == [False, False, False, True, True]


def test_a_payment_reversed_and_paid_again_has_three_consecutive_vouchers(station: Station) -> None:
    station.walk("a1", until="BookBankReturn")
    station.tell("BookBankReturn", application_id="a1", paid=True, occurred_on="2017-01-20")
    station.tell("ReversePayment", application_id="a1", reason="wrong_card", occurred_on="2017-02-01")
    station.tell("EnterPayment", application_id="a1", pay_list_id="list-2", occurred_on="2017-02-02")
    station.tell("ReleasePayment", application_id="a1", occurred_on="2017-02-02")
    station.tell("BookBankReturn", application_id="a1", paid=True, pay_list_id="list-1", occurred_on="2017-02-03")
    station.tell("BookBankReturn", application_id="a1", paid=True, pay_list_id="list-2", occurred_on="2017-02-03")
    station.walk("a2", until="BookBankReturn", pay_list_id="list-3")
    posted = station.payloads("GrantPaid", "PaymentReversed")
    assert [payload["voucher"] for payload in posted] == [1, 2, 3, 4]
    assert posted[1]["reverses_voucher"] == 1
    with station.service.database.read() as connection:
        rows = connection.execute(select(vouchers.c.amount_fen).order_by(vouchers.c.voucher)).scalars().all()
    assert list(rows) == [300_000, -300_000, 300_000, 300_000]


def test_a_consolation_list_binds_its_sum_and_each_signature_spends_its_line(station: Station) -> None:
    station.tell("PrepareConsolationList", list_id="ny", occasion="new_year", fund_id="own")
    for person, amount_fen in (("wu", 100_000), ("li", 200_000)):
        line: Body = {"list_id": "ny", "recipient_id": person, "recipient": "model_worker", "in_goods": False}
        station.tell("AddToConsolationList", amount_fen=amount_fen, **line)
    station.tell("ApproveConsolationList", list_id="ny")
    assert fund(station) == (700_000, 0)
    station.tell("SignForConsolation", list_id="ny", recipient_id="li")
    station.tell("SignForConsolation", list_id="ny", recipient_id="li")
    assert fund(station) == (700_000, 200_000)
