"""A roster is checked: what would become of each row is said, and nothing is changed."""

import base64
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from lastmile.kernel.domain.failures import Invalid
from services.membership.files.roster import COLUMNS
from tests.membership.rosters import THREE, problems
from tests.membership.station import HEADER, Membership, identity_number, workbook


def test_a_dry_run_says_what_would_become_of_each_row_and_changes_nothing(membership: Membership) -> None:
    membership.join("王小明", 1)
    before = membership.told()
    checked = membership.check(THREE)
    assert checked["counts"] == {"new": 2, "again": 0, "known": 1, "wrong": 0}
    assert membership.told() == before
    assert membership.keystore.known_persons("identity number", [identity_number(3)]) == [None]


def test_each_wrong_row_is_said_with_why(membership: Membership) -> None:
    membership.join("王小明", 1, union="u2")
    rows = [
        ("王小明", identity_number(1), "u1"),
        ("李四", 1.1010519491231e17, "u1"),
        ("李四", identity_number(2), "没有的工会"),
        ("", identity_number(3), "u1"),
        ("赵五", identity_number(4), "u1", "", "打工", "三月"),
        ("钱七", identity_number(5), "u1", "", "", "2018-01-01"),
        ("孙八", identity_number(6), "u1"),
        ("孙九", identity_number(6), "u1"),
        ("周十", "110102198001011234", "u1"),
    ]
    said = problems(membership.check(workbook(rows)))
    assert said.keys() == {2, 3, 4, 5, 6, 7, 9, 10}
    assert "会籍接转" in said[2]
    assert "按数字录入" in said[3]
    assert "没有这个工会" in said[4]
    assert said[5] == "姓名：没有填写"
    assert "从业状态" in said[6]
    assert "日期" in said[6]
    assert said[7] == "日期：晚于今天"
    assert said[9] == "与第 8 行是同一个身份证号"
    assert "校验位" in said[10]


def test_the_same_workbook_comes_back_with_what_is_wrong_beside_each_row(membership: Membership) -> None:
    file = workbook([("王小明", identity_number(1), "u1", "", "", "", "自己的列"), ("", "1", "u1")], (*HEADER, "备注"))
    answer = membership.ask("roster_marked", draft=membership.check(file)["draft"])
    book = CalamineWorkbook.from_filelike(BytesIO(base64.b64decode(answer["file"])))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == [*HEADER, "备注", "核对结果"]
    assert rows[1][-2:] == ["自己的列", "可以入会"]
    assert rows[2][-1].startswith("姓名：没有填写")


def test_a_marked_workbook_that_was_put_right_can_be_sent_again(membership: Membership) -> None:
    answer = membership.ask("roster_marked", draft=membership.check(THREE)["draft"])
    assert membership.check(base64.b64decode(answer["file"]))["counts"]["new"] == 3


def test_the_template_is_itself_a_roster(membership: Membership) -> None:
    template = base64.b64decode(membership.ask("roster_template")["file"])
    checked = membership.check(template)
    assert checked["rows"] == 1
    assert "没有这个工会" in problems(checked)[2]


def test_a_draft_is_opened_by_nobody_else_and_not_changed(membership: Membership) -> None:
    draft = membership.check(THREE)["draft"]
    for by, sent in (
        (membership.identity(who="sun"), draft),
        (None, draft[:-8] + "AAAAAAAA"),
        (None, "nonsense"),
    ):
        with pytest.raises(Invalid, match="重新上传"):
            membership.ask("roster_commands", by=by, draft=sent)


def test_every_column_of_the_roster_is_in_its_header() -> None:
    assert {column.header for column in COLUMNS} == set(HEADER)
