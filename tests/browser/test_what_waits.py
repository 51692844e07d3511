"""What waits at the station, at the browser: an exception approved alone, and the notice as it is hung out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDTHS, PageAs
from tests.browser.people import Person
from tests.browser.site import Site
from tests.browser.waiting import FEN, application, site_with_work_waiting

CHANGED = application("changed")


@pytest.fixture(scope="module")
def site(year_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The year with something waiting at each step."""
    with site_with_work_waiting(year_home, tmp_path_factory.mktemp("site")) as site:
        yield site


def test_what_changed_since_it_was_submitted_is_shown_to_who_approves_it_alone(page_as: PageAs, site: Site) -> None:
    chair = Person(page_as("chair", width=WIDTHS[0]), looks=True)
    chair.open("/approvals")
    assert chair.main.locator(f'input[name="selected"][value="{CHANGED}"]').count() == 0
    chair.main.locator(f'a[href$="/{CHANGED}/approve"]').click()
    chair.page.wait_for_load_state()
    chair.look()
    before, now = (f"{fen / 100:,.2f} 元" for fen in (2 * FEN, FEN))
    expect(chair.main.locator(".changed")).to_contain_text(f"金额：{before} → {now}")
    chair.send(second_factor_code=site.account("chair")["code"])
    chair.open("/approvals")
    assert chair.main.locator(f'a[href*="/{CHANGED}"]').count() == 0


def test_the_notice_is_printed_without_names_and_without_what_is_only_for_the_screen(page_as: PageAs) -> None:
    clerk = Person(page_as("clerk"), looks=True)
    clerk.open(f"/applications/{application('on-notice')}")
    name = clerk.main.get_by_role("heading", level=1).inner_text().split()[0]
    clerk.open("/notices/sheet")
    sheet, page = clerk.main.locator(".sheet"), clerk.page
    expect(sheet).to_contain_text(f"{name[0]}＊")
    assert name not in page.content()
    around = (".bar", "#menu", ".practice", ".filters", ".headline .back", "[data-print]")
    for each in around:
        expect(page.locator(each)).to_be_visible()
    page.emulate_media(media="print")
    for each in around:
        expect(page.locator(each)).to_be_hidden()
    expect(page.locator("button:visible")).to_have_count(0)
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text(f"{name[0]}＊")
