"""From roster to card over REST alone, at a station that was made a moment ago."""

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.gateway.api.journeys.door import Caller, bytes_of, code_of
from tests.gateway.api.journeys.staff import Office
from tests.membership.station import identity_number, workbook

UNION, CARD = "U001", "6200001234567890"
OUYANG, ZHENG, LIN = "欧阳测甲", "郑测乙", "林测丙"
NUMBER = {name: identity_number(place, "19800101") for place, name in enumerate((OUYANG, ZHENG, LIN), start=1)}
TYPED_AS_A_NUMBER = "1.1e+17"


@pytest.fixture(scope="module")
def clerk(office: Office) -> Caller:
    """The clerk, at a station that has one union."""
    clerk = office.let_in("wang", "clerk")
    union = {"union_id": UNION, "name": "第一联合工会", "kind": "single", "community": "c1"}
    clerk.tell("membership/union:found-union", **union, occurred_on=office.day)
    return clerk


def test_from_the_template_to_the_number_on_the_card(office: Office, clerk: Caller) -> None:
    draft = _checked_with_errors(clerk, office.day)
    first = _brought_in(clerk, draft)
    assert found(clerk, OUYANG) == [OUYANG]
    _undone_whole(clerk, first)
    assert found(clerk, OUYANG) == []
    assert _brought_in(clerk, draft) != first
    assert clerk.ask_by_body("membership/roster-commands", draft=draft)["orders"] == []

    (member,) = clerk.ask_by_body("membership/members", text=OUYANG)["rows"]
    _card_applied_for_and_issued(clerk, member["person_id"], office.day)
    for text in (OUYANG, "ouyang", "oycj", CARD, CARD[-4:], NUMBER[OUYANG], NUMBER[OUYANG][-4:]):
        assert found(clerk, text) == [OUYANG], text
    events = clerk.ask("membership/history", aggregate="card", key=member["person_id"])["events"]
    assert [event["type"] for event in events] == ["CardApplied", "CardIssued"]
    assert CARD not in str(events)
    joined = clerk.ask("membership/history", aggregate="member", key=member["person_id"])["events"]
    assert [event["type"] for event in joined] == ["MemberJoined", "AdmissionUndone", "MemberJoined"]


def _checked_with_errors(clerk: Caller, day: str) -> str:
    """The dry run of three people and a fourth whose number was typed as a number: it says so and changes nothing."""
    header = sheet(bytes_of(clerk.ask("membership/roster-template")))[0]
    assert header[:3] == ["姓名*", "身份证号*", "所属工会*"]
    people = [(name, number, UNION) for name, number in NUMBER.items()]
    file = workbook([*people, ("写错了", TYPED_AS_A_NUMBER, UNION)], header[:3])
    checked = clerk.ask_by_body("membership/roster-check", file=file, occurred_on=day)
    assert checked["counts"] == {"new": 3, "again": 0, "known": 0, "wrong": 1}
    assert [wrong["row"] for wrong in checked["wrong"]] == [5]
    draft: str = checked["draft"]
    marked = sheet(bytes_of(clerk.ask_by_body("membership/roster-marked", draft=draft)))
    assert marked[0][-1] == "核对结果"
    assert [row[-1] for row in marked[1:4]] == ["可以入会"] * 3
    assert marked[4][-1].startswith("身份证号")
    assert found(clerk, OUYANG) == []
    return draft


def _brought_in(clerk: Caller, draft: str) -> str:
    """Order all that the roster needs, as its answer says; the import's id."""
    ordered = clerk.ask_by_body("membership/roster-commands", draft=draft)
    opened = {name: ordered[name] for name in ("import_id", "file_sha256", "rows")}
    clerk.tell("membership/roster-import:open-import", **opened)
    assert ordered["command"] == "JoinMember"
    rows = [(order["command_id"], order["body"]) for order in ordered["orders"]]
    outcomes = clerk.tell_many("membership/member:join-member", rows)
    assert [outcome["status"] for outcome in outcomes] == ["done"] * len(NUMBER)
    import_id: str = opened["import_id"]
    clerk.tell("membership/roster-import:confirm-import", import_id=import_id)
    return import_id


def _undone_whole(clerk: Caller, import_id: str) -> None:
    standing = clerk.ask("membership/roster-import", import_id=import_id)["standing"]
    assert clerk.refused("membership/roster-import:undo-import", import_id=import_id) == "admissions-stand"
    rows = [(f"undo:{person_id}", {"person_id": person_id, "import_id": import_id}) for person_id in standing]
    outcomes = clerk.tell_many("membership/member:undo-admission", rows)
    assert [outcome["status"] for outcome in outcomes] == ["done"] * len(NUMBER)
    clerk.tell("membership/roster-import:undo-import", import_id=import_id)


def _card_applied_for_and_issued(clerk: Caller, person_id: str, day: str) -> None:
    """The list for the bank is given after it is recorded that it is taken out; it comes back with a number."""
    clerk.tell("membership/card:apply-for-card", person_id=person_id, occurred_on=day)
    asked = "/stations/110102017/membership/card-application-file"
    assert code_of(clerk.get(asked, list_id="list-1")) == "forbidden"
    clerk.tell("membership/card-list:send-card-applications", list_id="list-1")
    header, mine = sheet(bytes_of(clerk.ask("membership/card-application-file", list_id="list-1")))
    assert mine[1:3] == [OUYANG, NUMBER[OUYANG]]

    back = workbook([[*mine[:-1], CARD], ["999", "无此人", *mine[2:-1], CARD]], header)
    told = clerk.ask_by_body("membership/card-numbers-check", file=back, occurred_on=day)
    assert told["counts"] == {"new": 1, "known": 0, "wrong": 1}
    ordered = clerk.ask_by_body("membership/card-numbers-commands", draft=told["draft"])
    (order,) = ordered["orders"]
    assert order["command"] == "IssueCard"
    (outcome,) = clerk.tell_many("membership/card:issue-card", [(order["command_id"], order["body"])])
    assert outcome["status"] == "done"


def found(clerk: Caller, text: str) -> list[str]:
    """The names of those members who are found by this."""
    return [row["name"] for row in clerk.ask_by_body("membership/members", text=text, living=True)["rows"]]


def sheet(data: bytes) -> list[list[Any]]:
    rows: list[list[Any]] = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    return rows
