"""Declared answers: what fits a shape is let through, what does not is found."""

from dataclasses import replace
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest
from marshmallow import ValidationError

from lastmile.kernel.domain.answers import Day, Instant, answer_field, page_of
from lastmile.kernel.store.service import Query
from tests.held_answers import Undeclared, held
from tests.kernel.sample import CLERK, STATION, Sample


class Piece(TypedDict):
    """A piece."""

    amount_fen: Annotated[int, "What it cost."]
    paid_on: Day | None
    state: NotRequired[Literal["paid"]]


PIECE = {"amount_fen": 1, "paid_on": "2017-01-01", "state": "paid"}
FITS = [
    (Piece, PIECE),
    (Piece, {"amount_fen": 0, "paid_on": None}),
    (Piece | None, None),
    (list[Piece], [PIECE]),
    (dict[str, int], {"a": 1}),
    (dict[str, Any], {"a": [{}]}),
    (int | str | None, None),
    (int | str | None, "98.99"),
    (Instant, "2017-01-01T00:00:00.000000Z"),
    (bool, True),
]
FITS_NOT = [
    (Piece, {**PIECE, "more": 1}),
    (Piece, {"amount_fen": 1}),
    (Piece, {**PIECE, "amount_fen": True}),
    (Piece, {**PIECE, "amount_fen": "1"}),
    (Piece, {**PIECE, "paid_on": "1.1.2017"}),
    (Piece, {**PIECE, "state": "lost"}),
    (Piece, None),
    (list[Piece], PIECE),
    (dict[str, int], {"a": "1"}),
    (int | str | None, 1.5),
    (int | str, True),
    (Instant, "2017-01-01T00:00:00"),
    (str, None),
    (bool, 1),
]


@pytest.mark.parametrize(("shape", "answer"), FITS)
def test_what_fits_a_shape_is_let_through(shape: Any, answer: Any) -> None:
    answer_field(shape).deserialize(answer)


@pytest.mark.parametrize(("shape", "answer"), FITS_NOT)
def test_what_does_not_fit_is_found(shape: Any, answer: Any) -> None:
    with pytest.raises(ValidationError):
        answer_field(shape).deserialize(answer)


def test_a_page_holds_its_rows() -> None:
    page = page_of(Piece)()
    page.load({"rows": [PIECE], "count": 1, "next": None})
    assert set(page.validate({"rows": [{}], "count": 1})) == {"rows", "next"}


def test_an_answer_that_json_does_not_take_is_found() -> None:
    query = Query("asked", lambda _asking: None, dict[str, int])
    held(query, {"a": 1})
    with pytest.raises(TypeError):
        held(query, {1: 1})
    with pytest.raises(Undeclared):
        held(query, {"a": "1"})


def test_in_the_tests_no_service_answers_otherwise_than_it_declares(sample: Sample) -> None:
    boxes = sample.service.queries["boxes"]
    sample.service.ask("boxes", CLERK, STATION, {})
    for rows in ([{"box_id": "1"}], [{"box_id": "1", "pieces": 1, "more": 1}], [{"box_id": "1", "pieces": None}]):
        page = {"rows": rows, "count": 1, "next": None}
        sample.service.queries["boxes"] = replace(boxes, view=lambda _asking, page=page: page)
        with pytest.raises(Undeclared):
            sample.service.ask("boxes", CLERK, STATION, {})
