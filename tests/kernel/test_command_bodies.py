"""Commands are flat and typed; each wrong and each missing field of a body is named."""

from datetime import date
from typing import Any

import pytest

from lastmile.kernel.domain.events import command, command_type
from lastmile.kernel.domain.failures import Invalid
from lastmile.kernel.domain.fields import Actor, Id, Quantity, Text, Today

TODAY = date(2017, 3, 1)


@pytest.mark.parametrize("kind", [float, bytes, list[str], dict[str, int], str | int])
def test_kinds_of_field_that_have_no_one_text_are_refused(kind: Any) -> None:
    odd: type = command(type("Odd", (), {"__annotations__": {"odd": kind, "occurred_on": date}}))
    with pytest.raises(TypeError, match=r"Odd\.odd"):
        command_type(odd).parse({}, actor="li", today=TODAY)


@command
class Order:
    """A command that the kernel completes with who asks and today's date."""

    box_id: Id
    pieces: Quantity
    by: Actor
    today: Today
    occurred_on: date
    note: Text | None = None


GOOD = {"box_id": "b", "pieces": 2, "occurred_on": "2017-02-28"}


def parse(body: Any) -> Any:
    return command_type(Order).parse(body, actor="li", today=TODAY)


def test_the_kernel_says_who_asks_and_which_day_it_is() -> None:
    expected = Order(box_id="b", pieces=2, by="li", today=TODAY, occurred_on=date(2017, 2, 28), note=None)
    assert parse(GOOD) == expected


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"box_id": 7}, {"box_id"}),
        ({"pieces": "2"}, {"pieces"}),
        ({"pieces": 2.0}, {"pieces"}),
        ({"pieces": True}, {"pieces"}),
        ({"pieces": None}, {"pieces"}),
        ({"occurred_on": "2017-02-30"}, {"occurred_on"}),
        ({"occurred_on": "2017-03-02"}, {"occurred_on"}),
        ({"by": "somebody else"}, {"by"}),
        ({"today": "2016-01-01"}, {"today"}),
        ({"surprise": 1}, {"surprise"}),
        ({"box_id": "", "pieces": 0, "occurred_on": "2018-01-01", "x": 1}, {"box_id", "pieces", "occurred_on", "x"}),
    ],
)
def test_every_wrong_field_of_a_command_is_named(change: dict[str, Any], wrong: set[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(GOOD | change)
    assert set(refusal.value.fields) == wrong


def test_every_missing_field_of_a_command_is_named() -> None:
    with pytest.raises(Invalid) as refusal:
        parse({})
    assert set(refusal.value.fields) == {"box_id", "pieces", "occurred_on"}


@pytest.mark.parametrize("body", [None, [], "text", 3])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    with pytest.raises(Invalid):
        parse(body)
