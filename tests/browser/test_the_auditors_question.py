"""The auditor's question, whole in the browser: from the report to one event, its proof, and evidence checked away."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, PageAs
from tests.browser.site import STATION

VERIFIER = Path(__file__).parents[2] / "verifier" / "lastmile_verifier.py"
YEAR, AS_OF = "2017", "2017-10-31"
PLAIN = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])


def the_report(page: Page, known_at: str = "") -> None:
    """Open the report of the year as of the last day of October, and as known at an instant if one is given."""
    page.goto(f"/stations/{STATION}/report")
    page.get_by_label("年度", exact=True).fill(YEAR)
    page.get_by_label("截至").fill(AS_OF)
    if known_at:
        page.get_by_label("已知至").fill(known_at)
    page.get_by_role("button", name="查看").click()


@PLAIN
@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_report_to_one_event_its_actor_and_its_proof(
    page_as: PageAs, tmp_path: Path, width: int, *, javascript: bool
) -> None:
    page = page_as("district_auditor", width=width, javascript=javascript)
    the_report(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("2017 年年报")
    page.get_by_role("link", name="160,465.00 元").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="发放救助金").first.click()
    main = page.locator("main")
    expect(main).to_contain_text("出纳")
    expect(main).to_contain_text(f"{STATION}.cashier")
    expect(main.locator(".holds.big")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载").click()
    checked_away(Path(download.value.path()), tmp_path)


def checked_away(evidence: Path, directory: Path) -> None:
    """What was downloaded holds before the verifier that came in it, called as its README says, Lastmile not about."""
    with zipfile.ZipFile(evidence) as archive:
        archive.extractall(directory)
    assert (directory / VERIFIER.name).read_bytes() == VERIFIER.read_bytes()
    orders = set(
        re.findall(r"^ +python (lastmile_verifier\.py .+)$", (directory / "README.txt").read_text(), re.MULTILINE)
    )
    (order,) = orders
    words = [sys.executable, "-I", *order.split()]
    done = subprocess.run(words, cwd=directory, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_was_known_earlier_is_another_report(page_as: PageAs) -> None:
    page = page_as("district_auditor")
    the_report(page)
    now = page.locator("main .figures").all_inner_texts()
    the_report(page, known_at="2017-11-16T00:00")
    expect(page.locator("main")).to_contain_text("只计 2017-11-16 00:00 以前已登记的事")
    assert page.locator("main .figures").all_inner_texts() != now


@PLAIN
def test_the_logs_are_verified_from_the_page(page_as: PageAs, *, javascript: bool) -> None:
    page = page_as("district_auditor", javascript=javascript)
    page.goto(f"/stations/{STATION}/logs")
    page.get_by_role("button", name="核验").click()
    expect(page.locator(".verified.yes")).to_have_count(4)
    expect(page.locator(".verified.no")).to_have_count(0)


def test_a_whole_log_is_taken_away_and_checked(page_as: PageAs, tmp_path: Path) -> None:
    page = page_as("district_auditor")
    page.goto(f"/stations/{STATION}/logs")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载").first.click()
    checked_away(Path(download.value.path()), tmp_path)


def test_the_auditor_sees_no_name_in_clear(page_as: PageAs) -> None:
    page = page_as("district_auditor")
    page.goto(f"/stations/{STATION}/report/figures/membership.members?year={YEAR}&as_of={AS_OF}")
    page.locator("main tbody a").first.click()
    expect(page.locator(".masked").first).to_be_visible()
