"""What comes after the release: the bank paid or failed, a posting is reversed (冲红), the household signs."""

from datetime import date
from typing import assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Actor, Household, Id, Word
from services.relief.payment import (
    GrantPaid,
    GrantSignedFor,
    Paid,
    PaymentEntered,
    PaymentEvent,
    PaymentFailed,
    PaymentReversed,
    PaymentState,
    Underway,
    Unpaid,
)
from services.relief.rules import not_before, not_for_oneself


@command
class BookBankReturn:
    """Enter what the bank says. A return that names its pay list is never taken for the answer to a later one.

    Without a name it answers the only pay list, or a later one if it came after the day of release.
    """

    application_id: Id
    paid: bool
    reason: Word | None = None
    pay_list_id: Id | None = None
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class ReversePayment:
    """Reverse a posting by a counter-entry; `occurred_on` is its posting date."""

    application_id: Id
    reason: Word
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class SignForGrant:
    """Enter that the household signed."""

    application_id: Id
    by: Actor
    by_household: Household = ()
    occurred_on: date


class NothingReleased(Refused):
    """The bank answers only what was released to it."""


class PayListNotNamed(Refused):
    """The grant was on more than one pay list, and this return may be the answer to an earlier one."""


class NothingPaid(Refused):
    """Only what was paid is reversed or signed for."""


def book_bank_return(command: BookBankReturn, payment: PaymentState, next_voucher: int) -> list[PaymentEvent]:
    if command.pay_list_id is not None and command.pay_list_id in payment.earlier_lists:
        return []
    if command.pay_list_id not in (None, None if isinstance(payment, Unpaid) else payment.posting.pay_list_id):
        raise NothingReleased(f"it is not on the pay list {command.pay_list_id}", application_id=command.application_id)
    match payment:
        case Underway(posting=posting, released_on=released_on) if released_on is not None:
            not_for_oneself(command, posting.person_id)
            not_before(command.occurred_on, released_on)
            if command.pay_list_id is None and payment.earlier_lists:
                raise PayListNotNamed(application_id=command.application_id)
            return [_paid(command, posting, next_voucher) if command.paid else _failed(command, posting)]
        case Paid() if command.paid:
            return []  # The bank confirms twice; we pay once.
        case Unpaid(last=PaymentFailed()) if not command.paid:
            return []
        case Unpaid(last=PaymentReversed()) if command.paid:
            return []  # The bank repeats what was reversed since.
        case Unpaid() | Underway() | Paid():
            raise NothingReleased(application_id=command.application_id)
        case _:
            assert_never(payment)


def reverse_payment(command: ReversePayment, payment: PaymentState, next_voucher: int) -> list[PaymentEvent]:
    match payment:
        case Paid(posting=posting, voucher=voucher, on=on):
            not_for_oneself(command, posting.person_id)
            not_before(command.occurred_on, on)
            return [
                PaymentReversed(
                    application_id=command.application_id,
                    person_id=posting.person_id,
                    programme=posting.programme,
                    category=posting.category,
                    fund_id=posting.fund_id,
                    fund_source=posting.fund_source,
                    amount_fen=posting.amount_fen,
                    voucher=next_voucher,
                    reverses_voucher=voucher,
                    reason=command.reason,
                    occurred_on=command.occurred_on,
                )
            ]
        case Unpaid(last=PaymentReversed()):
            return []
        case Unpaid() | Underway():
            raise NothingPaid(application_id=command.application_id)
        case _:
            assert_never(payment)


def sign_for_grant(command: SignForGrant, payment: PaymentState) -> list[PaymentEvent]:
    match payment:
        case Paid(signed_for=True):
            return []
        case Paid(posting=posting, on=on):
            not_for_oneself(command, posting.person_id)
            not_before(command.occurred_on, on)
            return [GrantSignedFor(application_id=command.application_id, occurred_on=command.occurred_on)]
        case Unpaid() | Underway():
            raise NothingPaid(application_id=command.application_id)
        case _:
            assert_never(payment)


def _paid(command: BookBankReturn, posting: PaymentEntered, voucher: int) -> GrantPaid:
    return GrantPaid(
        application_id=command.application_id,
        person_id=posting.person_id,
        programme=posting.programme,
        category=posting.category,
        fund_id=posting.fund_id,
        fund_source=posting.fund_source,
        amount_fen=posting.amount_fen,
        voucher=voucher,
        occurred_on=command.occurred_on,
    )


def _failed(command: BookBankReturn, posting: PaymentEntered) -> PaymentFailed:
    return PaymentFailed(
        application_id=command.application_id,
        pay_list_id=posting.pay_list_id,
        reason=command.reason,
        occurred_on=command.occurred_on,
    )
