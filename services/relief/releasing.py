"""Paying an approved grant: put on a pay list, taken off it, released to the bank."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Actor, Household, Id, Word
from services.relief.kinds import Category, Programme, Source
from services.relief.payment import (
    Paid,
    PaymentEntered,
    PaymentEvent,
    PaymentReleased,
    PaymentState,
    TakenOffPayList,
    Underway,
    Unpaid,
)
from services.relief.rules import PersonDied, entered_by_another, granted_by_others, not_before, not_for_oneself


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
