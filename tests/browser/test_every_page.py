"""Every page, as each role finds it by its links: open to everybody, without error, asking nothing from elsewhere."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from examples.guangnei_2017.accounts import HOLDERS
from tests.browser.conftest import WIDTHS, PageAs
from tests.browser.crawling import crawl, pages_of_the_console
from tests.browser.site import Site

ROLES = ("", *HOLDERS.values())
"""Nobody yet, then each role."""
FILES = frozenset({"export"})
"""Words in the names of pages that are files: nothing to look at."""

ALSO_WITHOUT_LINK = frozenset[str]()
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def violations(page: Page) -> list[str]:
    """What the rules of accessibility find wrong, and where."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'][:3])}" for one in found]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_that_a_role_finds_is_open_to_everybody_and_fits(page_as: PageAs, site: Site, width: int) -> None:
    wrong: dict[str, list[str]] = {}
    found: set[str] = set()
    for role in ROLES:
        page = page_as(role, width=width)
        for visited in crawl(page, site, "/" if role else "/sign-in"):
            trouble = [] if visited.endpoint in found else violations(page)
            found.add(visited.endpoint)
            if (too_wide := page.evaluate(SIDEWAYS)) > 0:
                trouble.append(f"{too_wide} px too wide")
            if trouble:
                wrong[f"{role} {visited.path}"] = trouble
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)
    wanted = {name for name in pages_of_the_console(site) if not any(word in name for word in FILES)}
    assert wanted - found - ALSO_WITHOUT_LINK == set()
