"""The figure book: what is wrong with one is said clearly; what ours reads is really published."""

from copy import deepcopy
from dataclasses import fields
from typing import Any

import pytest

from lastmile.composition import definition_of
from lastmile.kernel.domain.events import event_type
from lastmile.settings import LOG_SERVICES
from services.reporting.figures.book import MONTH, PRODUCT_BOOK, Book, BookInvalid, product_book, read_book
from services.reporting.figures.layout import standard_layout

SWIPES: dict[str, Any] = {
    "label_zh": "刷卡",
    "label_en": "swipes",
    "unit": "attendance",
    "nature": "flow",
    "measure": "count",
    "dims": ["kind"],
    "reads": [{"service": "activities", "event": "CardSwiped"}],
}
READS = [(read.service, read.event, figure.name) for figure in product_book().figures.values() for read in figure.reads]


@pytest.mark.parametrize(("service", "event", "figure"), READS)
def test_what_the_book_reads_is_published(service: str, event: str, figure: str) -> None:
    assert service in LOG_SERVICES
    published = {event_type(kind).name: kind for kind in definition_of(service).events}
    assert event in published
    given = {field.name for field in fields(published[event])}
    for read in product_book().figures[figure].reads:
        if (read.service, read.event) == (service, event):
            read_fields = {read.field, read.of, *read.dims.values(), *read.when} - {None, MONTH}
            assert read_fields <= given
            assert not read_fields & set(event_type(published[event]).sealed), "figures never need personal data"


def test_every_figure_stands_in_the_standard_layout() -> None:
    assert {line.figure for line in standard_layout(product_book()).lines} == set(product_book().figures)


def test_the_hash_names_the_content_and_not_the_order_of_files() -> None:
    content = {"swipes": SWIPES, "attendances": SWIPES}
    assert Book(content).hash == Book(dict(reversed(content.items()))).hash
    changed = deepcopy(content)
    changed["swipes"]["reads"][0]["weight"] = -1
    assert Book(changed).hash != Book(content).hash
    assert read_book(PRODUCT_BOOK).hash == product_book().hash


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"unit": None}, "swipes: unit is missing"),
        ({"nature": "river"}, "swipes: nature is 'river', not one of flow, stock"),
        ({"measure": "median"}, "swipes: measure is 'median'"),
        ({"colour": "red"}, "swipes: unknown field colour"),
        ({"of": "person_id"}, "swipes: unknown field of"),
        ({"reads": []}, "swipes: reads is missing"),
        ({"reads": [{"event": "CardSwiped"}]}, r"swipes: reads\[0\]: service is missing"),
        ({"reads": [{"service": "a", "event": "B", "weight": 2}]}, r"reads\[0\]: weight is 2, not 1 or -1"),
        ({"reads": [{"service": "a", "event": "B", "field": "c"}]}, r"reads\[0\]: field is for sum and latest"),
        ({"measure": "sum"}, r"reads\[0\]: field is for sum and latest, and needed there"),
        ({"measure": "distinct"}, r"reads\[0\]: of is missing"),
        ({"reads": [{"service": "a", "event": "B", "dims": {"sort": "c"}}]}, r"dims names sort"),
        ({"reads": [{"service": "a", "event": "B", "wieght": 1}]}, r"reads\[0\]: unknown field wieght"),
    ],
)
def test_a_wrong_figure_is_refused_by_name(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BookInvalid, match=complaint):
        Book({"swipes": SWIPES | change})


def test_a_ratio_needs_figures_that_have_its_dimensions() -> None:
    told = {field: SWIPES[field] for field in ("label_zh", "label_en", "unit", "nature")}
    ratio = told | {"measure": "ratio", "numerator": "swipes", "denominator": "places"}
    with pytest.raises(BookInvalid, match="rate: denominator is no figure to make a ratio of: 'places'"):
        Book({"swipes": SWIPES, "rate": ratio})
    with pytest.raises(BookInvalid, match="rate: numerator swipes lacks the dimension theme"):
        Book({"swipes": SWIPES, "rate": ratio | {"denominator": "swipes", "dims": ["theme"]}})


def test_an_event_has_room_for_two_amounts_and_one_subject() -> None:
    def adding(field: str) -> dict[str, Any]:
        return SWIPES | {"measure": "sum", "reads": [{"service": "a", "event": "B", "field": field}]}

    def telling(field: str) -> dict[str, Any]:
        return SWIPES | {"measure": "distinct", "of": field, "reads": [{"service": "a", "event": "B"}]}

    Book({"one": adding("x"), "two": adding("y"), "three": adding("x"), "four": telling("p"), "five": telling("month")})
    with pytest.raises(BookInvalid, match=r"a\.B: figures add up more than 2"):
        Book({"one": adding("x"), "two": adding("y"), "three": adding("z")})
    with pytest.raises(BookInvalid, match=r"a\.B: figures tell more than one"):
        Book({"one": telling("p"), "two": telling("q")})
