"""Of every page there is a picture in the documentation."""

from services.gateway.console.page import all_pages
from tests.browser.crawling import CONSOLE, NO_PAGES
from tests.browser.screenshots import PICTURES

ANSWERS_TO_A_FILE = {"roster_check", "bank_return"}
"""Shown when a file was sent, and changing nothing yet: pictures are taken of these too."""


def test_there_is_a_picture_of_every_page_and_of_nothing_else() -> None:
    pages = {page.name for page in all_pages() if "GET" in page.methods} | ANSWERS_TO_A_FILE
    pictures = {picture.stem for picture in PICTURES.glob("*.png")}
    assert pictures == pages - {name.removeprefix(CONSOLE) for name in NO_PAGES}
