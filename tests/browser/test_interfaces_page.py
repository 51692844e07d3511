"""The page of the interfaces in a real browser: whole under the strict policy, nothing from elsewhere."""

import pytest

from tests.browser.conftest import WIDTHS, PageAs


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_of_the_interfaces_shows_every_heading_and_asks_nothing_elsewhere(page_as: PageAs, width: int) -> None:
    page = page_as(width=width)
    answer = page.goto("/api/v1/")
    assert answer is not None
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    headings = page.locator(".opblock-tag-section h3 a span")
    headings.first.wait_for()
    assert set(headings.all_text_contents()) >= {"sessions", "membership", "relief", "reporting", "logs"}
    page.get_by_text("relief", exact=True).click()
    page.locator(".opblock-summary-path", has_text="approve-application").first.click()
    page.get_by_text("Idempotency-Key").first.wait_for()
