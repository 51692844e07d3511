"""From roster to card in the console, without scripts: template, dry run, confirmation, taking back, cards."""

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.execution import Order
from lastmile.settings import read_settings
from services.gateway.app import make_gateway
from services.gateway.console.asking import STATION_TIME
from services.gateway.session import COOKIE
from tests.gateway.api.conftest import gateway_over
from tests.gateway.api.people import StandInAccess
from tests.membership.station import HEADER, identity_number, workbook


@dataclass
class Person:
    """Somebody of the station at the console, without scripts."""

    client: FlaskClient
    here: str

    def open(self, path: str) -> str:
        answer = self.client.get(path if path.startswith("/stations") else self.here + path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def post(self, path: str, page: str, **fields: Any) -> TestResponse:
        """Send a form of a page, with what stands hidden in it."""
        hidden = dict(re.findall(r'<input type="hidden" name="(csrf_token|draft|command_id)" value="([^"]*)"', page))
        return self.client.post(self.here + path, data={**map_values(hidden), **fields})

    def upload(self, path: str, file: bytes, page: str = "", name: str = "名册.xlsx", **fields: Any) -> TestResponse:
        page = page or self.open(path.rpartition("/check")[0])
        day = re.search(r'name="occurred_on" value="([^"]*)"', page)
        assert day
        told = {"file": (io.BytesIO(file), name), "occurred_on": day[1], **fields}
        return self.post(path, page, **told)

    def search(self, text: str) -> str:
        """The members who are found by what was typed."""
        return self.follow(self.post("/members/searched", self.open("/members"), text=text))

    def follow(self, answer: TestResponse) -> str:
        assert answer.status_code == 303, words(answer.text)[:800]
        return self.open(answer.headers["Location"])


def map_values(fields: dict[str, str]) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in fields.items()}


def words(page: str) -> str:
    """What stands on the page's main part, as people read it."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def rows_of(answer: TestResponse) -> list[list[Any]]:
    assert answer.status_code == 200, words(answer.text)
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


@dataclass
class Desk:
    """A station with a community and a union, and its people."""

    station: str
    access: StandInAccess
    app: Flask
    today: str

    @cached_property
    def roster(self) -> bytes:
        return workbook(self.rows, HEADER[:3])

    def number(self, number: int) -> str:
        """An identity number of this station's own people: nobody is a member twice."""
        return identity_number(number, f"1{self.station[-3:]}0101")

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        return [
            ("王小明", self.number(1), "第一联合工会"),
            ("李四", self.number(2), "u1"),
            ("赵五", "1", "u1"),
        ]

    def person(self, role: Role = Role.CLERK) -> Person:
        token = f"secret of {role} at {self.station}"
        self.access.let_in(token, role, self.station)
        client = self.app.test_client()
        client.set_cookie(COOKIE, token)
        return Person(client, f"/stations/{self.station}")


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Desk]]:
    """One new station after another, in one home."""
    home = Embedded(read_settings({}, home=tmp_path_factory.mktemp("home")))
    access = StandInAccess(home.calls, home.composition)
    app = make_gateway(gateway_over(home, access))
    today = home.home.clock().astimezone(STATION_TIME).date().isoformat()
    yield (opened(home, f"110102{number}", Desk(f"110102{number}", access, app, today)) for number in count(900))
    home.close()


def opened(home: Embedded, station: str, desk: Desk) -> Desk:
    home.open_station(station)
    clerk = Identity("clerk", Role.CLERK, station, "2099-01-01T00:00:00Z")
    on = {"community": "c1", "occurred_on": desk.today}
    union = {"union_id": "u1", "name": "第一联合工会", "kind": "joint"}
    for name, body in (("ListCommunity", {"name": "第一社区"}), ("RegisterUnion", union)):
        order = Order(command_id=name, station=station, name=name, body=body | on, identity=clerk)
        home.services["membership"].command(order)
    return desk


@pytest.fixture
def desk(desks: Iterator[Desk]) -> Desk:
    return next(desks)


def bring_in(clerk: Person, file: bytes) -> str:
    """The page of the import after a roster was checked and confirmed."""
    checked = clerk.upload("/roster/check", file)
    assert checked.status_code == 200, words(checked.text)
    return clerk.follow(clerk.post("/roster/confirm", checked.text))


def test_the_template_is_downloaded_under_its_chinese_name(desk: Desk) -> None:
    answer = desk.person().client.get(f"/stations/{desk.station}/roster/template")
    assert "%E4%BC%9A%E5%91%98" in answer.headers["Content-Disposition"]
    assert rows_of(answer)[0][:3] == ["姓名*", "身份证号*", "所属工会*"]


def test_a_dry_run_shows_the_wrong_rows_first_and_changes_nothing(desk: Desk) -> None:
    clerk = desk.person()
    said = words(clerk.upload("/roster/check", desk.roster).text)
    assert said.index("不是身份证号") < said.index("王小明")
    assert "2 行可以导入；1 行有问题" in said
    assert "还没有会员" in words(clerk.open("/members"))


def test_the_same_workbook_comes_back_with_what_is_wrong(desk: Desk) -> None:
    clerk = desk.person()
    page = clerk.upload("/roster/check", desk.roster).text
    rows = rows_of(clerk.post("/roster/marked", page))
    assert [row[-1] for row in rows][:3] == ["核对结果", "可以入会", "可以入会"]
    assert rows[3][-1].startswith("身份证号")


def test_a_confirmed_roster_stands_in_the_register_and_twice_changes_nothing(desk: Desk) -> None:
    assert "已导入 2 人" in words(bring_in(desk.person(), desk.roster))
    clerk = desk.person()
    assert "王小明" in words(clerk.open("/members"))
    again = clerk.upload("/roster/check", desk.roster)
    assert "已经导入过" in words(again.text)
    assert "没有要导入的行" in words(again.text)


def test_a_form_sent_twice_brings_the_roster_in_once(desk: Desk) -> None:
    clerk = desk.person()
    page = clerk.upload("/roster/check", desk.roster).text
    clerk.follow(clerk.post("/roster/confirm", page))
    assert "没有变动" in words(clerk.follow(clerk.post("/roster/confirm", page)))


def test_an_import_is_taken_back_as_a_whole(desk: Desk) -> None:
    clerk = desk.person()
    page = bring_in(clerk, desk.roster)
    action = re.search(r'action="([^"]*/undo)"', page)
    assert action
    path = action[1].removeprefix(clerk.here)
    unsure = clerk.post(path, page)
    assert unsure.status_code == 422
    assert "请先勾选" in words(unsure.text)
    undone = clerk.follow(clerk.post(path, page, sure="yes"))
    assert "已撤销 2 人" in words(undone)
    assert "还没有会员" in words(clerk.open("/members"))


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"%PDF-1.7\x00", "只收 Excel"),
        (workbook([("王", "1")], ("姓名", "手机号")), "表头缺少：身份证号、所属工会"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_why(desk: Desk, file: bytes, said: str) -> None:
    answer = desk.person().upload("/roster/check", file)
    assert answer.status_code == 422
    assert said in words(answer.text)


def test_without_a_file_the_form_says_so(desk: Desk) -> None:
    clerk = desk.person()
    answer = clerk.post("/roster/check", clerk.open("/roster"), occurred_on=desk.today)
    assert answer.status_code == 422
    assert "请选择文件" in words(answer.text)


@pytest.mark.parametrize("text", ["王小明", "wxm", "wangxiao", "last four"])
def test_a_member_is_found_and_the_record_opens(desk: Desk, text: str) -> None:
    bring_in(desk.person(), desk.roster)
    clerk = desk.person()
    page = clerk.search(desk.number(1)[-4:] if text == "last four" else text)
    found = re.search(r'href="(/stations/\d+/members/[0-9a-f-]{36})"', page)
    assert found
    record = words(clerk.open(found[1]))
    assert "王小明" in record
    assert "第一联合工会" in record
    assert desk.number(1) not in record


def test_cards_are_applied_for_sent_to_the_bank_and_their_numbers_taken_in(desk: Desk) -> None:
    bring_in(desk.person(), desk.roster)
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


def test_what_is_wrong_with_card_numbers_is_said_row_by_row(desk: Desk) -> None:
    checked = desk.person().upload("/cards/numbers/check", workbook([("9", "6200001")], ("申请编号", "卡号")))
    assert "找不到此人" in words(checked.text)


def test_a_member_is_admitted_by_hand_corrected_and_leaves(desk: Desk) -> None:
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


def test_the_auditor_sees_masked_names_and_no_way_to_change_anything(desk: Desk) -> None:
    bring_in(desk.person(), desk.roster)
    auditor = desk.person(Role.DISTRICT_AUDITOR)
    page = auditor.open("/members")
    assert "王**" in words(page)
    assert "王小明" not in page
    assert "/roster" not in page.partition("<main")[2]


def test_a_chair_of_a_community_sees_the_own_members(desk: Desk) -> None:
    bring_in(desk.person(), desk.roster)
    assert "王小明" in words(desk.person(Role.COMMUNITY_CHAIR).open("/members"))


def test_a_record_shows_how_it_stood_on_an_earlier_date(desk: Desk) -> None:
    clerk = desk.person()
    roster = workbook([("王小明", desk.number(1), "u1", "2017-03-01")], (*HEADER[:3], "入会日期"))
    bring_in(clerk, roster)
    (path,) = set(re.findall(r"/members/[0-9a-f-]{36}", clerk.open("/members")))
    clerk.follow(clerk.post(f"{path}/leave", clerk.open(f"{path}/leave"), occurred_on=desk.today))
    assert "会籍 已终止" in words(clerk.open(path))
    then = words(clerk.open(f"{path}?as_of=2017-06-30"))
    assert "会籍 在册 变动日期 2017-03-01 所属工会 第一联合工会" in then
