"""The payment of an approved grant: put on a pay list, taken off it, released to the bank.

What the bank answers, reversal (冲红) and signature stand in `posting.py`.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Actor, Fen, Household, Id, Quantity, Word
from services.relief.kinds import Category, Programme, Source
from services.relief.rules import PersonDied, entered_by_another, granted_by_others, not_before, not_for_oneself

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


@event()
class TakenOffPayList:
    """An entered payment was taken off its list before it was released."""

    application_id: Id
    pay_list_id: Id
    reason: Word
    taken_off_by: Id
    occurred_on: date


PaymentEvent = (
    PaymentEntered | PaymentReleased | GrantPaid | PaymentFailed | PaymentReversed | GrantSignedFor | TakenOffPayList
)


@dataclass(frozen=True)
class Unpaid:
    """Not on a pay list: never yet, or not since it was taken off, the bank failed or the posting was reversed."""

    earlier_lists: frozenset[str] = frozenset()
    last: PaymentFailed | PaymentReversed | TakenOffPayList | None = None


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
        case Underway(earlier_lists=earlier), TakenOffPayList():
            return Unpaid(earlier, event)
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
    by_household: Household = ()
    occurred_on: date


@command
class ReleasePayment:
    """Release an entered payment to the bank."""

    application_id: Id
    by: Actor
    by_household: Household = ()
    occurred_on: date


@command
class TakeOffPayList:
    """Take an entered payment off its list; `reason` is a code word."""

    application_id: Id
    reason: Word
    by: Actor
    by_household: Household = ()
    occurred_on: date


class NotApproved(Refused):
    """Only an approved grant is paid."""


class OnAPayListAlready(Refused):
    """The grant is on another pay list: nothing is paid twice."""


class PayListSpent(Refused):
    """The grant was on this pay list before; a new payment goes on a new one."""


class PayListClosed(Refused):
    """Nothing is added to a pay list whose bank file was made or of which something was released."""


class ReleasedAlready(Refused):
    """What was released is with the bank: wait for its answer."""


class NothingEntered(Refused):
    """Only an entered payment is released."""


@dataclass(frozen=True)
class Grant:
    """An approved grant as the views know it; `hands` are those who handled, reviewed, noticed or approved it.

    `list_closed` tells whether the pay list that it is to go on takes no more.
    """

    person_id: str
    programme: Programme
    category: Category
    fund_id: str
    fund_source: Source
    amount_fen: int
    approved_on: date
    hands: frozenset[str]
    died: bool = False
    list_closed: bool = False


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
            payable = _payable(command, grant)
            if payable.list_closed:
                raise PayListClosed(f"the pay list {command.pay_list_id} is closed", pay_list_id=command.pay_list_id)
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
            _payable(command, grant)
            entered_by_another(command.application_id, command.by, posting.entered_by)
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


def take_off_pay_list(command: TakeOffPayList, payment: PaymentState) -> list[PaymentEvent]:
    match payment:
        case Underway(posting=posting, released_on=None):
            not_for_oneself(command, posting.person_id)
            return [
                TakenOffPayList(
                    application_id=command.application_id,
                    pay_list_id=posting.pay_list_id,
                    reason=command.reason,
                    taken_off_by=command.by,
                    occurred_on=command.occurred_on,
                )
            ]
        case Underway() | Paid():
            raise ReleasedAlready(application_id=command.application_id)
        case Unpaid(last=TakenOffPayList()):
            return []
        case Unpaid():
            raise NothingEntered(application_id=command.application_id)
        case _:
            assert_never(payment)


def _payable(command: EnterPayment | ReleasePayment, grant: Grant | None) -> Grant:
    if grant is None:
        raise NotApproved(f"{command.application_id} is not approved", application_id=command.application_id)
    granted_by_others(command.application_id, command.by, grant.hands)
    not_for_oneself(command, grant.person_id)
    if grant.died:
        raise PersonDied(person_id=grant.person_id)
    return grant


payment = Aggregate(
    "payment",
    Unpaid(),
    evolve,
    (PaymentEntered, PaymentReleased, GrantPaid, PaymentFailed, PaymentReversed, GrantSignedFor, TakenOffPayList),
)
