"""Every page, as each role finds it by its links, and as work under way asks for it: open to everybody, without error,
asking nothing from elsewhere."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from examples.guangnei_2017.accounts import HOLDERS
from services.gateway.console.page import all_pages
from tests.browser.conftest import WIDTHS, PageAs
from tests.browser.crawling import crawl, pages_of_the_console
from tests.browser.people import violations
from tests.browser.site import Site
from tests.browser.under_way import reach, under_way
from tests.browser.waiting import site_with_work_waiting

ROLES = ("", *HOLDERS.values())
"""Nobody yet, then each role."""
FORMS = {page.endpoint for page in all_pages() if "POST" in page.methods and not page.menu}
"""The same in every role that may open them: each is looked at once."""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def site(year_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The year with something waiting at each step, on the day on which it waits."""
    with site_with_work_waiting(year_home, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_open_to_everybody_and_fits(page_as: PageAs, site: Site, width: int) -> None:
    wrong: dict[str, list[str]] = {}
    looked_at: set[str] = set()

    def look(page: Page, name: str, seen_as: str) -> None:
        trouble = [] if name in looked_at else violations(page)
        looked_at.add(name)
        if (too_wide := page.evaluate(SIDEWAYS)) > 0:
            trouble.append(f"{too_wide} px too wide")
        if trouble:
            wrong[f"{seen_as} {name}"] = trouble

    pages = {role: page_as(role, width=width) for role in ROLES}
    for name, each in under_way(site).items():
        page = pages[each.role] if each.role else page_as(width=width)
        reach(page, site, name, each)
        look(page, name, each.role)
    for role, page in pages.items():
        for visited in crawl(page, site, "/" if role else "/sign-in", but=looked_at & FORMS):
            look(page, visited.endpoint, role)
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)
    assert pages_of_the_console(site) - looked_at == set()
