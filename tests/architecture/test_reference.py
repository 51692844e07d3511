"""The reference pages say what the code says."""

import pytest

from deploy.reference import PAGES, pages

WRITTEN = pages()


@pytest.mark.parametrize("page", sorted(WRITTEN))
def test_the_page_is_what_the_code_says(page: str) -> None:
    assert (PAGES / page).read_text() == WRITTEN[page], "run `make docs`"


def test_no_other_page_lies_beside_them() -> None:
    assert {path.name for path in PAGES.glob("*.md")} == set(WRITTEN)
