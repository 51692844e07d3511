"""The identity number (GB 11643): checked, and the sex and birth year that it tells."""

from datetime import date

from marshmallow import ValidationError, fields
from stdnum.cn import ric

from services.membership.member_events import Sex


class IdentityNumber(fields.String):
    """An 18-digit identity number with a right check digit. Area codes are not checked: many are abolished by now."""

    def __init__(self) -> None:
        super().__init__(required=True, validate=_check)


def _check(number: str) -> None:
    if not number.isascii():  # isdigit() takes full-width and superscript digits for digits.
        raise ValidationError("Not an identity number: 17 digits 0-9 of ASCII and a check digit 0-9 or X.")
    if len(number) == 15 and number.isdigit():
        raise ValidationError("A 15-digit number has no check digit: enter the 18-digit one.")
    if "+" in number or "." in number:
        raise ValidationError("Typed as a number in a spreadsheet and rounded: enter it as text.")
    if len(number) != 18 or not number[:17].isdigit() or number[17] not in "0123456789X":
        raise ValidationError("Not an identity number: 17 digits and a check digit 0-9 or X.")
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValidationError("Not an identity number: digits 7 to 14 are no date of birth.") from None
    if ric.calc_check_digit(number) != number[17]:
        raise ValidationError("Not an identity number: the check digit is wrong.")


def sex_of(number: str) -> Sex:
    """An odd order digit is male (GB 11643, 4.4)."""
    return "male" if int(number[16]) % 2 else "female"


def birth_year_of(number: str) -> int:
    return int(number[6:10])
