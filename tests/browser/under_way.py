"""The pages of work under way: by whom each is opened for what waits at its step (`waiting.py`), and how reached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from examples.guangnei_2017.driver import staff_id
from tests.browser.crawling import CONSOLE
from tests.browser.site import STATION, Site
from tests.browser.waiting import (
    CONSOLATION,
    DEPUTY,
    FIRST_PASSWORD,
    IMPORT,
    LIST,
    NEWCOMER,
    RECOVERED,
    SYSTEM,
    UNION,
    application,
    member,
)
from tests.membership.station import HEADER, identity_number, workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VICE_CHAIR = staff_id(STATION, "vice-chair")

Act = Callable[[Page, Site], None]


def _stay(_page: Page, _site: Site) -> None:
    """The address itself is the page."""


@dataclass(frozen=True)
class UnderWay:
    """How a page is reached: in which role, by which page (its own unless another is named), what is done there."""

    role: str
    values: Mapping[str, str] = field(default_factory=dict)
    opened: str = ""
    then: Act = _stay


def _send(page: Page, file: Mapping[str, Any]) -> None:
    form = page.locator("form:has(input[type=file])")
    form.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type] - name, mimeType, buffer.
    form.locator("button.btn-primary, button").last.click()
    page.wait_for_load_state()


def _roster_checked(page: Page, _site: Site) -> None:
    rows = [("上官明", identity_number(7, "19690115"), UNION), ("写错了", "1.1e+17", UNION)]
    _send(page, {"name": "名册.xlsx", "mimeType": EXCEL, "buffer": workbook(rows, HEADER[:3])})


def _return_looked_at(page: Page, _site: Site) -> None:
    lines = ("业务编号,结果,失败原因", f"{application('released')},成功,", "warmth-00-00,失败,户名不符")
    _send(page, {"name": "return.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode("gb18030")})


def _signed_in(page: Page, account_name: str, password: str) -> None:
    page.locator("[name=account_name]").fill(account_name)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_load_state()


def _as_newcomer(page: Page, _site: Site) -> None:
    _signed_in(page, NEWCOMER, FIRST_PASSWORD)


def _as_chair(page: Page, site: Site) -> None:
    _signed_in(page, "chair", site.account("chair")["password"])


def _of(role: str, word: str) -> UnderWay:
    return UnderWay(role, {"key": application(word)})


def under_way(site: Site) -> dict[str, UnderWay]:
    """By the names of the pages."""
    found = {
        **_of_applications(),
        "approvals": UnderWay("chair"),
        "notice_sheet": UnderWay("clerk"),
        "bank_return": UnderWay("cashier", {"key": f"{LIST}-released"}, "pay_list", _return_looked_at),
        "add_to_consolation": UnderWay("clerk", {"key": CONSOLATION, "person": member(site.home, 2)}),
        "approve_consolation": UnderWay("chair", {"key": CONSOLATION}),
        "roster_imports": UnderWay("clerk"),
        "roster_import": UnderWay("clerk", {"key": IMPORT}),
        "roster_check": UnderWay("clerk", {}, "roster", _roster_checked),
        "member_card_withdraw": UnderWay("clerk", {"key": member(site.home, 1)}),
        "member_card_apply": UnderWay("clerk", {"key": member(site.home, 2)}),
        "open_account": UnderWay("administrator", {"key": DEPUTY}),
        "waive": UnderWay("administrator", {"key": VICE_CHAIR}),
        "unlink_member": UnderWay("administrator", {"key": VICE_CHAIR}),
        "end_stand_in": UnderWay("chair", {"key": DEPUTY}),
        "recoveries": UnderWay("chair"),
        "agree_to_recovery": UnderWay("chair", {"key": RECOVERED}),
        "withdraw_system": UnderWay("administrator", {"key": SYSTEM}),
        "first_password": UnderWay("", {}, "sign_in", _as_newcomer),
        "second_step": UnderWay("", {}, "sign_in", _as_chair),
    }
    return {f"{CONSOLE}{name}": each for name, each in found.items()}


def _of_applications() -> dict[str, UnderWay]:
    return {
        "application": _of("station_head", "compared"),
        "visit": _of("clerk", "applied"),
        "withdraw": _of("clerk", "applied"),
        "compare": _of("clerk", "visited"),
        "review": _of("station_head", "compared"),
        "return_application": _of("station_head", "compared"),
        "refuse": _of("station_head", "compared"),
        "resubmit": _of("clerk", "returned"),
        "publish_notice": _of("clerk", "reviewed"),
        "close_notice": _of("clerk", "notice-over"),
        "approve": _of("chair", "changed"),
        "take_off": _of("accountant", "entered"),
        "reverse_payment": _of("accountant", "paid"),
        "sign_for_grant": _of("clerk", "paid"),
    }


def reach(page: Page, site: Site, name: str, each: UnderWay) -> None:
    """Let the browser be on this page."""
    routes = site.app.url_map.bind("")
    endpoint = f"{CONSOLE}{each.opened}" if each.opened else name
    values = {"station": STATION, **each.values} if site.app.url_map.is_endpoint_expecting(endpoint, "station") else {}
    answer = page.goto(routes.build(endpoint, values))
    assert answer is not None, name
    assert answer.ok, (name, answer.status)
    each.then(page, site)
