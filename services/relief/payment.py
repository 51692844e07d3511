"""The payment of an approved grant: what can have happened to it, and where it stands then.

Until the release to the bank stands in `releasing.py`; its answer, reversal (冲红) and signature in `posting.py`.
"""

from dataclasses import dataclass, replace
from datetime import date

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import event
from lastmile.kernel.domain.fields import Fen, Id, Quantity, Word
from services.relief.kinds import Category, Programme, Source

# These shapes are kept for ever. Vouchers are consecutive per station; a posted one is only ever reversed by another.


@dataclass(frozen=True, kw_only=True)
class OfGrant:
    """Which grant is paid, to whom, for what, and out of which fund."""

    application_id: Id
    person_id: Id
    programme: Programme
    category: Category
    fund_id: Id
    fund_source: Source
    amount_fen: Fen


@event()
class PaymentEntered(OfGrant):
    """The accountant put an approved grant on a pay list."""

    pay_list_id: Id
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
class GrantPaid(OfGrant):
    """The bank paid; the posting bears this voucher."""

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
class PaymentReversed(OfGrant):
    """A posting was reversed by a counter-entry with a voucher of its own, on the day it was posted."""

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


payment = Aggregate("payment", Unpaid(), evolve, PaymentEvent)
