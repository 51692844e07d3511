"""A member is found by whatever the clerk has at hand, and by nothing else."""

from pathlib import Path
from typing import Any

import pytest

from lastmile.kernel.domain.failures import Forbidden, NotFound
from lastmile.kernel.domain.identity import Role
from services.membership.pinyin import sounds
from tests.membership.station import DAY, ELSEWHERE, STATION, Membership, identity_number


@pytest.fixture
def people(membership: Membership) -> Membership:
    membership.join("王小明", 1)
    membership.join("单雄信", 2, union="u2")
    membership.join("买买提·艾力", 3)
    person_id = membership.join("Tom Lee", 4)
    membership.tell("IssueCard", person_id=person_id, card_number="6210001234567X88", occurred_on=DAY)
    return membership


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王小明", "王小明"),
        ("王", "王小明"),
        ("小明", "王小明"),
        ("wangxiao", "王小明"),
        ("Wang Xiao Ming", "王小明"),
        ("wxm", "王小明"),
        ("shanxiong", "单雄信"),
        ("danxiong", "单雄信"),
        ("sxx", "单雄信"),
        ("dxx", "单雄信"),
        ("买买提艾力", "买买提·艾力"),
        ("mmt", "买买提·艾力"),
        ("tom", "Tom Lee"),
        ("6210001234567X88", "Tom Lee"),
        ("7x88", "Tom Lee"),
        (identity_number(1), "王小明"),
        (identity_number(1)[-4:], "王小明"),
    ],
)
def test_whatever_is_at_hand_finds_the_member(people: Membership, text: str, name: str) -> None:
    assert people.found(text) == [name]


@pytest.mark.parametrize("text", ["明", "%", "_", "·", "0000", "6210001234567X89", identity_number(9), "' OR 1=1"])
def test_what_means_nobody_finds_nobody(people: Membership, text: str) -> None:
    assert people.found(text) == ([] if text != "明" else ["王小明"])


def test_every_reading_of_the_hard_surnames_is_known() -> None:
    for surname, readings in {
        "单": ("shan", "dan"),
        "曾": ("zeng", "ceng"),
        "区": ("ou", "qu"),
        "仇": ("qiu", "chou"),
        "解": ("xie", "jie"),
        "查": ("zha", "cha"),
    }.items():
        heard = sounds(f"{surname}明").pinyin
        assert heard[0] == f"{readings[0]}ming"
        assert {f"{reading}ming" for reading in readings} <= set(heard)


def test_a_corrected_name_is_found_and_the_wrong_one_is_not(people: Membership) -> None:
    (row,) = people.ask("members", text="wxm")["rows"]
    people.tell("CorrectMember", person_id=row["person_id"], name="汪晓铭", occurred_on=DAY)
    assert people.found("汪晓铭") == ["汪晓铭"]
    assert people.found("王小明") == []


def test_a_card_that_was_taken_back_finds_nobody(people: Membership) -> None:
    (row,) = people.ask("members", text="tom")["rows"]
    people.tell("UnbindCard", person_id=row["person_id"], reason="retired", occurred_on=DAY)
    assert people.found("6210001234567X88") == people.found("7X88") == []


def test_an_erased_person_is_found_by_nothing(people: Membership) -> None:
    (row,) = people.ask("members", text="wxm")["rows"]
    people.tell("LeaveUnion", person_id=row["person_id"], occurred_on=DAY)
    head = people.identity(Role.STATION_HEAD)
    people.tell("ErasePerson", by=head, person_id=row["person_id"], ground="本人要求", occurred_on=DAY)
    people.service.catch_up({"membership": people.service})
    for text in ("王小明", "wxm", identity_number(1), identity_number(1)[-4:]):
        assert people.found(text) == []


def test_the_list_is_filtered_by_union_community_standing_and_date(people: Membership) -> None:
    def names(**asked: Any) -> set[str]:
        return {row["name"] for row in people.ask("members", **asked)["rows"]}

    assert names(union_id="u2") == names(community="c2") == {"单雄信"}
    assert names(living=True, card="live") == {"Tom Lee"}
    assert names(card="none") == {"王小明", "单雄信", "买买提·艾力"}
    assert names(since="2017-03-03") == set()
    assert names(until=DAY) == {"王小明", "单雄信", "买买提·艾力", "Tom Lee"}
    assert [row["name"] for row in people.ask("members", size=2)["rows"]] == ["买买提·艾力", "单雄信"]


def test_a_community_chair_sees_the_own_community_and_admits_there_alone(people: Membership) -> None:
    chair = people.identity(Role.COMMUNITY_CHAIR, community="c2")
    (row,) = people.ask("members", by=chair)["rows"]
    assert row["name"] == "单雄信"
    assert people.ask("members", by=chair, community="c1")["rows"] == []
    assert [union["union_id"] for union in people.ask("unions", by=chair)["rows"]] == ["u2"]
    (other,) = people.ask("members", text="wxm")["rows"]
    with pytest.raises(NotFound):
        people.ask("member", by=chair, person_id=other["person_id"])
    admitted = {"name": "钱七", "identity_number": identity_number(7), "occurred_on": DAY}
    with pytest.raises(Forbidden):
        people.tell("JoinMember", by=chair, union_id="u1", **admitted)
    people.tell("JoinMember", by=chair, union_id="u2", **admitted)


def test_two_stations_unions_of_one_name_are_not_mixed_up(database_url: str, tmp_path: Path) -> None:
    both = Membership(database_url, tmp_path, (STATION, ELSEWHERE))
    both.join("王小明", 1)
    both.join("李四", 2, station=ELSEWHERE)
    assert both.found("ls") == []
    assert [row["name"] for row in both.ask("members", station=ELSEWHERE, community="c1")["rows"]] == ["李四"]
    both.close()


def test_the_district_auditor_reads_every_station_and_no_whole_name(people: Membership) -> None:
    auditor = people.identity(Role.DISTRICT_AUDITOR, station=ELSEWHERE)
    rows = people.ask("members", by=auditor)["rows"]
    assert {row["name"] for row in rows} == {"王**", "单**", "买*****", "T******"}
    assert people.ask("member_names", by=auditor, person_ids=[rows[0]["person_id"]]).popitem()[1].endswith("*")


def test_a_record_says_what_is_known_and_where_the_sealed_fields_stand(people: Membership) -> None:
    (row,) = people.ask("members", text="tom")["rows"]
    person_id = row["person_id"]
    people.tell(
        "RecordHonour", person_id=person_id, title="district_labour_medal", service="in_service", occurred_on=DAY
    )
    record = people.ask("member", person_id=person_id)
    assert record["card"] == {"status": "live", "since": DAY}
    assert [honour["title"] for honour in record["honours"]] == ["district_labour_medal"]
    assert record["union_name"] == "第一联合工会"
    for field, value in {"identity_number": identity_number(4), "card_number": "6210001234567X88"}.items():
        position = record["sealed"][field]
        people.tell("RevealField", position=position, field=field, ground="本人来电核对")
        assert people.ask("revealed", position=position, field=field) == {"value": value}


def test_unions_are_listed_with_their_members(people: Membership) -> None:
    assert {row["union_id"]: row["members"] for row in people.ask("unions")["rows"]} == {"u1": 3, "u2": 1}
    (row,) = people.ask("members", text="wxm")["rows"]
    people.tell("TransferMember", person_id=row["person_id"], to_union_id="u2", occurred_on=DAY)
    assert {row["union_id"]: row["members"] for row in people.ask("unions")["rows"]} == {"u1": 2, "u2": 2}
    assert [union["name"] for union in people.ask("unions", text="联合")["rows"]] == ["第一联合工会"]
