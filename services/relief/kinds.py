"""The words and kinds of field that several parts of relief share."""

from typing import Annotated, Literal

from marshmallow import ValidationError, validate

from lastmile.kernel.domain.fields import Sealed, Word

Programme = Literal["warmth"]
"""Warmth-giving (送温暖) is the one programme whose grants go the full chain."""

Source = Literal["central", "municipal", "own"]
"""Who gave the money of a fund."""

Category = Literal["deep", "relative", "accident", "single_mother", "serious_illness"]
"""Why a household is in hardship."""

Hardship = Annotated[str, Sealed("hardship")]
AccountDetail = Annotated[str, Sealed("bank_account")]
"""Whose account money goes to, at which bank, under which number."""

CalendarYear = Annotated[int, validate.Range(1949, 9999)]
Count = Annotated[int, validate.Range(0, 10**9)]


def _a_year_and_the_next(school_year: str) -> None:
    first, _, second = school_year.partition("_")
    four_digits = all(len(year) == 4 and year.isascii() and year.isdigit() for year in (first, second))
    if not four_digits or int(second) != int(first) + 1:
        raise ValidationError("Not a school year: two years that follow each other, such as 2017_2018.")


SchoolYear = Annotated[Word, _a_year_and_the_next]
"""A year and the next one, such as 2017_2018: one way of writing it, so that nobody gets aid twice for a year."""
