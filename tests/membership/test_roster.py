"""A roster is checked, brought in, brought in again to no effect, and taken back as a whole."""

import base64
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from lastmile.kernel.domain.failures import Failure, Invalid
from lastmile.kernel.domain.identity import Role
from services.membership.admission import ImportNotOpen
from services.membership.files.roster import COLUMNS
from services.membership.roster_import import AdmissionsStand, ImportWasUndone
from services.membership.undoing import NotOfThisImport, TouchedSince
from tests.membership.station import DAY, HEADER, Membership, identity_number, orders_of, roster, workbook

THREE = workbook(
    [
        ("王小明", identity_number(1), "第一联合工会", "13800138000", "在职", "2017-03-01"),
        ("李 四", identity_number(2).lower(), "u2", "", "退休", "2017/3/5"),
        ("赵五", identity_number(3), "u1", "", "", ""),
    ]
)
SIX_THOUSAND = 6_000


def problems(checked: dict[str, Any]) -> dict[int, str]:
    return {row["row"]: "；".join(problem["zh"] for problem in row["problems"]) for row in checked["wrong"]}


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


def test_what_is_brought_in_stands_in_the_register(membership: Membership) -> None:
    outcomes = membership.bring_in(THREE)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    rows = {row["name"]: row for row in membership.ask("members")["rows"]}
    assert {name: (row["union_id"], row["employment"], row["since"]) for name, row in rows.items()} == {
        "王小明": ("u1", "in_service", "2017-03-01"),
        "李四": ("u2", "retired", "2017-03-05"),
        "赵五": ("u1", "in_service", DAY),
    }
    assert membership.told() == ["ImportOpened", *["MemberJoined"] * 3, "ImportConfirmed"]


def test_those_who_are_members_already_are_registered(membership: Membership) -> None:
    membership.bring_in(THREE, kind="registered")
    assert membership.told().count("MemberRegistered") == 3


def test_the_same_file_twice_changes_nothing_and_says_so(membership: Membership) -> None:
    membership.bring_in(THREE)
    before = membership.told()
    checked = membership.check(THREE)
    assert checked["counts"] == {"new": 0, "again": 0, "known": 3, "wrong": 0}
    assert checked["earlier"]["status"] == "confirmed"
    assert checked["earlier"]["admitted"] == 3
    membership.bring_in(THREE)
    assert membership.told() == before


def test_an_import_that_broke_off_goes_on_where_it_stopped(membership: Membership) -> None:
    ordered = membership.ask("roster_commands", draft=membership.check(THREE)["draft"])
    told = {"import_id": ordered["import_id"], "file_sha256": ordered["file_sha256"], "rows": ordered["rows"]}
    membership.tell("OpenImport", **told)
    membership.tell_all(orders_of(ordered)[:1])
    membership.bring_in(THREE)
    assert membership.told() == ["ImportOpened", *["MemberJoined"] * 3, "ImportConfirmed"]


def test_the_same_confirmation_from_two_windows_admits_once(membership: Membership) -> None:
    ordered = membership.ask("roster_commands", draft=membership.check(THREE)["draft"])
    membership.bring_in(THREE)
    outcomes = membership.tell_all(orders_of(ordered))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    assert membership.told().count("MemberJoined") == 3


def test_a_wrong_row_spoils_no_other_and_can_be_put_right_in_the_next_file(membership: Membership) -> None:
    file = workbook([("王小明", identity_number(1), "u1"), ("李四", "1", "u1")])
    membership.bring_in(file)
    assert [row["name"] for row in membership.ask("members")["rows"]] == ["王小明"]


def test_an_import_is_taken_back_as_a_whole(membership: Membership) -> None:
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    membership.take_back(imported["import_id"])
    assert membership.ask("members")["rows"] == []
    assert membership.found("wxm") == []
    (imported,) = membership.ask("roster_imports")["rows"]
    assert (imported["status"], imported["undone"], imported["left"]) == ("undone", 3, 0)
    assert {row["members"] for row in membership.ask("unions")["rows"]} == {0}


def test_what_was_touched_since_is_named_and_left(membership: Membership) -> None:
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    for text, name, body in (
        ("wxm", "CorrectMember", {"phone": "13900139000"}),
        ("ls", "ApplyForCard", {}),
    ):
        (row,) = membership.ask("members", text=text)["rows"]
        membership.tell(name, person_id=row["person_id"], **body, occurred_on="2017-04-01")
    membership.take_back(imported["import_id"])
    record = membership.ask("roster_import", import_id=imported["import_id"])
    assert {left["name"] for left in record["touched"]} == {"王小明", "李四"}
    assert (record["undone"], record["left"]) == (1, 2)
    assert {row["name"] for row in membership.ask("members")["rows"]} == {"王小明", "李四"}
    with pytest.raises(TouchedSince):
        membership.tell("UndoAdmission", person_id=row["person_id"], import_id=imported["import_id"])


def test_a_former_member_whom_a_roster_brought_back_is_a_former_member_again(membership: Membership) -> None:
    person_id = membership.join("王小明", 1, union="u2", occurred_on="2017-02-01")
    membership.tell("LeaveUnion", person_id=person_id, occurred_on="2017-02-15")
    assert membership.check(THREE)["counts"]["again"] == 1
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    membership.take_back(imported["import_id"])
    (row,) = membership.ask("members")["rows"]
    assert (row["living"], row["since"], row["union_id"]) == (False, "2017-02-15", "u2")


def test_after_it_was_taken_back_the_same_file_is_brought_in_anew(membership: Membership) -> None:
    membership.bring_in(THREE)
    (first,) = membership.ask("roster_imports")["rows"]
    membership.take_back(first["import_id"])
    with pytest.raises(ImportWasUndone):
        membership.tell("OpenImport", import_id=first["import_id"], file_sha256="0" * 64, rows=3)
    membership.bring_in(THREE)
    assert {row["status"] for row in membership.ask("roster_imports")["rows"]} == {"undone", "confirmed"}
    assert len(membership.ask("members")["rows"]) == 3


def test_no_import_is_called_undone_while_its_admissions_stand(membership: Membership) -> None:
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    with pytest.raises(AdmissionsStand):
        membership.tell("UndoImport", import_id=imported["import_id"])


def test_nobody_else_is_taken_back_with_an_import(membership: Membership) -> None:
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    other = membership.join("钱七", 7)
    with pytest.raises(NotOfThisImport):
        membership.tell("UndoAdmission", person_id=other, import_id=imported["import_id"])


def test_a_row_is_entered_only_while_its_import_is_open(membership: Membership) -> None:
    with pytest.raises(ImportNotOpen):
        membership.join("钱七", 7, import_id="never-opened")


def test_whom_a_roster_brought_by_mistake_can_be_erased(membership: Membership) -> None:
    membership.bring_in(THREE)
    (imported,) = membership.ask("roster_imports")["rows"]
    (row,) = membership.ask("members", text="wxm")["rows"]
    membership.take_back(imported["import_id"])
    head = membership.identity(Role.STATION_HEAD)
    membership.tell("ErasePerson", by=head, person_id=row["person_id"], ground="误录", occurred_on=DAY)
    assert membership.told()[-1] == "PersonErased"


def test_a_draft_is_opened_by_nobody_else_and_not_changed(membership: Membership) -> None:
    draft = membership.check(THREE)["draft"]
    for by, sent in (
        (membership.identity(who="sun"), draft),
        (None, draft[:-8] + "AAAAAAAA"),
        (None, "nonsense"),
    ):
        with pytest.raises(Invalid, match="重新上传"):
            membership.ask("roster_commands", by=by, draft=sent)


@given(picked=st.lists(st.sampled_from(range(12)), min_size=1, max_size=12), again=st.booleans())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_twice_is_the_file_once_and_taken_back_it_is_none(
    membership: Membership, picked: list[int], again: bool
) -> None:
    """Whatever rows it has, repeated ones and known ones included."""
    rows = [(f"王{number}", identity_number(500 + number), "u1" if number % 3 else "x") for number in picked]
    file = workbook([*rows, ("标记", f"{len(membership.told())}", "u1")])
    before = {row["person_id"] for row in membership.ask("members", living=True)["rows"]}
    membership.bring_in(file)
    once = membership.told()
    if again:
        membership.bring_in(file)
    assert membership.told() == once
    (import_id,) = {row["import_id"] for row in membership.ask("roster_imports", sort="-opened_on")["rows"]} & {
        membership.check(file)["import_id"]
    }
    membership.take_back(import_id)
    assert {row["person_id"] for row in membership.ask("members", living=True)["rows"]} == before


def test_six_thousand_rows_are_checked_and_brought_in(membership: Membership) -> None:
    file = roster(SIX_THOUSAND)
    checked = membership.check(file)
    assert checked["counts"]["new"] == SIX_THOUSAND
    outcomes = membership.bring_in(file)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    assert membership.check(file)["counts"]["known"] == SIX_THOUSAND


def test_every_column_of_the_roster_is_in_its_header() -> None:
    assert {column.header for column in COLUMNS} == set(HEADER)
