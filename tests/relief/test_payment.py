"""A grant's payment: entered, released, paid once, reversed and paid again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from services.relief import payment as p
from services.relief import posting, releasing
from services.relief.api import HANDLERS
from services.relief.rules import DatedBefore, PersonDied, SelfInterest, SelfPayment, SelfRelease
from tests.spec import Spec

DAY = date(2017, 2, 1)
EARLIER = date(2017, 1, 31)
THE_ONE: dict[str, Any] = {"application_id": "a1", "occurred_on": DAY}
MONEY: dict[str, Any] = {
    "person_id": "zhao",
    "programme": "warmth",
    "category": "deep",
    "fund_id": "own",
    "fund_source": "own",
    "amount_fen": 300,
}
GRANT = releasing.Grant(**MONEY, approved_on=DAY, hands=frozenset({"clerk", "head", "chair"}))
ENTERED = p.PaymentEntered(**THE_ONE, **MONEY, pay_list_id="l1", entered_by="accountant")
RELEASED = p.PaymentReleased(**THE_ONE, pay_list_id="l1", released_by="cashier")
PAID = p.GrantPaid(**THE_ONE, **MONEY, voucher=7)
FAILED = p.PaymentFailed(**THE_ONE, pay_list_id="l1", reason="no_such_card")
REVERSED = p.PaymentReversed(**THE_ONE, **MONEY, voucher=8, reverses_voucher=7, reason="wrong_card")
SIGNED = p.GrantSignedFor(**THE_ONE)

spec = Spec(HANDLERS).knowing(GRANT)
entered = spec.given(ENTERED)
released = entered.given(RELEASED).knowing(7)
paid = released.given(PAID).knowing(8)
failed = released.given(FAILED)
reversed_ = paid.given(REVERSED).knowing(9)


def enter(pay_list_id: str = "l1", by: str = "accountant", on: date = DAY) -> releasing.EnterPayment:
    return releasing.EnterPayment(application_id="a1", pay_list_id=pay_list_id, by=by, occurred_on=on)


def release(by: str = "cashier") -> releasing.ReleasePayment:
    return releasing.ReleasePayment(**THE_ONE, by=by)


def bank(paid: bool, **other: Any) -> posting.BookBankReturn:
    return posting.BookBankReturn(**{**THE_ONE, "by": "cashier", "paid": paid, **other})


REVERSE = posting.ReversePayment(**THE_ONE, reason="wrong_card", by="accountant")


def test_an_approved_grant_is_entered_on_one_pay_list() -> None:
    spec.when(enter()).then(ENTERED)
    entered.when(enter()).then_nothing()
    entered.when(enter("l2")).then_refused(releasing.OnAPayListAlready)
    paid.knowing(GRANT).when(enter("l2")).then_refused(releasing.OnAPayListAlready)
    spec.knowing(None).when(enter()).then_refused(releasing.NotApproved)
    spec.when(enter(on=EARLIER)).then_refused(DatedBefore)


def test_nobody_pays_what_they_handled_reviewed_or_approved() -> None:
    for person in GRANT.hands:
        spec.when(enter(by=person)).then_refused(SelfPayment)
        entered.when(release(by=person)).then_refused(SelfPayment)


def test_the_cashier_releases_what_another_entered() -> None:
    entered.when(release()).then(RELEASED)
    released.knowing(GRANT).when(release()).then_nothing()
    entered.when(release(by="accountant")).then_refused(SelfRelease)
    spec.when(release()).then_refused(releasing.NothingEntered)


def test_nothing_is_entered_or_released_for_someone_who_died() -> None:
    died = replace(GRANT, died=True)
    spec.knowing(died).when(enter()).then_refused(PersonDied)
    entered.knowing(died).when(release()).then_refused(PersonDied)


def test_nobody_pays_themselves() -> None:
    spec.when(enter(by="zhao")).then_refused(SelfInterest)
    entered.when(release(by="zhao")).then_refused(SelfInterest)


def test_the_banks_return_comes_twice_and_the_grant_is_paid_once() -> None:
    released.when(bank(paid=True)).then(PAID)
    paid.when(bank(paid=True)).then_nothing()


def test_the_bank_may_fail_and_say_so_twice() -> None:
    released.when(bank(paid=False, reason="no_such_card")).then(FAILED)
    failed.when(bank(paid=False)).then_nothing()
    failed.when(bank(paid=True)).then_refused(posting.NothingReleased)


def test_the_bank_answers_only_what_was_released() -> None:
    spec.knowing(7).when(bank(paid=True)).then_refused(posting.NothingReleased)
    entered.knowing(7).when(bank(paid=True)).then_refused(posting.NothingReleased)
    released.when(bank(paid=True, pay_list_id="l9")).then_refused(posting.NothingReleased)
    released.when(bank(paid=True, occurred_on=EARLIER)).then_refused(DatedBefore)


def test_a_posted_payment_is_never_undone_by_the_bank_but_reversed() -> None:
    paid.when(bank(paid=False)).then_refused(posting.NothingReleased)
    paid.when(REVERSE).then(REVERSED)
    reversed_.when(REVERSE).then_nothing()
    released.when(REVERSE).then_refused(posting.NothingPaid)


def test_after_failure_or_reversal_the_grant_goes_on_a_new_pay_list() -> None:
    again = p.PaymentEntered(**THE_ONE, **MONEY, pay_list_id="l2", entered_by="accountant")
    for unpaid in (failed, reversed_):
        unpaid.knowing(GRANT).when(enter("l2")).then(again)
        unpaid.knowing(GRANT).when(enter("l1")).then_refused(releasing.PayListSpent)


def test_a_return_for_an_earlier_pay_list_pays_nothing_again() -> None:
    reversed_.when(bank(paid=True)).then_nothing()
    again = p.PaymentEntered(**THE_ONE, **MONEY, pay_list_id="l2", entered_by="accountant")
    released_again = p.PaymentReleased(**THE_ONE, pay_list_id="l2", released_by="cashier")
    second = reversed_.given(again, released_again)
    second.when(bank(paid=True, pay_list_id="l1")).then_nothing()
    second.when(bank(paid=True, pay_list_id="l2")).then(replace(PAID, voucher=9))


def test_after_a_second_pay_list_a_return_that_may_be_for_the_first_must_name_its_list() -> None:
    again = p.PaymentEntered(**THE_ONE, **MONEY, pay_list_id="l2", entered_by="accountant")
    second = failed.given(again, p.PaymentReleased(**THE_ONE, pay_list_id="l2", released_by="cashier")).knowing(9)
    for said in (True, False):
        second.when(bank(paid=said)).then_refused(posting.PayListNotNamed)
    next_day = DAY + timedelta(days=1)
    second.when(bank(paid=True, occurred_on=next_day)).then_refused(posting.PayListNotNamed)
    named = bank(paid=True, occurred_on=next_day, pay_list_id="l2")
    second.when(named).then(replace(PAID, voucher=9, occurred_on=next_day))


def test_a_return_for_a_pay_list_that_the_grant_was_never_on_is_refused() -> None:
    for known in (spec, entered, released, paid, failed, reversed_):
        for said in (True, False):
            known.when(bank(paid=said, pay_list_id="l9")).then_refused(posting.NothingReleased)


def test_the_household_signs_once_for_what_was_paid() -> None:
    sign = posting.SignForGrant(**THE_ONE, by="clerk")
    paid.when(sign).then(SIGNED)
    paid.given(SIGNED).when(sign).then_nothing()
    released.when(sign).then_refused(posting.NothingPaid)
    reversed_.when(sign).then_refused(posting.NothingPaid)
