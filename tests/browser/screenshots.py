"""`make screenshots`: keep a picture of each page under docs/images/pages, as somebody to whom it is open sees it."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.native import chromium_program
from examples.guangnei_2017.accounts import HOLDERS
from tests.browser.conftest import ARGUMENTS
from tests.browser.crawling import CONSOLE, crawl
from tests.browser.site import STATION, Site
from tests.browser.under_way import reach, under_way
from tests.browser.waiting import site_with_work_waiting
from tests.prepared import carry_the_year

PICTURES = Path(__file__).parents[2] / "docs" / "images" / "pages"
SIZE = {"width": 1280, "height": 900}
STARTS = ("/", f"/stations/{STATION}/report?year=2017&as_of=2017-10-31")


def main(given: Path | None = None) -> None:
    """`given`: a home with the year in it; one is made if none is given."""
    with tempfile.TemporaryDirectory() as directory:
        home = given or Path(directory) / "year"
        if given is None:
            carry_the_year(home)
        PICTURES.mkdir(parents=True, exist_ok=True)
        for old in PICTURES.glob("*.png"):
            old.unlink()
        with site_with_work_waiting(home, Path(directory)) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_program(), args=[*ARGUMENTS])
            taken = _take(browser, site)
            browser.close()
    print(f"{len(taken)} pictures in {PICTURES}", file=sys.stderr)


def _take(browser: Browser, site: Site) -> set[str]:
    """Of what is under way first: there is something to see on it."""
    taken: set[str] = set()

    def take(page: Page, endpoint: str) -> None:
        if endpoint not in taken:
            taken.add(endpoint)
            page.screenshot(path=PICTURES / f"{endpoint.removeprefix(CONSOLE)}.png")

    pages = {role: _page_of(browser, site, role) for role in ("", *HOLDERS.values())}
    for name, each in under_way(site).items():
        page = pages[each.role] if each.role else _page_of(browser, site, "")
        reach(page, site, name, each)
        take(page, name)
    for role, page in pages.items():
        for visited in crawl(page, site, *(STARTS if role else ("/sign-in",))):
            take(page, visited.endpoint)
    return taken


def _page_of(browser: Browser, site: Site, role: str) -> Page:
    context = browser.new_context(base_url=site.url, viewport=SIZE, locale="zh-CN")  # type: ignore[arg-type]
    if role:
        context.add_cookies([{"name": "lastmile", "value": site.session(role), "url": site.url}])
    return context.new_page()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
