"""The register as it stood on 1 January 2017: opening facts, which are nobody's joining in 2017."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from examples.guangnei_2017.acts import Book, Ref
from examples.guangnei_2017.people import card_number

Entry = Mapping[str, Any]
Opened = tuple[date, date]

BRANDS = "松竹梅兰菊荷桐枫柳槐云溪岚澄晨朗启恒瑞禾"
# fmt: off
TRADES = (
    "书店", "面馆", "印刷社", "洗衣店", "物业", "超市",
    "药房", "诊所", "设计室", "快递站", "理发店", "五金店",
    "茶庄", "幼儿园", "旅馆", "眼镜店", "照相馆", "花店",
    "修车行", "裁缝铺", "文具店", "家政社", "软件社", "食品店",
    "停车场", "健身房", "咖啡馆", "琴行", "装饰社", "会计所",
)
# fmt: on


def union_name(number: int) -> str:
    return invented_name(number) + "工会"


def invented_name(number: int) -> str:
    """The number-th employer's name; 12,000 of them before one comes again."""
    brand = BRANDS[number % 20] + BRANDS[(number // 600 + number // 20 + 7) % 20]
    return brand + TRADES[(number // 20) % 30]


def expand_opening(book: Book, register: Mapping[str, Any]) -> None:
    opened = register["opened_on"], register["entered_on"]
    for station in register["station"]:
        book.open_entry(f"register:{station['code']}", station["code"])
        for item, value in station.get("profile", {}).items():
            source = station["profile_source"]
            book.write("StateProfileValue", {"item": item, "value": value, "source": source}, *opened)
        for office in ("service_station", "accounting_centre"):
            for staff in station.get(office, ()):
                book.write("AppointStaff", {"staff_id": staff, "office": office}, *opened)
        letter, number = station["unions_begin_with"], 0
        for community in station["community"]:
            body = {"community": community["id"], "name": community["name"]}
            book.write("ListCommunity", body, *opened)
            joint = community.get("joint")
            sizes = ([("joint", joint["members"])] if joint else []) + [
                ("single", members) for members in community.get("singles", ())
            ]
            for kind, members in sizes:
                number += 1
                union = f"{letter}{number:03d}"
                name = union_name(number) if kind == "single" else f"{community['name']}联合工会"
                body = {"union_id": union, "name": name, "kind": kind, "community": community["id"]}
                book.write("RegisterUnion", body, *opened)
                if kind == "joint":
                    _employers(book, union, number, joint["employers"], opened)
                book.roster.enter(union, members)
    _members(book, register, opened)
    _honours(book, register, opened)


def _employers(book: Book, union: str, number: int, employers: int, opened: Opened) -> None:
    for order in range(1, employers + 1):
        name = invented_name(700 + 40 * number + order)
        body = {"union_id": union, "employer_id": f"{union}.e{order:02d}", "employer_name": name}
        book.write("CoverEmployer", body, *opened)


def _members(book: Book, register: Entry, opened: Opened) -> None:
    misspelt = set(register["misspelt"])
    retired = {entry["who"] for entry in register["honour"] if entry["service"] == "retired"}
    for station in register["station"]:
        book.open_entry(f"register:{station['code']}:members", station["code"])
        letter = station["unions_begin_with"]
        unions = [union for union in book.roster.unions if union.startswith(letter)]
        people = [(union, key) for union in unions for key in book.roster.unions[union]]
        for union, key in people:
            person = book.people.person(key, retired=key in retired)
            body = {
                "union_id": union,
                "name": person.misspelt_name if key in misspelt else person.name,
                "identity_number": person.identity_number,
                "phone": person.phone,
                "employment": "retired" if key in retired else "in_service",
            }
            book.write("RegisterMember", body, *opened, admits=key)
        for _, key in people:
            issue_card(book, key, "IssueCard", *opened)


def _honours(book: Book, register: Entry, opened: Opened) -> None:
    for number, entry in enumerate(register["honour"], 1):
        book.open_entry(f"register:honour-{number}", entry.get("station", register["station"][0]["code"]))
        body = {"person_id": Ref(entry["who"]), "title": entry["title"], "service": entry["service"]}
        book.write("RecordHonour", body, *opened)


def issue_card(book: Book, key: str, name: str, occurred_on: date, recorded_on: date, *, station: str = "") -> None:
    number = card_number(key, book.next_card(key))
    book.write(name, {"person_id": Ref(key), "card_number": number}, occurred_on, recorded_on, station=station)
