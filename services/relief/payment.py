"""The payment of an approved grant: entered, released, paid by the bank or failed, reversed (冲红), signed for."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Actor, Fen, Id, Quantity, Word
from services.relief.kinds import Category, Programme, Source
from services.relief.rules import PersonDied, SelfPayment, SelfRelease, not_before, not_for_oneself

# These shapes are kept for ever. Vouchers are consecutive per station; a posted one is only ever reversed by another.


@event()
class PaymentEntered:
    """The accountant put an approved grant on a pay list."""

    application_id: Id
    pay_list_id: Id
    person_id: Id
    programme: Programme
    category: Category
    fund_id: Id
    fund_source: Source
    amount_fen: Fen
    entered_by: Id
    occurred_on: date


@event()
class PaymentReleased:
    """The cashier released it to the bank."""

    application_id: Id
    pay_list_id: Id
    released_by: Id
    occurred_on: date


@event()
class GrantPaid:
    """The bank paid; the posting bears this voucher."""

    application_id: Id
    person_id: Id
    programme: Programme
    category: Category
    fund_id: Id
    fund_source: Source
    amount_fen: Fen
    voucher: Quantity
    occurred_on: date


@event()
class PaymentFailed:
    """The bank could not pay."""

    application_id: Id
    pay_list_id: Id
    reason: Word | None = None
    occurred_on: date


@event()
class PaymentReversed:
    """A posting was reversed by a counter-entry with a voucher of its own, on the day it was posted."""

    application_id: Id
    person_id: Id
    programme: Programme
    category: Category
    fund_id: Id
    fund_source: Source
    amount_fen: Fen
    voucher: Quantity
    reverses_voucher: Quantity
    reason: Word
    occurred_on: date


@event()
class GrantSignedFor:
    """The household signed for the grant."""

    application_id: Id
    occurred_on: date


PaymentEvent = PaymentEntered | PaymentReleased | GrantPaid | PaymentFailed | PaymentReversed | GrantSignedFor


@dataclass(frozen=True)
class Unpaid:
    """Not on a pay list: never yet, or not since the bank failed or the posting was reversed."""

    earlier_lists: frozenset[str] = frozenset()
    last: PaymentFailed | PaymentReversed | None = None


@dataclass(frozen=True)
class Underway:
    """On a pay list, and with the bank if `released_on`."""

    posting: PaymentEntered
    earlier_lists: frozenset[str]
    released_on: date | None = None


@dataclass(frozen=True)
class Paid:
    """Posted under a voucher."""

    posting: PaymentEntered
    earlier_lists: frozenset[str]
    voucher: int
    on: date
    signed_for: bool = False


PaymentState = Unpaid | Underway | Paid


def evolve(state: PaymentState, event: PaymentEvent) -> PaymentState:
    match state, event:
        case Unpaid(earlier_lists=earlier), PaymentEntered():
            return Underway(event, earlier)
        case Underway(), PaymentReleased():
            return replace(state, released_on=event.occurred_on)
        case Underway(posting=posting, earlier_lists=earlier), GrantPaid():
            return Paid(posting, earlier, event.voucher, event.occurred_on)
        case ((Underway() | Paid()), (PaymentFailed() | PaymentReversed())):
            return Unpaid(state.earlier_lists | {state.posting.pay_list_id}, event)
        case Paid(), GrantSignedFor():
            return replace(state, signed_for=True)
        case _:
            return state


@command
class EnterPayment:
    """Put an approved grant on a pay list."""

    application_id: Id
    pay_list_id: Id
    by: Actor
    occurred_on: date


@command
class ReleasePayment:
    """Release an entered payment to the bank."""

    application_id: Id
    by: Actor
    occurred_on: date


@command
class BookBankReturn:
    """Enter what the bank says. A return that names its pay list is never taken for the answer to a later one.

    Without a name it answers the only pay list, or a later one if it came after the day of release.
    """

    application_id: Id
    paid: bool
    reason: Word | None = None
    pay_list_id: Id | None = None
    occurred_on: date


@command
class ReversePayment:
    """Reverse a posting by a counter-entry; `occurred_on` is its posting date."""

    application_id: Id
    reason: Word
    occurred_on: date


@command
class SignForGrant:
    """Enter that the household signed."""

    application_id: Id
    occurred_on: date


class NotApproved(Refused):
    """Only an approved grant is paid."""


class OnAPayListAlready(Refused):
    """The grant is on another pay list: nothing is paid twice."""


class PayListSpent(Refused):
    """The grant was on this pay list before; a new payment goes on a new one."""


class NothingEntered(Refused):
    """Only an entered payment is released."""


class NothingReleased(Refused):
    """The bank answers only what was released to it."""


class PayListNotNamed(Refused):
    """The grant was on more than one pay list, and this return may be the answer to an earlier one."""


class NothingPaid(Refused):
    """Only what was paid is reversed or signed for."""


@dataclass(frozen=True)
class Grant:
    """An approved grant as the views know it; `hands` are those who handled, reviewed, noticed or approved it."""

    person_id: str
    programme: Programme
    category: Category
    fund_id: str
    fund_source: Source
    amount_fen: int
    approved_on: date
    hands: frozenset[str]
    died: bool = False


def enter_payment(command: EnterPayment, payment: PaymentState, grant: Grant | None) -> list[PaymentEvent]:
    match payment:
        case Underway(posting=posting) | Paid(posting=posting):
            if posting.pay_list_id == command.pay_list_id:
                return []
            raise OnAPayListAlready(
                f"{command.application_id} is on the pay list {posting.pay_list_id}",
                application_id=command.application_id,
            )
        case Unpaid(earlier_lists=earlier, last=last):
            if command.pay_list_id in earlier:
                raise PayListSpent(pay_list_id=command.pay_list_id)
            payable = _payable(command.application_id, command.by, grant)
            not_before(command.occurred_on, last.occurred_on if last else payable.approved_on)
            return [
                PaymentEntered(
                    application_id=command.application_id,
                    pay_list_id=command.pay_list_id,
                    person_id=payable.person_id,
                    programme=payable.programme,
                    category=payable.category,
                    fund_id=payable.fund_id,
                    fund_source=payable.fund_source,
                    amount_fen=payable.amount_fen,
                    entered_by=command.by,
                    occurred_on=command.occurred_on,
                )
            ]
        case _:
            assert_never(payment)


def release_payment(command: ReleasePayment, payment: PaymentState, grant: Grant | None) -> list[PaymentEvent]:
    match payment:
        case Underway(posting=posting, released_on=None):
            _payable(command.application_id, command.by, grant)
            if command.by == posting.entered_by:
                raise SelfRelease(f"{command.by} entered it", application_id=command.application_id)
            not_before(command.occurred_on, posting.occurred_on)
            return [
                PaymentReleased(
                    application_id=command.application_id,
                    pay_list_id=posting.pay_list_id,
                    released_by=command.by,
                    occurred_on=command.occurred_on,
                )
            ]
        case Underway() | Paid():
            return []
        case Unpaid():
            raise NothingEntered(application_id=command.application_id)
        case _:
            assert_never(payment)


def book_bank_return(command: BookBankReturn, payment: PaymentState, next_voucher: int) -> list[PaymentEvent]:
    if command.pay_list_id is not None and command.pay_list_id in payment.earlier_lists:
        return []
    if command.pay_list_id not in (None, None if isinstance(payment, Unpaid) else payment.posting.pay_list_id):
        raise NothingReleased(f"it is not on the pay list {command.pay_list_id}", application_id=command.application_id)
    match payment:
        case Underway(posting=posting, released_on=released_on) if released_on is not None:
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
        case Paid(on=on):
            not_before(command.occurred_on, on)
            return [GrantSignedFor(application_id=command.application_id, occurred_on=command.occurred_on)]
        case Unpaid() | Underway():
            raise NothingPaid(application_id=command.application_id)
        case _:
            assert_never(payment)


def _payable(application_id: str, by: str, grant: Grant | None) -> Grant:
    if grant is None:
        raise NotApproved(f"{application_id} is not approved", application_id=application_id)
    if by in grant.hands:
        raise SelfPayment(f"{by} handled, reviewed or approved it", application_id=application_id)
    not_for_oneself(by, grant.person_id)
    if grant.died:
        raise PersonDied(person_id=grant.person_id)
    return grant


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


payment = Aggregate(
    "payment",
    Unpaid(),
    evolve,
    (PaymentEntered, PaymentReleased, GrantPaid, PaymentFailed, PaymentReversed, GrantSignedFor),
)
