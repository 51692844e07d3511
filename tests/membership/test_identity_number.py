"""Identity numbers (GB 11643): the standard's own example, and each way of being wrong."""

import pytest
from marshmallow import ValidationError

from services.membership.identity_number import IdentityNumber, birth_year_of, sex_of

STANDARDS_EXAMPLE = "11010519491231002X"


def test_the_standards_own_example_is_right() -> None:
    assert IdentityNumber().deserialize(STANDARDS_EXAMPLE) == STANDARDS_EXAMPLE
    assert (sex_of(STANDARDS_EXAMPLE), birth_year_of(STANDARDS_EXAMPLE)) == ("female", 1949)


@pytest.mark.parametrize("digit", [d for d in "0123456789" if d != "X"])
def test_any_other_check_digit_is_wrong(digit: str) -> None:
    with pytest.raises(ValidationError, match="check digit"):
        IdentityNumber().deserialize(STANDARDS_EXAMPLE[:-1] + digit)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("110105491231002", "15-digit"),
        ("1.10105194912310e+17", "spreadsheet"),
        ("1101051949123100", "17 digits"),
        ("110105194913310022", "date of birth"),
        ("11010519491231002x", "17 digits"),
    ],
)
def test_what_is_wrong_is_said(number: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        IdentityNumber().deserialize(number)


def test_residence_permits_and_abolished_areas_are_taken() -> None:
    assert IdentityNumber().deserialize("810000199408230021")


@pytest.mark.parametrize(
    "number",
    [
        "1１010519491231002X",
        "１１０１０５１９４９１２３１００２X",
        "٣1010519491231002X",
        "1101051949123100²X",
        "１１０１０５４９１２３１００２",
    ],
    ids=["one_full_width", "full_width", "arabic", "superscript", "fifteen_full_width"],
)
def test_digits_of_other_scripts_are_no_digits(number: str) -> None:
    with pytest.raises(ValidationError, match="ASCII"):
        IdentityNumber().deserialize(number)
