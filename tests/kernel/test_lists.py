"""Lists are filtered, sorted and read page by page, by number or behind a cursor, without a row twice or missed."""

from typing import Any

import pytest

from lastmile.kernel.domain.failures import Invalid
from tests.kernel.sample import CLERK, STATION, Sample

PIECES = {f"box-{number:02d}": 1 + number % 4 for number in range(23)}


@pytest.fixture
def boxes(sample: Sample) -> Sample:
    for box_id, pieces in PIECES.items():
        sample.tell(box_id, "OpenBox", box_id=box_id, pieces=pieces)
    return sample


def asked(sample: Sample, **parameters: Any) -> dict[str, Any]:
    found: dict[str, Any] = sample.service.ask("boxes", CLERK, STATION, parameters)
    return found


def test_a_list_is_sorted_by_its_first_column_and_counted_whole(boxes: Sample) -> None:
    found = asked(boxes, size=5)
    assert [row["box_id"] for row in found["rows"]] == sorted(PIECES)[:5]
    assert found["count"] == len(PIECES)


def test_a_filter_narrows_rows_and_count(boxes: Sample) -> None:
    found = asked(boxes, least=4)
    assert {row["box_id"] for row in found["rows"]} == {box for box, pieces in PIECES.items() if pieces >= 4}
    assert found["count"] == len(found["rows"])


@pytest.mark.parametrize("sort", ["box_id", "-box_id", "pieces", "-pieces"])
def test_the_cursor_leads_through_all_rows_once_in_the_order_asked_for(boxes: Sample, sort: str) -> None:
    seen, after = [], None
    while True:
        page = asked(boxes, sort=sort, size=4, **({"after": after} if after else {}))
        seen += page["rows"]
        after = page["next"]
        if not after:
            break
    name = sort.removeprefix("-")
    expected = sorted(PIECES.items(), key=lambda item: (item[1], item[0]) if name == "pieces" else (item[0],))
    if sort.startswith("-"):
        expected.reverse()
    assert [row["box_id"] for row in seen] == [box for box, _ in expected]


def test_pages_by_number_are_the_same_rows(boxes: Sample) -> None:
    pages = [asked(boxes, size=10, page=number)["rows"] for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [10, 10, 3, 0]
    assert {row["box_id"] for page in pages for row in page} == set(PIECES)


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"sort": "colour"}, "sort"),
        ({"page": 0}, "page"),
        ({"size": 1_001}, "size"),
        ({"colour": "red"}, "colour"),
        ({"after": "nonsense"}, "after"),
        ({"after": "W10="}, "after"),
        ({"after": "W1tdLFtdXQ=="}, "after"),
        ({"after": "WzEsMV0="}, "after"),
    ],
)
def test_what_a_list_does_not_know_is_named(boxes: Sample, parameters: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        asked(boxes, **parameters)
    assert field in refusal.value.fields
