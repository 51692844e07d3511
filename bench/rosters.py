"""A roster of 6,000 rows: checked, then brought in, on each kind of database."""

import base64
import io
from contextlib import closing
from typing import Any

import xlsxwriter

from bench.measure import Bar, Row, seconds
from bench.pages import member
from bench.place import Place
from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from lastmile.settings import read_settings

STATION, DAY = "110102017", "2017-03-01"
BACKENDS = ("sqlite", "postgresql")
HEADER = ("姓名", "身份证号", "所属工会")
ALLOWED = Bar(10, of="ours", least=False)


def rows(place: Place) -> list[Row]:
    """Each repetition brings other people in."""
    return [row for backend in BACKENDS for row in _rows(place, backend, place.of(6_000, 600))]


def _rows(place: Place, backend: str, people: int) -> list[Row]:
    home = place.directory("rosters")
    urls = {"LASTMILE_HOME": str(home)}
    if backend == "postgresql":
        urls |= {f"LASTMILE_MEMBERSHIP_{what}_URL": place.postgresql(what.lower()) for what in ("DATABASE", "KEYSTORE")}
    checked, brought = [], []
    with closing(Embedded(read_settings(urls))) as opened:
        clerk = _Clerk(opened)
        clerk.tell("RegisterUnion", "union", union_id="union", name="联合工会", kind="joint", community="c")
        for repetition in range(place.repetitions):
            file = _roster(range(repetition * people, (repetition + 1) * people))
            checked.append(seconds(lambda sent=file: clerk.check(sent)))  # type: ignore[misc]
            draft = clerk.check(file)["draft"]
            brought.append(seconds(lambda given=draft: clerk.bring_in(given)))  # type: ignore[misc]
    what = f"a roster of {people:,} rows"
    return [
        Row(what=f"{what} checked, {backend}", unit="s", ours=checked, bar=ALLOWED),
        Row(what=f"{what} brought in, {backend}", unit="s", ours=brought, bar=ALLOWED),
    ]


class _Clerk:
    """Who asks."""

    def __init__(self, home: Embedded) -> None:
        home.open_station(STATION)
        self._calls = home.calls
        identity = Identity("bench", Role.CLERK, STATION, "9999-12-31T00:00:00Z")
        self._token = sign_identity(identity, home.home.identity_key())

    def tell(self, command: str, command_id: str, **body: Any) -> None:
        self._tell_all(command, [(command_id, {"occurred_on": DAY, **body})])

    def check(self, file: str) -> Any:
        return self._calls.ask("membership", STATION, "roster_check", {"file": file, "occurred_on": DAY}, self._token)

    def bring_in(self, draft: str) -> None:
        ordered = self._calls.ask("membership", STATION, "roster_commands", {"draft": draft}, self._token)
        import_id = ordered["import_id"]
        opening = {name: ordered[name] for name in ("import_id", "file_sha256", "rows")}
        self._tell_all("OpenImport", [(f"open:{import_id}", opening)])
        self._tell_all(ordered["command"], [(order["command_id"], order["body"]) for order in ordered["orders"]])
        self._tell_all("ConfirmImport", [(f"confirm:{import_id}", {"import_id": import_id})])

    def _tell_all(self, command: str, asked: list[tuple[str, dict[str, Any]]]) -> None:
        outcomes = self._calls.tell("membership", STATION, command, asked, self._token)
        assert [outcome for outcome in outcomes if outcome["status"] == "failed"] == []


def _roster(numbers: range) -> str:
    """The workbook, base64."""
    made = io.BytesIO()
    people = [member(number, "union") for number in numbers]
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADER, *((p["name"], p["identity_number"], p["union_id"]) for p in people)]):
            sheet.write_row(number, 0, row)
    return base64.b64encode(made.getvalue()).decode()
