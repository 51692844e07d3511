"""Members are found, admitted by hand, and shown to each as much as they may see."""

import re

import pytest

from lastmile.kernel.domain.identity import Role
from tests.gateway.console.person import words
from tests.gateway.console.roster.desk import bring_in, roster_of
from tests.gateway.console.station import Station
from tests.membership.station import HEADER, workbook


@pytest.mark.parametrize("text", ["王小明", "wxm", "wangxiao", "last four"])
def test_a_member_is_found_and_the_record_opens(desk: Station, text: str) -> None:
    bring_in(desk.person(), roster_of(desk))
    clerk = desk.person()
    page = clerk.search(desk.number(1)[-4:] if text == "last four" else text)
    found = re.search(r'href="(/stations/\d+/members/[0-9a-f-]{36})"', page)
    assert found
    record = words(clerk.open(found[1]))
    assert "王小明" in record
    assert "第一联合工会" in record
    assert desk.number(1) not in record


def test_a_member_is_admitted_by_hand_corrected_and_leaves(desk: Station) -> None:
    clerk = desk.person()
    body = {"name": "钱七", "identity_number": desk.number(7), "union_id": "u1", "employment": "in_service"}
    page = clerk.open("/members/join")
    record = clerk.follow(clerk.post("/members/join", page, **body, phone="", occurred_on=desk.today))
    (key,) = set(re.findall(r"/members/([0-9a-f-]{36})/leave", record))
    page = clerk.open(f"/members/{key}/correct")
    told = {"name": "钱八", "phone": "", "occurred_on": desk.today}
    assert "钱八" in words(clerk.follow(clerk.post(f"/members/{key}/correct", page, **told)))
    page = clerk.open(f"/members/{key}/leave")
    left = words(clerk.follow(clerk.post(f"/members/{key}/leave", page, occurred_on=desk.today)))
    assert "已终止" in left


def test_the_auditor_sees_masked_names_and_no_way_to_change_anything(desk: Station) -> None:
    bring_in(desk.person(), roster_of(desk))
    auditor = desk.person(Role.DISTRICT_AUDITOR)
    page = auditor.open("/members")
    assert "王**" in words(page)
    assert "王小明" not in page
    assert "/roster" not in page.partition("<main")[2]


def test_a_chair_of_a_community_sees_the_own_members(desk: Station) -> None:
    bring_in(desk.person(), roster_of(desk))
    assert "王小明" in words(desk.person(Role.COMMUNITY_CHAIR).open("/members"))


def test_a_record_shows_how_it_stood_on_an_earlier_date(desk: Station) -> None:
    clerk = desk.person()
    roster = workbook([("王小明", desk.number(1), "u1", "2017-03-01")], (*HEADER[:3], "入会日期"))
    bring_in(clerk, roster)
    (path,) = set(re.findall(r"/members/[0-9a-f-]{36}", clerk.open("/members")))
    clerk.follow(clerk.post(f"{path}/leave", clerk.open(f"{path}/leave"), occurred_on=desk.today))
    assert "会籍 已终止" in words(clerk.open(path))
    then = words(clerk.open(f"{path}?as_of=2017-06-30"))
    assert "会籍 在册 变动日期 2017-03-01 所属工会 第一联合工会" in then
