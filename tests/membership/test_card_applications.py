"""A card is applied for, the list goes to the bank, the numbers come back; one live card a member."""

import base64
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from lastmile.kernel.domain.failures import Failure, Forbidden, NotFound
from services.membership.card import CardForMembersOnly, OneLiveCard
from tests.membership.station import DAY, Membership, encoded, identity_number, workbook


@pytest.fixture
def people(membership: Membership) -> dict[str, str]:
    return {name: membership.join(name, number) for number, name in enumerate(("王一", "李二", "赵三"), 1)}


def check(membership: Membership, *rows: Any, header: Any = ("申请编号", "身份证号", "卡号")) -> dict[str, Any]:
    file = encoded(workbook(rows, header))
    found: dict[str, Any] = membership.ask("card_numbers_check", file=file, occurred_on=DAY)
    return found


def take_in(membership: Membership, checked: dict[str, Any]) -> list[dict[str, Any] | Failure]:
    orders = membership.ask("card_numbers_commands", draft=checked["draft"])["orders"]
    return membership.tell_all((order["command"], order["command_id"], order["body"]) for order in orders)


def applied(membership: Membership, *person_ids: str) -> None:
    for person_id in person_ids:
        membership.tell("ApplyForCard", person_id=person_id, occurred_on=DAY)


def test_applications_are_numbered_one_after_the_other(membership: Membership, people: dict[str, str]) -> None:
    outcomes = membership.tell_all(
        ("ApplyForCard", f"apply-{person_id}", {"person_id": person_id, "occurred_on": DAY})
        for person_id in people.values()
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    rows = membership.ask("card_applications")["rows"]
    assert [(row["application_number"], row["name"]) for row in rows] == [(1, "王一"), (2, "李二"), (3, "赵三")]


def test_applying_twice_is_applying_once(membership: Membership, people: dict[str, str]) -> None:
    applied(membership, people["王一"], people["王一"])
    assert membership.ask("card_applications")["count"] == 1


def test_a_withdrawn_number_is_not_given_again(membership: Membership, people: dict[str, str]) -> None:
    applied(membership, people["王一"])
    membership.tell("WithdrawCardApplication", person_id=people["王一"], occurred_on=DAY)
    with pytest.raises(NotFound):
        membership.tell("WithdrawCardApplication", person_id=people["王一"], occurred_on=DAY)
    applied(membership, people["王一"])
    assert [row["application_number"] for row in membership.ask("card_applications", status="waiting")["rows"]] == [2]


def test_whoever_has_a_card_or_is_no_member_applies_for_none(membership: Membership, people: dict[str, str]) -> None:
    membership.tell("IssueCard", person_id=people["王一"], card_number="6200001", occurred_on=DAY)
    membership.tell("LeaveUnion", person_id=people["李二"], occurred_on=DAY)
    with pytest.raises(OneLiveCard):
        applied(membership, people["王一"])
    with pytest.raises(CardForMembersOnly):
        applied(membership, people["李二"])


def test_the_application_of_whoever_leaves_comes_to_nothing(membership: Membership, people: dict[str, str]) -> None:
    applied(membership, people["王一"])
    membership.tell("LeaveUnion", person_id=people["王一"], occurred_on=DAY)
    membership.service.catch_up({"membership": membership.service})
    (row,) = membership.ask("card_applications")["rows"]
    assert row["status"] == "ended"


def test_the_list_for_the_bank_is_given_after_it_was_recorded(membership: Membership, people: dict[str, str]) -> None:
    applied(membership, *people.values())
    with pytest.raises(Forbidden):
        membership.ask("card_application_file", list_id="list-1")
    membership.tell("SendCardApplications", list_id="list-1")
    assert membership.told()[-1] == "CardApplicationsSent"
    with pytest.raises(Forbidden):
        membership.ask("card_application_file", by=membership.identity(who="sun"), list_id="list-1")
    answer = membership.ask("card_application_file", list_id="list-1")
    rows = CalamineWorkbook.from_filelike(BytesIO(base64.b64decode(answer["file"]))).get_sheet_by_index(0).to_python()
    assert rows[1][:3] == ["1", "王一", identity_number(1)]
    assert len(rows) == 4


def test_the_banks_answer_gives_the_members_their_cards(membership: Membership, people: dict[str, str]) -> None:
    applied(membership, *people.values())
    checked = check(
        membership, (1, "", "6200001"), ("", identity_number(2), "6200002"), (3, identity_number(3), "6200003")
    )
    assert checked["counts"] == {"new": 3, "known": 0, "wrong": 0}
    before = membership.told()
    outcomes = take_in(membership, checked)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    assert membership.told() == [*before, *["CardIssued"] * 3]
    assert {row["status"] for row in membership.ask("card_applications")["rows"]} == {"issued"}
    assert membership.found("6200002") == ["李二"]


def test_the_same_answer_twice_changes_nothing(membership: Membership, people: dict[str, str]) -> None:
    applied(membership, *people.values())
    file = [(number, identity_number(number), f"620000{number}") for number in (1, 2, 3)]
    checked = check(membership, *file)
    take_in(membership, checked)
    before = membership.told()
    assert check(membership, *file)["counts"] == {"new": 0, "known": 3, "wrong": 0}
    take_in(membership, checked)
    assert membership.told() == before


def test_a_lost_card_is_replaced_by_the_number_that_comes(membership: Membership, people: dict[str, str]) -> None:
    membership.tell("IssueCard", person_id=people["王一"], card_number="6200001", occurred_on=DAY)
    membership.tell("ReportCardLost", person_id=people["王一"], occurred_on=DAY)
    applied(membership, people["王一"])
    take_in(membership, check(membership, (1, "", "6200009")))
    assert membership.told()[-1] == "CardReplaced"
    assert membership.ask("cards")["rows"][0]["status"] == "live"


def test_each_wrong_row_is_said_with_why(membership: Membership, people: dict[str, str]) -> None:
    applied(membership, people["王一"], people["李二"])
    membership.tell("IssueCard", person_id=people["赵三"], card_number="6200003", occurred_on=DAY)
    checked = check(
        membership,
        (1, "", 6.2e18),
        (9, "", "6200005"),
        ("", "", "6200006"),
        (2, identity_number(1), "6200007"),
        (2, "", "6200003"),
        (1, "", "6200008"),
        (2, "", "6200008"),
        ("", identity_number(3), "6200010"),
        (1, "", ""),
    )
    said = {row["row"]: "；".join(problem["zh"] for problem in row["problems"]) for row in checked["wrong"]}
    assert said.keys() == {2, 3, 4, 5, 6, 8, 9, 10}
    assert "按数字录入" in said[2]
    assert "找不到此人" in said[3]
    assert "至少填一个" in said[4]
    assert "不是同一个人" in said[5]
    assert "已是别人的卡" in said[6]
    assert "重复" in said[8]
    assert "已有一张有效卡" in said[9]


def test_figures_know_nothing_of_applications() -> None:
    from services.reporting.figures.book import product_book

    read = {read.event for figure in product_book().figures.values() for read in figure.reads}
    assert not {"CardApplied", "CardApplicationEnded", "CardApplicationsSent", "ImportOpened"} & read
