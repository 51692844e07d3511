"""A home in which every free text is a program, a formula or an address: none comes to life on a page or in a file."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from examples.guangnei_2017.accounts import HOLDERS
from services.gateway import sheets
from tests.browser.conftest import PageAs
from tests.browser.crawling import crawl
from tests.browser.site import STATION, Site, site_of
from tests.hostile.live import live_in_csv, live_in_page, live_in_workbook
from tests.hostile.rest_of_the_year import tell_the_rest
from tests.hostile.vandal import SCRIPTS, Field, every_free_text, vandalise
from tests.membership.station import HEADER

ROLES = tuple(HOLDERS.values())
BETWEEN_THEM_ALL_PAGES = ("clerk", "accountant", "administrator", "district_auditor")
RECORDS = (
    "members",
    "unions",
    "households",
    "applications",
    "persons",
    "policies",
    "funds",
    "consolation",
    "pay-lists",
)
RECORDS_OF_A_KIND = 20
OTHER_FILES = frozenset({"bank_file", "cards_send", "roster_marked", "card_numbers_marked", "roster_template"})
"""Files that are handed out elsewhere than beside a list or a report; evidence is entries, byte for byte."""

ASKED = {"occurred_on": "2017-12-01", "kind": "joined"}
WRONG = [("=1+1", "1", "+1+1"), ("@SUM(1)", "-1", "\t=1+1")]
LINK = re.compile(rf'href="(/stations/{STATION}/[^"?#]+/[^"?#]+)"')


@pytest.fixture(scope="module")
def taken_and_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[frozenset[Field], Site]]:
    place = tmp_path_factory.mktemp("vandalised") / "home"
    taken = vandalise(place, tell_the_rest)
    with site_of(place) as site:
        yield taken, site


@pytest.fixture(scope="module")
def site(taken_and_site: tuple[frozenset[Field], Site]) -> Site:
    return taken_and_site[1]


def test_every_free_text_of_every_order_is_one(taken_and_site: tuple[frozenset[Field], Site]) -> None:
    assert every_free_text() - taken_and_site[0] == set()


def test_no_page_that_a_role_finds_runs_what_it_shows(page_as: PageAs, site: Site) -> None:
    shown = set[str]()
    for role in BETWEEN_THEM_ALL_PAGES:
        page = page_as(role)
        for visited in crawl(page, site, "/"):
            assert live_in_page(page.content()) == [], f"{role} {visited.path}"
            shown |= {script for script in SCRIPTS if script in page.locator("body").inner_text()}
    assert len(shown) > len(SCRIPTS) // 2, "they are there to be seen"


@pytest.fixture(scope="module")
def clients(site: Site) -> Iterator[dict[str, httpx.Client]]:
    made = {
        role: httpx.Client(base_url=site.url, cookies={"lastmile": site.session(role)}, timeout=60) for role in ROLES
    }
    yield made
    for client in made.values():
        client.close()


@pytest.mark.parametrize("kind", RECORDS)
def test_no_record_runs_what_it_shows(clients: dict[str, httpx.Client], kind: str) -> None:
    seen = 0
    for role, client in clients.items():
        listed = client.get(f"/stations/{STATION}/{kind}")
        links = [link for link in dict.fromkeys(LINK.findall(listed.text)) if f"/{kind}/" in link]
        for path in links[:RECORDS_OF_A_KIND]:
            answer = client.get(path)
            assert live_in_page(answer.text) == [], f"{role} {path}"
            seen += answer.status_code == 200
    assert seen


def test_what_is_searched_for_is_shown_and_not_run(clients: dict[str, httpx.Client]) -> None:
    for kind in ("members", "unions", "households", "applications"):
        for script in SCRIPTS:
            answer = clients["clerk"].get(
                f"/stations/{STATION}/{kind}", params=dict.fromkeys(("text", "sort", "status", "select"), script)
            )
            assert live_in_page(answer.text) == [], f"{kind} {script}"
    client = clients["clerk"]
    for kind, name in (("members", "text"), ("households", "people"), ("applications", "people")):
        path = f"/stations/{STATION}/{kind}"
        token = re.search(r'name="csrf_token" value="([^"]*)"', client.get(path).text)
        assert token
        for script in SCRIPTS:
            typed = {"csrf_token": token[1], name: script}
            answer = client.post(f"{path}/searched", data=typed, follow_redirects=True)
            assert f"{name}=~" in str(answer.url), "it led on to the list"
            assert live_in_page(answer.text) == [], f"{kind} {script}"


def test_without_escaping_the_same_look_finds_them(
    browser: Browser, site: Site, clients: dict[str, httpx.Client]
) -> None:
    environment = site.app.jinja_env
    usual, environment.autoescape = environment.autoescape, False
    environment.cache.clear()  # type: ignore[union-attr]
    try:
        path = f"/stations/{STATION}/members"
        assert live_in_page(clients["clerk"].get(path).text)
        context = browser.new_context(base_url=site.url)
        context.add_cookies([{"name": "lastmile", "value": clients["clerk"].cookies["lastmile"], "url": site.url}])
        said: list[str] = []
        context.on("console", lambda message: said.append(message.text))
        context.new_page().goto(path)
        assert any("Content Security Policy" in each for each in said), "and the browser refuses to run them"
        context.close()
    finally:
        environment.autoescape = usual
        environment.cache.clear()  # type: ignore[union-attr]


def files_of(site: Site, clients: dict[str, httpx.Client]) -> Iterator[tuple[str, bytes]]:
    """Every file that somebody may take, by the name of the page that hands it out."""
    for role, client in clients.items():
        found = re.search(r'name="csrf_token" value="([^"]*)"', client.get(f"/stations/{STATION}/account").text)
        assert found
        token = {"csrf_token": found[1]}
        for rule in site.app.url_map.iter_rules():
            if rule.endpoint.endswith("_export"):
                for kind in ("csv", "xlsx"):
                    path = rule.rule.replace("<station>", STATION)
                    yield from attached(
                        rule.endpoint, client.post(path, data={**token, "format": kind, "year": "2017"})
                    )
        yield from others(client, token, role)


def others(client: httpx.Client, token: dict[str, str], role: str) -> Iterator[tuple[str, bytes]]:
    at = f"/stations/{STATION}"
    if role == "accountant":
        for key in set(re.findall(rf'href="{at}/pay-lists/([^"?/]+)"', client.get(f"{at}/pay-lists").text)):
            for kind in ("csv", "xlsx"):
                yield from attached(
                    "console.bank_file", client.post(f"{at}/pay-lists/{key}/bank-file", data={**token, "format": kind})
                )
    if role == "clerk":
        yield from attached("console.roster_template", client.get(f"{at}/roster/template"))
        yield from attached("console.cards_send", client.post(f"{at}/cards/send", data=token))
        for path, header in (("roster", HEADER[:3]), ("cards/numbers", ("申请编号", "姓名", "卡号"))):
            sent = {"file": ("=1+1.xlsx", sheets.as_excel("名册", header, WRONG))}
            page = client.post(f"{at}/{path}/check", data={**token, **ASKED}, files=sent)
            draft = re.search(r'name="draft" value="([^"]*)"', page.text)
            assert draft, re.sub("<[^>]*>", " ", page.text.partition("<main")[2])[:500]
            name = "roster_marked" if path == "roster" else "card_numbers_marked"
            yield from attached(
                f"console.{name}", client.post(f"{at}/{path}/marked", data={**token, "draft": draft[1]})
            )


def attached(endpoint: str, answer: httpx.Response) -> Iterator[tuple[str, bytes]]:
    if "attachment" in answer.headers.get("Content-Disposition", ""):
        assert not re.search(r"[\r\n]", answer.headers["Content-Disposition"])
        yield endpoint.removeprefix("console."), answer.content


def live(files: Iterator[tuple[str, bytes]]) -> tuple[set[str], list[str], bytes]:
    """Which pages gave a file, what is live in any, and all that is CSV."""
    given, found, text = set[str](), list[str](), b""
    for name, data in files:
        given.add(name)
        if data.startswith(b"PK"):
            found += [f"{name} {each}" for each in live_in_workbook(data)]
        else:
            found += [f"{name} {each}" for each in live_in_csv(data)]
            text += data
    return given, found, text


def test_no_file_that_is_handed_out_reckons(site: Site, clients: dict[str, httpx.Client]) -> None:
    given, found, text = live(files_of(site, clients))
    assert found == []
    exports = {
        rule.endpoint.removeprefix("console.")
        for rule in site.app.url_map.iter_rules()
        if rule.endpoint.endswith("_export")
    }
    assert exports | OTHER_FILES == given
    for formula in (b"'=1+1|", b"'+1+1|", b"'-1+1|", b"'@SUM(1)|"):
        assert formula in text


def test_without_the_quote_the_same_look_finds_formulas(
    site: Site, clients: dict[str, httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "_harmless", lambda cell: cell)
    _, found, _ = live(files_of(site, {"clerk": clients["clerk"]}))
    assert any("=1+1|" in each for each in found)
