"""`make screenshots`: keep a picture of each kind of page under docs/images/pages, as a role that finds it sees it."""

import sys
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import sync_playwright

from deploy.native import chromium_program
from examples.guangnei_2017.accounts import HOLDERS
from tests.browser.conftest import ARGUMENTS
from tests.browser.crawling import CONSOLE, crawl
from tests.browser.site import STATION, Site, site_of
from tests.prepared import carry_the_year, copied

PICTURES = Path(__file__).parents[2] / "docs" / "images" / "pages"
SIZE = {"width": 1280, "height": 900}
DAY = date(2017, 12, 29)
STARTS = ("/", f"/stations/{STATION}/report?year=2017&as_of=2017-10-31")


def main(given: Path | None = None) -> None:
    """`given`: a home with the year in it; one is made if none is given."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory) / "home"
        if given is None:
            carry_the_year(home)
        else:
            copied(given, home)
        PICTURES.mkdir(parents=True, exist_ok=True)
        for old in PICTURES.glob("*.png"):
            old.unlink()
        with site_of(home, DAY) as site:
            _take(site)


def _take(site: Site) -> None:
    taken: set[str] = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=[*ARGUMENTS])
        for role in ("", *HOLDERS.values()):
            context = browser.new_context(base_url=site.url, viewport=SIZE, locale="zh-CN")  # type: ignore[arg-type]
            if role:
                context.add_cookies([{"name": "lastmile", "value": site.session(role), "url": site.url}])
            page = context.new_page()
            for visited in crawl(page, site, *(STARTS if role else ("/sign-in",))):
                if visited.endpoint not in taken:
                    taken.add(visited.endpoint)
                    page.screenshot(path=PICTURES / f"{visited.endpoint.removeprefix(CONSOLE)}.png")
            context.close()
        browser.close()
    print(f"{len(taken)} pictures in {PICTURES}", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
