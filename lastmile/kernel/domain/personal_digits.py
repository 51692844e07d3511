"""Digits that look like an identity number, a telephone number or a bank card: none of them is typed in clear."""

import re
import unicodedata

import marshmallow

_ALONE, _ENDS = r"(?<![0-9A-Fa-f])", r"(?![0-9A-Fa-f])"
"""Neither amid longer digits nor in an id, whose digits stand amid a to f."""
_BIRTHDAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_IDENTITY_NUMBER = re.compile(
    rf"{_ALONE}[0-9]{{6}}[ -]?(?:19|20)[0-9]{{2}}{_BIRTHDAY}[ -]?[0-9]{{3}}[0-9Xx]{_ENDS}"
    rf"|{_ALONE}[0-9]{{8}}{_BIRTHDAY}[0-9]{{3}}{_ENDS}"
)
"""GB 11643: area, birth date, order, check digit; of old, fifteen digits. A mistyped one is personal data too."""
_TELEPHONE = re.compile(rf"{_ALONE}(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{{4}}[ -]?[0-9]{{4}}{_ENDS}")
_BANK_CARD = re.compile(
    rf"{_ALONE}(?:[0-9]{{16,19}}|[0-9]{{4}}([ -])[0-9]{{4}}\1[0-9]{{4}}\1[0-9]{{4}}(?:\1[0-9]{{1,3}})?){_ENDS}"
)
_UNION_PAY = "62"


def no_personal_digits(value: str) -> None:
    """Raises ValidationError where somebody typed such digits, with blanks or hyphens between, in full width or not."""
    plain = unicodedata.normalize("NFKC", value)
    if _IDENTITY_NUMBER.search(plain) or _TELEPHONE.search(plain) or _holds_a_bank_card(plain):
        raise marshmallow.ValidationError("Digits of a person stand in clear here: leave them out.")


def _holds_a_bank_card(plain: str) -> bool:
    found = (re.sub(r"[ -]", "", match.group()) for match in _BANK_CARD.finditer(plain))
    return any(digits.startswith(_UNION_PAY) or _has_check_digit(digits) for digits in found)


def _has_check_digit(digits: str) -> bool:
    """ISO/IEC 7812: each second digit from the right doubled, digits of the products added."""
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0
