"""Cards are applied for, sent to the bank, and their numbers taken in."""

import re

from tests.gateway.console.person import words
from tests.gateway.console.roster.desk import bring_in, roster_of, rows_of
from tests.gateway.console.station import Station
from tests.membership.station import workbook


def test_cards_are_applied_for_sent_to_the_bank_and_their_numbers_taken_in(desk: Station) -> None:
    bring_in(desk.person(), roster_of(desk))
    clerk = desk.person()
    page = clerk.open("/members")
    chosen = clerk.post("/cards/apply", page, all="1")
    ids = re.findall(r'name="person_id" value="([^"]*)"', chosen.text)
    assert len(ids) == 2
    fields = {"person_id": ids, "confirmed": "yes", "occurred_on": desk.today}
    listed = clerk.follow(clerk.post("/cards/apply", chosen.text, **fields))
    assert "已为 2 人申请办卡" in words(listed)
    header, *rows = rows_of(clerk.post("/cards/send", listed))
    assert {row[1] for row in rows} == {"王小明", "李四"}
    filled = workbook([[*row[:-1], f"620000{row[0]}"] for row in rows], header)
    checked = clerk.upload("/cards/numbers/check", filled)
    assert "2 个卡号都可以录入" in words(checked.text)
    assert "已录入 2 个卡号" in words(clerk.follow(clerk.post("/cards/numbers/take-in", checked.text)))
    found = words(clerk.search("6200001"))
    assert "王小明" in found or "李四" in found


def test_what_is_wrong_with_card_numbers_is_said_row_by_row(desk: Station) -> None:
    checked = desk.person().upload("/cards/numbers/check", workbook([("9", "6200001")], ("申请编号", "卡号")))
    assert "找不到此人" in words(checked.text)
