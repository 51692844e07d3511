"""A roster in the console: template, dry run, confirmation, taking back."""

import re

import pytest

from tests.gateway.console.person import words
from tests.gateway.console.roster.desk import bring_in, roster_of, rows_of
from tests.gateway.console.station import Station
from tests.membership.station import workbook


def test_the_template_is_downloaded_under_its_chinese_name(desk: Station) -> None:
    answer = desk.person().client.get(f"/stations/{desk.code}/roster/template")
    assert "%E4%BC%9A%E5%91%98" in answer.headers["Content-Disposition"]
    assert rows_of(answer)[0][:3] == ["姓名*", "身份证号*", "所属工会*"]


def test_a_dry_run_shows_the_wrong_rows_first_and_changes_nothing(desk: Station) -> None:
    clerk = desk.person()
    said = words(clerk.upload("/roster/check", roster_of(desk)).text)
    assert said.index("不是身份证号") < said.index("王小明")
    assert "2 行可以导入；1 行有问题" in said
    assert "还没有会员" in words(clerk.open("/members"))


def test_the_same_workbook_comes_back_with_what_is_wrong(desk: Station) -> None:
    clerk = desk.person()
    page = clerk.upload("/roster/check", roster_of(desk)).text
    rows = rows_of(clerk.post("/roster/marked", page))
    assert [row[-1] for row in rows][:3] == ["核对结果", "可以入会", "可以入会"]
    assert rows[3][-1].startswith("身份证号")


def test_a_confirmed_roster_stands_in_the_register_and_twice_changes_nothing(desk: Station) -> None:
    roster = roster_of(desk)
    assert "已导入 2 人" in words(bring_in(desk.person(), roster))
    clerk = desk.person()
    assert "王小明" in words(clerk.open("/members"))
    again = clerk.upload("/roster/check", roster)
    assert "已经导入过" in words(again.text)
    assert "没有要导入的行" in words(again.text)


def test_a_form_sent_twice_brings_the_roster_in_once(desk: Station) -> None:
    clerk = desk.person()
    page = clerk.upload("/roster/check", roster_of(desk)).text
    clerk.follow(clerk.post("/roster/confirm", page))
    assert "没有变动" in words(clerk.follow(clerk.post("/roster/confirm", page)))


def test_an_import_is_taken_back_as_a_whole(desk: Station) -> None:
    clerk = desk.person()
    page = bring_in(clerk, roster_of(desk))
    action = re.search(r'action="([^"]*/undo)"', page)
    assert action
    path = action[1].removeprefix(clerk.here)
    unsure = clerk.post(path, page)
    assert unsure.status_code == 422
    assert "请先勾选" in words(unsure.text)
    undone = clerk.follow(clerk.post(path, page, sure="yes"))
    assert "已撤销 2 人" in words(undone)
    assert re.findall(r'<strong title="(\w+)">', undone) == ["ImportUndone", "ImportConfirmed", "ImportOpened"]
    assert "还没有会员" in words(clerk.open("/members"))


def test_an_import_says_as_of_today_what_it_says_today_and_before_it_that_there_is_none(desk: Station) -> None:
    clerk = desk.person()
    page = bring_in(clerk, roster_of(desk))
    action = re.search(r'action="([^"]*)/undo"', page)
    assert action
    then, before = (words(clerk.open(f"{action[1]}?as_of={day}")) for day in (desk.today, "2017-01-01"))
    said = "状态 已导入 经办人 clerk 行数 3 导入人数 2 撤销人数 0 保留人数 0"
    assert said in words(page)
    assert said in then
    assert "撤销导入" not in then
    assert "还没有这份记录" in before


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"%PDF-1.7\x00", "只收 Excel"),
        (workbook([("王", "1")], ("姓名", "手机号")), "表头缺少：身份证号、所属工会"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_why(desk: Station, file: bytes, said: str) -> None:
    answer = desk.person().upload("/roster/check", file)
    assert answer.status_code == 422
    assert said in words(answer.text)


def test_without_a_file_the_form_says_so(desk: Station) -> None:
    clerk = desk.person()
    answer = clerk.post("/roster/check", clerk.open("/roster"), occurred_on=desk.today)
    assert answer.status_code == 422
    assert "请选择文件" in words(answer.text)
