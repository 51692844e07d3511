"""Where a household's money goes: the bank account that its grants are paid to."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never

from marshmallow import validate

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.fields import Actor, Household, Id, Text
from services.relief.kinds import AccountDetail
from services.relief.rules import not_for_oneself

AccountNumber = Annotated[str, validate.Regexp(r"^\d{8,30}\Z", error="Not an account number: 8 to 30 digits.")]

# These shapes are kept for ever.


@event()
class PayeeRecorded:
    """From this day on grants of the person are paid to this account; it is shown to nobody but the bank."""

    person_id: Id
    holder: AccountDetail
    account_number: AccountDetail
    bank: AccountDetail | None = None
    recorded_by: Id
    occurred_on: date


@dataclass(frozen=True)
class Unknown:
    """No account yet, or none that a decision would have to know."""


def evolve(_payee: Unknown, event: PayeeRecorded) -> Unknown:
    match event:
        case PayeeRecorded():
            return Unknown()
        case _:
            assert_never(event)


@command
class RecordPayee:
    """Enter the account that grants of the person are paid to; it takes the place of an earlier one."""

    person_id: Id
    holder: Text
    account_number: AccountNumber
    bank: Text | None = None
    by: Actor
    by_household: Household = ()
    occurred_on: date


def record_payee(command: RecordPayee, _payee: Unknown) -> list[PayeeRecorded]:
    not_for_oneself(command, command.person_id)
    return [
        PayeeRecorded(
            person_id=command.person_id,
            holder=command.holder,
            account_number=command.account_number,
            bank=command.bank,
            recorded_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


payee = Aggregate("payee", Unknown(), evolve, PayeeRecorded)
