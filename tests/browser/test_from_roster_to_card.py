"""From roster to card, whole in the browser: template, dry run, confirmation, finding, cards, and the whole undone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator
from python_calamine import CalamineWorkbook

from tests.browser.conftest import WIDTHS, PageAs
from tests.browser.people import Person
from tests.membership.station import HEADER, identity_number, workbook

UNION = "U002"
NEW = {"scripts": ("欧阳测甲", "oycj", 1), "plain": ("欧阳测乙", "oycy", 2), "narrow": ("欧阳测丙", "oycb", 3)}
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def born(number: int) -> str:
    """An identity number that nobody of the year has."""
    return identity_number(number, "19450101")


def sheet(download_from: Person, button: Locator, directory: Path) -> list[list[Any]]:
    """What stands in the workbook that pressing this gives."""
    with download_from.page.expect_download() as download:
        button.click()
    path = directory / download.value.suggested_filename
    download.value.save_as(path)
    rows: list[list[Any]] = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return rows


def excel(rows: list[Any], header: Any) -> dict[str, Any]:
    return {"name": "名册.xlsx", "mimeType": EXCEL, "buffer": workbook(rows, header)}


@pytest.mark.parametrize(
    ("way", "javascript", "width"),
    [("scripts", True, WIDTHS[-1]), ("plain", False, WIDTHS[-1]), ("narrow", True, WIDTHS[0])],
    ids=list(NEW),
)
def test_from_the_template_to_the_number_on_the_card(
    page_as: PageAs, tmp_path: Path, way: str, width: int, *, javascript: bool
) -> None:
    name, initials, number = NEW[way]
    clerk = Person(page_as("clerk", javascript=javascript, width=width), looks=javascript)
    clerk.open("/roster")
    (template, *_) = sheet(clerk, clerk.main.get_by_role("link", name="下载模板").first, tmp_path)
    assert template[:3] == ["姓名*", "身份证号*", "所属工会*"]

    _bring_in(clerk, [(name, born(number), UNION), ("写错了", "1.1e+17", UNION)], tmp_path)
    for text in (name, initials, born(number)[-4:]):
        clerk.search(text)
        clerk.sees(name)
    clerk.go(name)
    clerk.sees(UNION, "入会")
    assert born(number) not in clerk.main.inner_text()

    clerk.search(initials)
    clerk.main.locator('input[name="selected"]').first.check()
    clerk.main.get_by_role("button", name="申请办卡").first.click()
    clerk.page.wait_for_load_state()
    clerk.look()
    clerk.main.locator("form .ways button").first.click()
    clerk.page.wait_for_load_state()
    header, *rows = sheet(clerk, clerk.main.get_by_role("button", name="导出申请表"), tmp_path)
    (mine,) = [row for row in rows if row[1] == name]
    card = f"620000{number:04}"
    clerk.open("/cards/numbers")
    clerk.send(file=excel([[*mine[:-1], card]], header))
    clerk.main.get_by_role("button", name="录入 1 个卡号").click()
    clerk.page.wait_for_load_state()
    clerk.search(card)
    clerk.sees(name)


def _bring_in(clerk: Person, people: list[tuple[str, str, str]], directory: Path) -> None:
    """Check a roster in which the last row is wrong, look at the marked workbook, and bring in the others."""
    clerk.open("/roster")
    clerk.send(file=excel(people, HEADER[:3]))
    clerk.sees(f"{len(people) - 1} 行可以导入；1 行有问题")
    marked = sheet(clerk, clerk.main.get_by_role("button", name="下载标注了结果的原表"), directory)
    assert marked[0][-1] == "核对结果"
    assert marked[-1][-1].startswith("身份证号")
    clerk.main.get_by_role("button", name="确认导入").click()
    clerk.page.wait_for_load_state()
    clerk.look()
    clerk.sees(f"已导入 {len(people) - 1} 人")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_an_import_is_taken_back_as_a_whole(page_as: PageAs, tmp_path: Path, *, javascript: bool) -> None:
    clerk = Person(page_as("clerk", javascript=javascript), looks=javascript)
    first = 10 if javascript else 20
    people = [(f"东方撤{turn}", born(first + turn), UNION) for turn in range(3)]
    _bring_in(clerk, [*people, ("写错了", "1", UNION)], tmp_path)
    clerk.send("撤销", sure=True)
    clerk.sees("已撤销 3 人")
    clerk.search("东方撤")
    assert "东方撤1" not in clerk.main.inner_text()
