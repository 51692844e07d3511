"""Finds the pages of the console as people do: from the first page by the links that are shown to them."""

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from tests.browser.site import Site

CONSOLE = "console."
NO_PAGES = {
    "console.first": "leads on to one's work",
    "console.single_sign_on": "leads on to the provider",
    "console.single_sign_on_returned": "leads on from the provider",
    "console.roster_template": "is a workbook",
}
"""What can be asked for and has nothing to look at, and why."""
LINKS = """() => Array.from(document.querySelectorAll('a[href]:not([download])'), a => a.href)"""


@dataclass(frozen=True)
class Visited:
    """A page on which the browser is, and by which name the gateway knows it."""

    endpoint: str
    path: str


def crawl(page: Page, site: Site, *starts: str, but: Collection[str] = ()) -> Iterator[Visited]:
    """Go to one page of each kind that can be reached, but for those of these names; the caller looks at each before
    the browser goes on.
    """
    routes = site.app.url_map.bind(urlsplit(site.url).netloc)
    waiting, seen = deque(starts or ("/",)), set(but)
    while waiting:
        path = waiting.popleft()
        known = endpoint_of(routes, path)
        if known in seen or known == "":
            continue
        seen.add(known)
        answer = page.goto(path)
        if answer is None or "text/html" not in (answer.headers.get("content-type") or ""):
            continue
        arrived = _path(page.url)
        endpoint = endpoint_of(routes, arrived)
        if endpoint == known or endpoint not in seen:
            seen.add(endpoint)
            yield Visited(endpoint, arrived)
        waiting += [_path(link) for link in page.evaluate(LINKS) if link.startswith(f"{site.url}/")]


def endpoint_of(routes: MapAdapter, path: str) -> str:
    """The name of the page of the console at this address, "" for anything else."""
    try:
        endpoint, _ = routes.match(path.partition("?")[0], method="GET")
    except RequestRedirect as redirect:
        return endpoint_of(routes, _path(redirect.new_url))
    except HTTPException:
        return ""
    return endpoint if endpoint.startswith(CONSOLE) else ""


def pages_of_the_console(site: Site) -> set[str]:
    """The names of all pages that can be asked for and looked at."""
    rules = site.app.url_map.iter_rules()
    asked = {rule.endpoint for rule in rules if rule.endpoint.startswith(CONSOLE) and "GET" in (rule.methods or ())}
    return asked - NO_PAGES.keys()


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
