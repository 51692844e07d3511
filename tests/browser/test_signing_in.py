"""Signing in as people do it: with a password, with a second factor, with and without JavaScript; and out again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, PageAs
from tests.browser.site import Site
from tests.browser.watching import Watch

PLAIN = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])


def sign_in(page: Page, site: Site, role: str, password: str = "") -> dict[str, str]:
    account = site.account(role)
    page.goto("/sign-in")
    page.get_by_label("账号", exact=True).fill(account["account_name"])
    page.get_by_label("密码", exact=True).fill(password or account["password"])
    page.get_by_role("button", name="登录", exact=True).click()
    return account


@PLAIN
@pytest.mark.parametrize("width", WIDTHS)
def test_a_clerk_signs_in_sees_the_work_and_signs_out(
    page_as: PageAs, site: Site, width: int, *, javascript: bool
) -> None:
    page = page_as(width=width, javascript=javascript)
    account = sign_in(page, site, "clerk")
    expect(page.get_by_role("heading", level=1)).to_contain_text("我的工作")
    expect(page.locator("header")).to_contain_text(account["name"])
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("登录")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("登录")


@PLAIN
def test_who_approves_gives_a_second_factor_which_the_demo_shows(
    page_as: PageAs, site: Site, *, javascript: bool
) -> None:
    page = page_as(javascript=javascript)
    sign_in(page, site, "vice_chair" if javascript else "cashier")
    code = site.account("vice_chair" if javascript else "cashier")["code"]
    expect(page.locator("main")).to_contain_text(code)
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="验证").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("我的工作")


@PLAIN
def test_a_wrong_password_is_said_on_the_page_and_the_name_is_kept(
    page_as: PageAs, site: Site, watch: Watch, *, javascript: bool
) -> None:
    watch.expect_refusals()
    page = page_as(javascript=javascript)
    account = sign_in(page, site, "accountant", password="not the password")
    expect(page.get_by_label("账号", exact=True)).to_have_value(account["account_name"])
    expect(page.get_by_label("密码", exact=True)).to_have_value("")
    expect(page.get_by_role("alert")).to_be_visible()


def test_the_password_never_stands_in_an_address_or_in_what_the_browser_keeps(page_as: PageAs, site: Site) -> None:
    page = page_as()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    account = sign_in(page, site, "clerk")
    expect(page.get_by_role("heading", level=1)).to_contain_text("我的工作")
    assert not [address for address in addresses if account["password"] in address]
    kept = page.evaluate("({...localStorage, ...sessionStorage})")
    assert set(kept) <= {"htmx-current-path-for-history"}
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["lastmile"]["httpOnly"]
    assert cookies["lastmile"]["sameSite"] == "Lax"
    assert account["password"] not in str(cookies)


def test_a_session_is_another_after_signing_in(page_as: PageAs, site: Site) -> None:
    page = page_as()
    page.context.add_cookies([{"name": "lastmile", "value": "planted-by-a-stranger", "url": site.url}])
    sign_in(page, site, "clerk")
    expect(page.get_by_role("heading", level=1)).to_contain_text("我的工作")
    values = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "lastmile"]
    assert values != ["planted-by-a-stranger"]
    assert len(values) == 1
