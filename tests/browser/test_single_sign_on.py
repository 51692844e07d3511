"""Single sign-on at a real OpenID Connect provider: whom it vouches for and who is linked gets in, nobody else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from Cryptodome.PublicKey import RSA
from jwkest.jwk import RSAKey

from examples.guangnei_2017.driver import staff_id
from tests.browser.conftest import PageAs
from tests.browser.crawling import NO_PAGES
from tests.browser.people import violations
from tests.browser.provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, open_id_provider
from tests.browser.site import STATION, Site, site_of
from tests.browser.watching import Watch
from tests.eventually import ANSWERED_WITHIN_SECONDS
from tests.prepared import copied

BACK = "/sign-in/single/back"
BUTTON = "用统一身份登录"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdProvider]:
    with open_id_provider(tmp_path_factory.mktemp("provider"), "linked", "stranger") as running:
        yield running


@pytest.fixture(scope="module")
def site(provider: OpenIdProvider, year_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The year, served with this provider in its settings and one clerk linked to a subject of it."""
    settings = {
        "LASTMILE_OIDC_ISSUER": provider.issuer,
        "LASTMILE_OIDC_CLIENT_ID": CLIENT_ID,
        "LASTMILE_OIDC_CLIENT_SECRET": CLIENT_SECRET,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", str(provider.certificate))
        with site_of(copied(year_home, tmp_path_factory.mktemp("site") / "home"), **settings) as site:
            provider.redirect_uris.append(f"{site.url}{BACK}")
            _link(site, provider)
            yield site


def _link(site: Site, provider: OpenIdProvider) -> None:
    body = {"person_id": staff_id(STATION, "clerk-1"), "issuer": provider.issuer, "subject": provider.subject("linked")}
    token = site.home.operator_token(STATION)
    (outcome,) = site.home.calls.tell("access", STATION, "LinkSubject", [("link", body)], token)
    assert outcome["status"] == "done", outcome


@pytest.fixture
def sign_in_as(page_as: PageAs, watch: Watch, provider: OpenIdProvider) -> Callable[[str], str]:
    """Goes the whole way as this user of the provider; the text of the page at its end."""

    def go(user: str) -> str:
        watch.also.add(urlsplit(provider.issuer).netloc)
        page = page_as()
        page.goto("/sign-in")
        page.get_by_role("link", name=BUTTON).click()
        page.get_by_label("用户").fill(user)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: not url.startswith(provider.issuer))
        assert violations(page) == []
        return page.locator("body").inner_text()

    return go


def test_whoever_is_linked_gets_in(sign_in_as: Callable[[str], str], site: Site) -> None:
    assert site.account("clerk")["name"] in sign_in_as("linked")


def test_a_stranger_whom_the_provider_knows_is_refused_and_the_refusal_recorded(
    sign_in_as: Callable[[str], str], site: Site, watch: Watch
) -> None:
    watch.expect_refusals()
    before = site.home.services["access"].ends()
    assert "统一身份没有认可这次登录" in sign_in_as("stranger")
    assert site.home.services["access"].ends() != before


def begun(site: Site, client: httpx.Client) -> str:
    """Where the gateway sends the browser first."""
    address: str = client.get(f"{site.url}/sign-in/single").headers["location"]
    return address


def patient() -> httpx.Client:
    return httpx.Client(timeout=ANSWERED_WITHIN_SECONDS)


def vouched(address: str, user: str) -> str:
    """Where the provider sends the browser back."""
    sent = {"data": {"user": user}, "timeout": ANSWERED_WITHIN_SECONDS}
    back: str = httpx.post(address, **sent, verify=False).headers["location"]  # noqa: S501 - its own.
    return back


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(site: Site) -> None:
    with patient() as browser, patient() as another:
        back = vouched(begun(site, browser), "linked")
        assert another.get(back).status_code == 403
        assert browser.get(back).status_code == 303
        assert browser.get(back).status_code == 403


@pytest.mark.parametrize("changed", ["code=forged", "state=forged", "error=access_denied"])
def test_a_forged_or_refused_answer_lets_nobody_in(site: Site, changed: str) -> None:
    with patient() as browser:
        back = vouched(begun(site, browser), "linked")
        name = changed.partition("=")[0]
        query = [part for part in urlsplit(back).query.split("&") if not part.startswith(f"{name}=")]
        assert browser.get(f"{site.url}{BACK}?{'&'.join([*query, changed])}").status_code == 403


def test_a_word_signed_with_another_key_lets_nobody_in(site: Site, provider: OpenIdProvider) -> None:
    with patient() as browser:
        first = begun(site, browser)
        with provider.signing_with(RSAKey(key=RSA.generate(2048), alg="RS256", kid="first")):
            assert browser.get(vouched(first, "linked")).status_code == 403


def test_what_is_looked_at_nowhere_has_nothing_to_look_at(site: Site) -> None:
    clerk = {"base_url": site.url, "cookies": {"lastmile": site.session("clerk")}}
    with patient() as browser, httpx.Client(timeout=ANSWERED_WITHIN_SECONDS, **clerk) as signed_in:
        answers = {
            "console.first": signed_in.get("/"),
            "console.roster_template": signed_in.get(f"/stations/{STATION}/roster/template"),
            "console.single_sign_on_returned": browser.get(vouched(begun(site, browser), "linked")),
            "console.single_sign_on": browser.get(f"{site.url}/sign-in/single"),
        }
    assert answers.keys() == NO_PAGES.keys()
    assert [name for name, answer in answers.items() if not (answer.is_redirect or _is_a_file(answer))] == []


def _is_a_file(answer: httpx.Response) -> bool:
    return answer.is_success and answer.headers["content-disposition"].startswith("attachment")


def test_nobody_is_led_to_another_place_after_signing_in(site: Site) -> None:
    with patient() as browser:
        asked = browser.get(f"{site.url}/sign-in/single", params={"next": "https://elsewhere.example/"})
        answer = browser.get(vouched(asked.headers["location"], "linked"))
        assert "elsewhere" not in answer.headers["location"]
