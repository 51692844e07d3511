"""A real browser before a served demo home."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from deploy.native import chromium_program
from tests.browser.site import Site, site_of
from tests.browser.watching import Watch
from tests.prepared import copied

WIDTHS = (360, 1440)
HEIGHT = 900
LONGEST_WAIT_MS = 15_000
# --no-sandbox: the tests may run as root. The rest: a browser that only does what the page asks.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PageAs = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """It ends with the last test of this folder: a process may run one at a time, and others start their own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_program(), args=[*ARGUMENTS])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def site(year_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole year, served; a copy for each file of tests."""
    with site_of(copied(year_home, tmp_path_factory.mktemp("site") / "home")) as site:
        yield site


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """Fails the test afterwards if a page erred or asked anything from elsewhere."""
    watch = Watch(urlsplit(site.url).netloc)
    yield watch
    assert watch.trouble == []


@pytest.fixture
def page_as(browser: Browser, site: Site, watch: Watch) -> Iterator[PageAs]:
    """`page_as(role)`: a page of a browser in which somebody of this role is signed in; no role: nobody is."""
    contexts: list[BrowserContext] = []

    def make(role: str = "", *, width: int = WIDTHS[-1], javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=javascript,
            ignore_https_errors=True,  # The provider of the tests has a certificate of its own making.
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        context.set_default_timeout(LONGEST_WAIT_MS)
        watch.over(context)
        if role:
            context.add_cookies([{"name": "lastmile", "value": site.session(role), "url": site.url}])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
