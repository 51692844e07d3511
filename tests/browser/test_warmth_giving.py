"""Warmth-giving under four eyes, whole in the browser: from the household's file to the line that is paid again."""

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.browser.conftest import WIDTHS, PageAs
from tests.browser.people import Person
from tests.browser.site import STATION, Site
from tests.browser.watching import Watch

WAYS = ("scripts", "plain", "narrow")
BEGUN = {"scripts": date(2018, 1, 8), "plain": date(2018, 3, 5), "narrow": date(2018, 5, 7)}
"""When the journey begins: with JavaScript, without, and on a small screen."""

A_LITTLE_LATER = time(9, 45)
NOTICE_DAYS = 5
MASK = "＊"
ACCOUNT = "6222000011112222"

As = Callable[[str], Person]


@pytest.fixture
def as_role(page_as: PageAs, way: str) -> As:
    """Somebody of this role, signed in anew: on another day yesterday's session is over."""
    javascript, width = way != "plain", WIDTHS[0] if way == "narrow" else WIDTHS[-1]
    return lambda role: Person(page_as(role, javascript=javascript, width=width), looks=javascript)


@pytest.mark.parametrize("way", WAYS)
def test_from_the_file_to_the_line_that_is_paid_again(
    as_role: As, site: Site, watch: Watch, tmp_path: Path, way: str
) -> None:
    watch.expect_refusals()
    begun = BEGUN[way]
    site.set_date(begun)
    today, fund, pay_list = begun.isoformat(), f"fund-{begun}", f"pay-{begun}"
    _terms_and_fund(as_role, begun, fund)

    clerk = as_role("clerk")
    household = _open_file(clerk, today)
    clerk.open(f"/households/{household}/apply")
    clerk.send(fund_id=fund, amount_fen="3000", ground="重病", occurred_on=today)
    application = clerk.page.url.partition("?")[0].rpartition("/")[2]
    at = f"/applications/{application}"
    _visited_compared_reviewed(as_role, clerk, at, today)

    clerk.open(f"{at}/notice")
    clerk.send(occurred_on=today)
    _hung_out_without_the_name(clerk, at)
    over = begun + timedelta(days=NOTICE_DAYS + 2)
    site.set_date(over)
    today = over.isoformat()
    clerk = as_role("clerk")
    clerk.open(f"{at}/notice/close")
    clerk.send(objections="0", occurred_on=today)

    _approved_under_a_second_factor(as_role, site, at, application)
    accountant = as_role("accountant")
    accountant.open(f"/pay-lists/enter?selected={application}")
    accountant.send(pay_list_id=pay_list, selected=True)
    accountant.open(f"/pay-lists/{pay_list}")
    accountant.sees("叁仟元整")
    file = _bank_file(accountant, tmp_path)

    _released(as_role, site, pay_list)
    _returned(as_role("cashier"), pay_list, file, "失败", "账户已销户")
    accountant.open(f"/pay-lists/enter?selected={application}")
    accountant.send(pay_list_id=f"{pay_list}-again", selected=True)
    site.set_date(over, A_LITTLE_LATER)  # A code counts once; by now there is another.
    _released(as_role, site, f"{pay_list}-again")
    _returned(as_role("cashier"), f"{pay_list}-again", file, "成功", "")
    clerk.open(f"{at}/sign")
    clerk.send(occurred_on=today)
    clerk.sees("已签领")


def _terms_and_fund(as_role: As, begun: date, fund: str) -> None:
    head, today = as_role("station_head"), begun.isoformat()
    head.open("/policies/state")
    terms = {"document_number": f"{begun:%m}号", "issuer": "区总工会", "area": "110102", "valid_from": today}
    head.send(**terms, ceiling_fen="5000", notice_days=NOTICE_DAYS, times_a_year="9", occurred_on=today)
    head.open("/funds/open")
    head.send(fund_id=fund, source="own", budget_fen="20000", occurred_on=today)


def _open_file(clerk: Person, today: str) -> str:
    """Open a file for the first member found; the person's id."""
    clerk.open("/households/find")
    clerk.main.locator("tbody a").nth([begun.isoformat() for begun in BEGUN.values()].index(today)).click()
    clerk.look()
    household = clerk.page.url.rpartition("/open")[0].rpartition("/")[2]
    clerk.send(category="deep", persons="3", illness="某病", family="", occurred_on=today)
    clerk.open(f"/households/{household}/account")
    clerk.send(holder="赵某", account_number=ACCOUNT, bank="某银行", occurred_on=today)
    return household


def _visited_compared_reviewed(as_role: As, clerk: Person, at: str, today: str) -> None:
    clerk.open(f"{at}/visit")
    clerk.send(finding="in_need", occurred_on=today)
    clerk.open(f"{at}/compare")
    clerk.send(clear="true", occurred_on=today)
    clerk.page.goto(f"/stations/{STATION}{at}/review")
    clerk.sees("您现在的角色不能办理此事")
    head = as_role("station_head")
    head.open(f"{at}/review")
    head.send(occurred_on=today)


def _hung_out_without_the_name(clerk: Person, at: str) -> None:
    clerk.open(at)
    name = clerk.main.get_by_role("heading", level=1).inner_text().split()[0]
    clerk.open("/notices/sheet")
    clerk.sees("公示", f"{name[0]}{MASK}")
    assert name not in clerk.page.content()


def _approved_under_a_second_factor(as_role: As, site: Site, at: str, application: str) -> None:
    chair = as_role("chair")
    chair.open("/approvals")
    chair.sees("叁仟元整")
    chair.send("审批所选申请", selected=True, second_factor_code="000000")
    chair.sees("验证码不对")
    chair.send("审批所选申请", selected=True, second_factor_code=site.account("chair")["code"])
    chair.open(at)
    chair.sees("人民币（大写）叁仟元整", site.account("chair")["name"])


def _bank_file(accountant: Person, directory: Path) -> list[list[object]]:
    with accountant.page.expect_download() as download:
        accountant.main.get_by_role("button", name="Excel").click()
    path = directory / "bank.xlsx"
    download.value.save_as(path)
    rows: list[list[object]] = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert rows[1][2] == ACCOUNT
    return rows


def _released(as_role: As, site: Site, pay_list: str) -> None:
    cashier = as_role("cashier")
    cashier.open(f"/pay-lists/{pay_list}")
    cashier.send("放款", second_factor_code=site.account("cashier")["code"])
    cashier.sees("已放款")


def _returned(cashier: Person, pay_list: str, file: list[list[object]], result: str, reason: str) -> None:
    headings, line = file[0], file[1]
    rows = [headings, [*line[:6], result, reason]]
    text = "\n".join(",".join(str(cell) for cell in row) for row in rows)
    cashier.open(f"/pay-lists/{pay_list}")
    cashier.send(file={"name": "return.csv", "mimeType": "text/csv", "buffer": text.encode("gb18030")})
    cashier.sees("1 笔")
    cashier.main.get_by_role("button", name="确认登记").click()
    cashier.page.wait_for_load_state()
    cashier.look()
