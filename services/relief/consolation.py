"""A list for festival consolation (慰问): prepared by one person, approved by another, then open for signing."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Actor, Fen, Household, Id, Quantity
from services.relief.kinds import CalendarYear
from services.relief.rules import NoSuchFund, SelfApproval, SelfInterest, not_before, within_budget

Occasion = Literal["new_year", "may_day", "double_ninth"]

# These shapes are kept for ever.


@event()
class ConsolationListPrepared:
    """A list was begun for a festival of a year; New Year is prepared in the winter before (see `festival_year`)."""

    list_id: Id
    occasion: Occasion
    fund_id: Id
    prepared_by: Id
    festival_year: CalendarYear | None = None
    occurred_on: date


@event()
class ConsolationListApproved:
    """The list was approved as it stands; the fund's budget is bound by its sum."""

    list_id: Id
    occasion: Occasion
    fund_id: Id
    lines: Quantity
    amount_fen: Fen
    approved_by: Id
    occurred_on: date


ConsolationEvent = ConsolationListPrepared | ConsolationListApproved


@dataclass(frozen=True)
class Unprepared:
    """No such list yet."""


@dataclass(frozen=True)
class Prepared:
    """Open for lines."""

    occasion: Occasion
    fund_id: str
    by: str
    on: date


@dataclass(frozen=True)
class Approved:
    """Closed for lines, open for signing."""

    by: str


ConsolationState = Unprepared | Prepared | Approved


def evolve(_list: ConsolationState, event: ConsolationEvent) -> ConsolationState:
    match event:
        case ConsolationListPrepared():
            return Prepared(event.occasion, event.fund_id, event.prepared_by, event.occurred_on)
        case ConsolationListApproved():
            return Approved(event.approved_by)
        case _:
            assert_never(event)


@command
class PrepareConsolationList:
    """Begin a list. Without `festival_year`: New Year from October on is the next year's, all else is this year's."""

    list_id: Id
    occasion: Occasion
    fund_id: Id
    festival_year: CalendarYear | None = None
    by: Actor
    occurred_on: date


@command
class ApproveConsolationList:
    """Approve the list as it stands."""

    list_id: Id
    by: Actor
    by_household: Household = ()
    occurred_on: date


def year_of(occasion: Occasion, day: date) -> int:
    """The year of the festival that a list of this day is for."""
    return day.year + 1 if occasion == "new_year" and day.month >= 10 else day.year


class ListIdTaken(Refused):
    """Another list has this id."""


class EmptyList(Refused):
    """There is nobody on the list."""


@dataclass(frozen=True)
class ListSum:
    """What stands on a list, who put it there, the latest date on it, what its fund has left, who is on it."""

    lines: int
    amount_fen: int
    added_by: frozenset[str]
    last_on: date | None
    budget_left_fen: int | None
    approver_is_on_it: bool = False


def prepare_consolation_list(
    command: PrepareConsolationList, consolation: ConsolationState, fund_exists: bool
) -> list[ConsolationEvent]:
    match consolation:
        case Unprepared():
            if not fund_exists:
                raise NoSuchFund(f"there is no fund {command.fund_id}", fund_id=command.fund_id)
            return [
                ConsolationListPrepared(
                    list_id=command.list_id,
                    occasion=command.occasion,
                    fund_id=command.fund_id,
                    prepared_by=command.by,
                    festival_year=command.festival_year or year_of(command.occasion, command.occurred_on),
                    occurred_on=command.occurred_on,
                )
            ]
        case Prepared() if (consolation.occasion, consolation.fund_id) == (command.occasion, command.fund_id):
            return []
        case Prepared() | Approved():
            raise ListIdTaken(f"the id {command.list_id} is taken", list_id=command.list_id)
        case _:
            assert_never(consolation)


def approve_consolation_list(
    command: ApproveConsolationList, consolation: ConsolationState, sum_: ListSum
) -> list[ConsolationEvent]:
    match consolation:
        case Prepared(occasion=occasion, fund_id=fund_id, by=by, on=on):
            listed_by_others(command.list_id, command.by, sum_.added_by | {by})
            if sum_.approver_is_on_it:
                raise SelfInterest(f"{command.by} or their household is on the list", list_id=command.list_id)
            if sum_.lines == 0:
                raise EmptyList(list_id=command.list_id)
            not_before(command.occurred_on, max(on, sum_.last_on or on))
            within_budget(fund_id, sum_.amount_fen, sum_.budget_left_fen)
            return [
                ConsolationListApproved(
                    list_id=command.list_id,
                    occasion=occasion,
                    fund_id=fund_id,
                    lines=sum_.lines,
                    amount_fen=sum_.amount_fen,
                    approved_by=command.by,
                    occurred_on=command.occurred_on,
                )
            ]
        case Approved():
            return []
        case Unprepared():
            raise NotFound(f"there is no list {command.list_id}", list_id=command.list_id)
        case _:
            assert_never(consolation)


def listed_by_others(list_id: str, by: str, hands: frozenset[str]) -> None:
    """Refuses an approval by whoever prepared the list or put somebody on it."""
    if by in hands:
        raise SelfApproval(f"{by} prepared it", list_id=list_id)


consolation = Aggregate("consolation", Unprepared(), evolve, ConsolationEvent)
