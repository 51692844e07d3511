"""Membership of one station on a real database, as its people use it."""

import base64
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import xlsxwriter

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import Order
from lastmile.kernel.store.service import Resources, Service
from services.membership.api import MEMBERSHIP
from tests.keystores import keystore_in

STATION, ELSEWHERE = "110102017", "110102018"
TODAY = datetime(2017, 6, 1, 4, tzinfo=UTC)
DAY = "2017-03-02"
HEADER = ("姓名", "身份证号", "所属工会", "手机号", "从业状态", "入会日期")


def identity_number(number: int, born: str = "19800101") -> str:
    """A right identity number, another for each `number` below 1,000; then for each day of birth."""
    first = f"110102{born}{number:03d}"
    weighed = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first))
    return first + "10X98765432"[weighed % 11]


def many_numbers(howmany: int) -> list[str]:
    days = [f"19{year}{month:02d}{day:02d}" for year in range(60, 99) for month in range(1, 13) for day in range(1, 28)]
    return [identity_number(number % 997, days[number // 997]) for number in range(howmany)]


class Membership:
    """The service with a station whose unions are u1 (community c1) and u2 (community c2)."""

    def __init__(self, database_url: str, path: Path, stations: Sequence[str] = (STATION,)) -> None:
        database = Database(database_url)
        MEMBERSHIP.tables.create_all(database.engine)
        self.keystore = keystore_in(path)
        self.now = TODAY
        self.service = Service(MEMBERSHIP, Resources(database, self.keystore, LogKeys(path), lambda: self.now))
        self.keystore.erasures_replayed = True
        self._numbers = count(1)
        for station in stations:
            self.service.open_station(station)
            for union, name in (("u1", "第一联合工会"), ("u2", "第二工会")):
                body = {"union_id": union, "name": name, "kind": "single", "community": f"c{union[1:]}"}
                self.tell("RegisterUnion", station=station, **body, occurred_on="2017-01-01")

    def identity(
        self, role: Role = Role.CLERK, station: str = STATION, community: str = "", who: str = "li"
    ) -> Identity:
        return Identity(who, role, station, "2099-01-01T00:00:00Z", community)

    def tell(
        self, name: str, /, *, by: Identity | None = None, command_id: str = "", station: str = STATION, **body: Any
    ) -> dict[str, Any]:
        command_id = command_id or f"command-{next(self._numbers)}"
        identity = by or self.identity(station=station)
        order = Order(command_id=command_id, station=station, name=name, body=body, identity=identity)
        return self.service.command(order)

    def tell_all(self, orders: Iterable[tuple[str, str, dict[str, Any]]]) -> list[dict[str, Any] | Failure]:
        """Many at once: (command, command id, body)."""
        made = [
            Order(command_id=command_id, station=STATION, name=name, body=body, identity=self.identity())
            for name, command_id, body in orders
        ]
        return self.service.commands(made)

    def ask(self, name: str, /, *, by: Identity | None = None, station: str = STATION, **parameters: Any) -> Any:
        return self.service.ask(name, by or self.identity(station=station), station, parameters)

    def join(self, name: str = "王小明", number: int = 1, union: str = "u1", **more: Any) -> str:
        """The person id of a new member."""
        body = {"name": name, "identity_number": identity_number(number), "union_id": union, "occurred_on": DAY}
        answer = self.tell("JoinMember", **{**body, **more})
        return str(answer["stream"]).rpartition("/")[2]

    def found(self, text: str, **more: Any) -> list[str]:
        return [row["name"] for row in self.ask("members", text=text, **more)["rows"]]

    def events(self) -> list[Entry]:
        found: list[bytes] = []
        while more := self.service.entries(f"{STATION}/membership", len(found), 1_000):
            found += more
        return [Entry.from_bytes(data) for data in found]

    def told(self) -> list[str]:
        return [entry.type for entry in self.events() if not entry.type.startswith("Union")]

    def check(self, file: bytes, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("roster_check", file=encoded(file), **{"occurred_on": DAY, **more})
        return found

    def bring_in(self, file: bytes, **more: Any) -> list[dict[str, Any] | Failure]:
        """Check a roster and confirm it; the outcomes of its rows."""
        ordered = self.ask("roster_commands", draft=self.check(file, **more)["draft"])
        told = {"import_id": ordered["import_id"], "file_sha256": ordered["file_sha256"], "rows": ordered["rows"]}
        self.tell("OpenImport", **told)
        outcomes = self.tell_all(orders_of(ordered))
        self.tell("ConfirmImport", import_id=ordered["import_id"])
        return outcomes

    def take_back(self, import_id: str) -> list[dict[str, Any] | Failure]:
        standing = self.ask("roster_import", import_id=import_id)["standing"]
        outcomes = self.tell_all(
            ("UndoAdmission", f"undo:{import_id}:{person_id}", {"person_id": person_id, "import_id": import_id})
            for person_id in standing
        )
        self.tell("UndoImport", import_id=import_id)
        return outcomes

    def close(self) -> None:
        self.service.database.close()
        self.keystore.database.close()


def orders_of(ordered: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Command, command id and body of each row."""
    return [(ordered["command"], order["command_id"], order["body"]) for order in ordered["orders"]]


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def workbook(rows: Iterable[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    """A workbook as Excel writes it: numbers as numbers, texts as texts."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def roster(howmany: int, union: str = "u1") -> bytes:
    names = "王李张刘陈杨赵黄周吴"
    return workbook(
        (f"{names[n % 10]}小{names[n // 10 % 10]}", number, union, "13800138000", "在职", "2017-03-01")
        for n, number in enumerate(many_numbers(howmany))
    )
