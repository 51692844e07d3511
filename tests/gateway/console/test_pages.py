"""Every page of the console: in the menu or linked, with a title, a language, one heading, a label for each input."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import STATION_ROLES, Role
from services.gateway.console import page as pages
from services.gateway.console.page import Page
from services.gateway.session import COOKIE
from tests.gateway.console.answering import STATION
from tests.gateway.console.conftest import signed_in

GATEWAY = Path(pages.__file__).parents[1]
WRITTEN = "\n".join(path.read_text() for path in (*GATEWAY.rglob("*.html"), *GATEWAY.rglob("console/**/*.py")))
PEOPLE = [role for role in STATION_ROLES if role is not Role.CITY_SYSTEM]
PAGES = list(pages.all_pages())


class Seen(HTMLParser):
    """What a page holds that a reader or a screen reader goes by."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language, self.headings, self.ids = "", 0, []  # type: ignore[var-annotated]
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.inline: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        self.headings += tag == "h1"
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self.labelled.add(given.get("for", ""))
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.inputs.append(given)
        if tag == "a":
            self.links.append(given.get("href", ""))
        if "style" in given or any(name.startswith("on") for name in given) or (tag == "script" and "src" not in given):
            self.inline.append(tag)


def well_made(page: str, address: str) -> Seen:
    seen = Seen(page)
    assert seen.language in ("zh-CN", "en"), address
    assert re.search(r"<title>\s*\S.* · (最后一公里|Lastmile)</title>", page), address
    assert seen.headings == 1, address
    assert len(seen.ids) == len(set(seen.ids)), address
    assert not seen.inline, address
    unlabelled = [each for each in seen.inputs if each.get("id") not in seen.labelled and "aria-label" not in each]
    assert not unlabelled, (address, unlabelled)
    return seen


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_that_the_menu_leads_to_is_well_made(home: Embedded, role: Role) -> None:
    client = signed_in(home, role)
    start = client.get(f"/stations/{STATION}/work").text
    menu = re.search(r'<nav id="menu".*?</nav>', start, re.DOTALL)
    assert menu
    addresses = [link for link in Seen(menu[0]).links if link.startswith("/")]
    assert f"/stations/{STATION}/work" in addresses
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        well_made(answer.text, address)


def test_the_pages_of_signing_in_are_well_made(home: Embedded) -> None:
    client = signed_in(home, Role.CHAIR)
    for address in ("/sign-in/second-factor", f"/stations/{STATION}/account/password", "/no/such/page"):
        well_made(client.get(address).text, address)
    client.delete_cookie(COOKIE)
    well_made(client.get("/sign-in").text, "/sign-in")


def shown_by_itself(page: Page) -> bool:
    return (
        "GET" in page.methods and page.menu is None and not page.public and page.name not in ("first", "first_password")
    )


@pytest.mark.parametrize("page", [page for page in PAGES if shown_by_itself(page)], ids=lambda page: page.name)
def test_every_page_outside_the_menu_is_linked_from_another(page: Page) -> None:
    assert len(re.findall(rf"""["']{page.name}["']""", WRITTEN)) > 1, page.name


def test_no_two_pages_share_a_name_or_an_address() -> None:
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert len({page.rule for page in PAGES}) == len(PAGES)


def test_everything_in_english_too(home: Embedded) -> None:
    client: FlaskClient = signed_in(home, Role.DISTRICT_AUDITOR)
    client.set_cookie("lastmile_language", "en")
    seen = well_made(client.get(f"/stations/{STATION}/report?year=2017").text, "report")
    assert seen.language == "en"
