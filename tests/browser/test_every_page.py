"""Every page, as each role finds it by its links: open to everybody, without error, asking nothing from elsewhere."""

import json

import pytest

from examples.guangnei_2017.accounts import HOLDERS
from tests.browser.conftest import WIDTHS, PageAs
from tests.browser.crawling import crawl, pages_of_the_console
from tests.browser.people import violations
from tests.browser.site import Site

ROLES = ("", *HOLDERS.values())
"""Nobody yet, then each role."""
FILES = frozenset({"export", "template"})
"""Words in the names of pages that are files: nothing to look at."""

ON_THE_WAY = {
    f"console.{name}"
    for name in (
        # What an application, a card, a consolation list or an import asks for while it is under way: no record of
        # the year waits for it any more. The journeys look at those that they pass.
        *("visit", "compare", "review", "publish_notice", "notice_sheet", "close_notice", "approve", "refuse"),
        *("return_application", "resubmit", "withdraw", "sign_for_grant", "reverse_payment", "roster_import"),
        *("roster_imports", "member_card_apply", "member_card_withdraw", "add_to_consolation", "take_off"),
        *("approve_consolation", "open_account", "waive", "end_stand_in", "withdraw_system"),
        *("unlink_member", "recoveries", "agree_to_recovery"),
        # The way in, and what only leads on.
        *("first", "first_password", "second_step", "single_sign_on", "single_sign_on_returned"),
    )
}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


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
    assert wanted - found - ON_THE_WAY == set()
