"""A fund (资金): the money given for a programme, its source and its budget."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Fen, Id
from services.relief.kinds import Programme, Source

# These shapes are kept for ever.


@event()
class FundOpened:
    """Money was set aside for a programme."""

    fund_id: Id
    programme: Programme
    source: Source
    budget_fen: Fen
    occurred_on: date


@event()
class BudgetRaised:
    """More money was set aside."""

    fund_id: Id
    programme: Programme
    source: Source
    amount_fen: Fen
    occurred_on: date


FundEvent = FundOpened | BudgetRaised


@dataclass(frozen=True)
class Unopened:
    """No such fund yet."""


@dataclass(frozen=True)
class Open:
    """A fund as it was opened. What it has left is read from the view, under the lock."""

    programme: Programme
    source: Source
    first_budget_fen: int


FundState = Unopened | Open


def evolve(fund: FundState, event: FundEvent) -> FundState:
    match event:
        case FundOpened():
            return Open(event.programme, event.source, event.budget_fen)
        case BudgetRaised():
            return fund
        case _:
            assert_never(event)


@command
class OpenFund:
    """Enter a fund and its budget."""

    fund_id: Id
    programme: Programme
    source: Source
    budget_fen: Fen
    occurred_on: date


@command
class RaiseBudget:
    """Add to a fund's budget."""

    fund_id: Id
    amount_fen: Fen
    occurred_on: date


class FundIdTaken(Refused):
    """Another fund has this id."""


def open_fund(command: OpenFund, fund: FundState) -> list[FundEvent]:
    match fund:
        case Unopened():
            return [
                FundOpened(
                    fund_id=command.fund_id,
                    programme=command.programme,
                    source=command.source,
                    budget_fen=command.budget_fen,
                    occurred_on=command.occurred_on,
                )
            ]
        case Open():
            if fund != Open(command.programme, command.source, command.budget_fen):
                raise FundIdTaken(f"the fund {command.fund_id} was opened with other terms", fund_id=command.fund_id)
            return []
        case _:
            assert_never(fund)


def raise_budget(command: RaiseBudget, fund: FundState) -> list[FundEvent]:
    match fund:
        case Open(programme=programme, source=source):
            return [
                BudgetRaised(
                    fund_id=command.fund_id,
                    programme=programme,
                    source=source,
                    amount_fen=command.amount_fen,
                    occurred_on=command.occurred_on,
                )
            ]
        case Unopened():
            raise NotFound(f"there is no fund {command.fund_id}", fund_id=command.fund_id)
        case _:
            assert_never(fund)


fund = Aggregate("fund", Unopened(), evolve, FundEvent)
