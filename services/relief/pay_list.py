"""A pay list as a whole: what is handed to the bank. Its lines are payments, each a stream of its own.

So whoever had a hand in one grant is kept from that line alone, and a bank file closes the list as it stands.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.domain.fields import Actor, Fen, Id, Quantity

FileFormat = Literal["xlsx", "csv"]

# These shapes are kept for ever.


@event()
class BankFileExported:
    """Someone was given the list with its account numbers, for the bank."""

    pay_list_id: Id
    format: FileFormat
    lines: Quantity
    amount_fen: Fen
    exported_by: Id
    occurred_on: date


@dataclass(frozen=True)
class PayList:
    """Nothing that a decision would have to know: every hand-out of account numbers is recorded anew."""


def evolve(pay_list: PayList, event: BankFileExported) -> PayList:
    match event:
        case BankFileExported():
            return pay_list
        case _:
            assert_never(event)


@command
class ExportBankFile:
    """Ask for the list's bank file; the question `bank_file` then answers its rows for ten minutes."""

    pay_list_id: Id
    format: FileFormat
    by: Actor
    occurred_on: date


@dataclass(frozen=True)
class ListSum:
    """How many lines stand on the list, for how much."""

    lines: int
    amount_fen: int


def export_bank_file(command: ExportBankFile, _pay_list: PayList, sum_: ListSum) -> list[BankFileExported]:
    if sum_.lines == 0:
        raise NotFound(f"nothing stands on the pay list {command.pay_list_id}", pay_list_id=command.pay_list_id)
    return [
        BankFileExported(
            pay_list_id=command.pay_list_id,
            format=command.format,
            lines=sum_.lines,
            amount_fen=sum_.amount_fen,
            exported_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


pay_list = Aggregate("pay_list", PayList(), evolve, BankFileExported)
