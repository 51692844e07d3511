"""The rules that more than one part of relief keeps."""

from datetime import date
from typing import Protocol

from lastmile.kernel.domain.failures import Refused


class SelfReview(Refused):
    """Nobody reviews what they handled, nor handles what they reviewed."""


class SelfApproval(Refused):
    """Nobody approves what they handled or reviewed."""


class SelfPayment(Refused):
    """Nobody enters or releases a payment that they handled, reviewed or approved."""


class SelfRelease(Refused):
    """Nobody releases a payment that they entered."""


class SelfInterest(Refused):
    """Nobody has a hand in aid for themselves or for their own household."""


class SelfPolicy(Refused):
    """Nobody approves under a policy that they stated, or from a fund that they opened."""


class AidedOftenEnough(Refused):
    """A person is aided under a programme as often a year as its policy says, and no more."""


class BudgetExceeded(Refused):
    """The fund has not so much left."""


class NoSuchFund(Refused):
    """The station has no such fund for this."""


class PersonDied(Refused):
    """The person died: nothing more is granted or paid to them."""


class DatedBefore(Refused):
    """A step is not dated before the step that it follows."""


class Acting(Protocol):
    """A command that says who acts, and whose aid is that person's own."""

    @property
    def by(self) -> str: ...

    @property
    def by_household(self) -> tuple[str, ...]: ...


def own_aid(command: Acting) -> frozenset[str]:
    """Those for whom aid is aid for the one who acts."""
    return frozenset({command.by, *command.by_household})


def not_for_oneself(command: Acting, person_id: str) -> None:
    """Refuses a hand in aid whose receiver is the one who acts, or of the same household."""
    if person_id in own_aid(command):
        raise SelfInterest(f"the aid is for {command.by}, or for their household", person_id=person_id)


def handled_by_another(application_id: str, by: str, handled_by: frozenset[str]) -> None:
    """Refuses a review by whoever handled it."""
    if by in handled_by:
        raise SelfReview(f"{by} handled it", application_id=application_id)


def reviewed_by_another(application_id: str, by: str, reviewed_by: frozenset[str]) -> None:
    """Who reviewed an application once does not handle it when it comes back."""
    if by in reviewed_by:
        raise SelfReview(f"{by} reviewed it", application_id=application_id)


def prepared_by_others(application_id: str, by: str, hands: frozenset[str]) -> None:
    """Refuses an approval by whoever handled, reviewed or noticed it."""
    if by in hands:
        raise SelfApproval(f"{by} handled, reviewed or noticed it", application_id=application_id)


def terms_set_by_others(application_id: str, by: str, setters: tuple[str | None, ...]) -> None:
    """Refuses an approval by whoever stated the policy or opened the fund."""
    if by in setters:
        raise SelfPolicy(f"{by} set the terms or opened the fund", application_id=application_id)


def granted_by_others(application_id: str, by: str, hands: frozenset[str]) -> None:
    """Refuses a payment by whoever had a hand in the grant."""
    if by in hands:
        raise SelfPayment(f"{by} handled, reviewed or approved it", application_id=application_id)


def entered_by_another(application_id: str, by: str, entered_by: str) -> None:
    """Refuses a release by whoever entered the payment."""
    if by == entered_by:
        raise SelfRelease(f"{by} entered it", application_id=application_id)


def not_too_often(person_id: str, times: int, times_a_year: int) -> None:
    """Refuses one aid more than `times_a_year`, when there were `times` others in the calendar year."""
    if times >= times_a_year:
        raise AidedOftenEnough(f"{person_id} has {times} this year, of {times_a_year}", person_id=person_id)


def within_budget(fund_id: str, wanted_fen: int, left_fen: int | None) -> None:
    """Refuses more than the fund has left; `left_fen` is None where there is no such fund."""
    if left_fen is None:
        raise NoSuchFund(f"there is no fund {fund_id}", fund_id=fund_id)
    if wanted_fen > left_fen:
        raise BudgetExceeded(f"the fund {fund_id} has {left_fen} fen left, not {wanted_fen}", fund_id=fund_id)


def not_before(occurred_on: date, earlier_on: date) -> None:
    """Refuses a step that is dated before the one it follows."""
    if occurred_on < earlier_on:
        raise DatedBefore(f"{occurred_on} is before {earlier_on}, the date of the step before")
