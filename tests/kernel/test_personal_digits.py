"""Digits of a person are not typed where words stand in clear; other digits are."""

from datetime import date

import marshmallow
import pytest

from lastmile.kernel.domain.events import command, command_type, event, event_type
from lastmile.kernel.domain.failures import Invalid
from lastmile.kernel.domain.fields import ClearText, Id, Text
from lastmile.kernel.domain.personal_digits import no_personal_digits

DAY = date(2017, 6, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "身份证110102199003071234",
        "11010219900307123X 的本人",
        "11010219900307123x",
        "110102 19900307 1234",
        "１１０１０２１９９００３０７１２３４",
        "旧证110102900307123",
        "电话13800138000",
        "tel:138-0013-8000",
        "+86 138 0013 8000",
        "８６13800138000",
        "卡号6222021234567890123",
        "6222 0212 3456 7890 123",
        "4111111111111111",
        "(4111-1111-1111-1111)",
    ],
)
def test_an_identity_number_a_telephone_and_a_bank_card_are_refused(typed: str) -> None:
    with pytest.raises(marshmallow.ValidationError):
        no_personal_digits(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "京工发〔2017〕12号",
        "2017-01-01 2017-12-31",
        "20170101-20171231",
        "凭证 2017000123456",
        "81110102MC1234567X",
        "110102017",
        "union_id=019f3a2c-7d11-7000-8123-138001380001",
        "110102199013071234",
        "12800138000",
        "4111111111111112",
        "共 1,234,567.89 元",
        "010-63010000",
    ],
)
def test_other_digits_are_what_somebody_means_to_say(typed: str) -> None:
    no_personal_digits(typed)


@event()
class BoxSealed:
    """A box was sealed, on a ground that stands in clear."""

    box_id: Id
    ground: Text
    occurred_on: date


@command
class SealBox:
    """Seal a box."""

    box_id: Id
    ground: ClearText


def test_a_command_refuses_them_at_the_field_and_an_event_of_before_is_read() -> None:
    with pytest.raises(Invalid) as refusal:
        command_type(SealBox).parse({"box_id": "b", "ground": "call 13800138000"}, actor="li", today=DAY)
    assert set(refusal.value.fields) == {"ground"}
    sealed = command_type(SealBox).parse({"box_id": "b", "ground": "it leaks"}, actor="li", today=DAY)
    assert sealed.ground == "it leaks"
    said = {"box_id": "b", "ground": "call 13800138000"}
    assert event_type(BoxSealed).load(said, "2017-06-01").ground == "call 13800138000"
