"""Leaves one record waiting at each step of the station's work, on a copy of the year's home."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp

from examples.guangnei_2017.driver import staff_id
from lastmile.embedded import Embedded
from lastmile.settings import read_settings
from tests.browser.desk import Desk
from tests.browser.site import MORNING, STATION, STATION_TIME, Site, site_of
from tests.membership.station import identity_number
from tests.prepared import copied

DAY = date(2017, 12, 29)
"""What waits is entered, and looked at, on this day."""

FUND, CONSOLATION, LIST = "warmth-own", "new-year-2018", "pay-2017-12"
IMPORT, UNION, SYSTEM, DEPUTY = "roster-12", "U002", "city-cockpit", staff_id(STATION, "clerk-2")
FIRST_PASSWORD, PASSWORD = "written down for the first day", "of one's own choosing"
A_MINUTE = timedelta(minutes=1)
"""A code counts once; a minute later there is another."""

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEWCOMER, RECOVERED = "newcomer", "recovered"
"""Accounts beside those of the demo: with a first password still, and recovered without anybody's agreement yet."""

CHAIN: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("Apply", "2017-12-11", {"programme": "warmth", "fund_id": FUND, "ground": "因病住院"}),
    ("RecordHomeVisit", "2017-12-12", {"finding": "in_need"}),
    ("RecordComparison", "2017-12-13", {"clear": True}),
    ("ReviewApplication", "2017-12-14", {}),
    ("PublishNotice", "2017-12-15", {}),
    ("CloseNotice", "2017-12-25", {"objections": 0}),
    ("ApproveApplication", "2017-12-26", {}),
    ("EnterPayment", "2017-12-27", {}),
    ("ReleasePayment", "2017-12-27", {}),
    ("BookBankReturn", "2017-12-28", {"paid": True}),
)
STANDING = {
    "plain": "CloseNotice",
    "changed": "CloseNotice",
    "applied": "Apply",
    "visited": "RecordHomeVisit",
    "compared": "RecordComparison",
    "returned": "RecordComparison",
    "reviewed": "ReviewApplication",
    "on-notice": "ReviewApplication",
    "notice-over": "PublishNotice",
    "approved": "ApproveApplication",
    "entered": "EnterPayment",
    "released": "ReleasePayment",
    "paid": "BookBankReturn",
}
"""How the applications are called, and the last step of CHAIN that each took; those first that are approved next: a
second grant in the year is no plain one."""

FEN = 180_000


def application(word: str) -> str:
    """The id of the application that stands at this word of STANDING."""
    return f"warmth-12-{word}"


def member(home: Embedded, number: int) -> str:
    """The id of one of those who came in with the roster."""
    found = Desk(home, DAY.isoformat()).ask("membership", "members", text=identity_number(number, "19690115"))["rows"]
    person_id: str = found[0]["person_id"]
    return person_id


@contextmanager
def site_with_work_waiting(year: Path, directory: Path) -> Iterator[Site]:
    """Serve a copy of the year's home in which something waits at each step."""
    home = copied(year, directory / "home")
    leave_work_waiting(home)
    with site_of(home, DAY) as site:
        yield site


def leave_work_waiting(path: Path) -> None:
    """In the home at this path, which has the year in it."""
    home = Embedded(read_settings({}, home=path))
    try:
        home.home.set_clock(datetime.combine(DAY, MORNING, STATION_TIME).astimezone(UTC))
        desk = Desk(home, DAY.isoformat())
        _applications(desk)
        _consolation(desk)
        _members(desk)
        _accounts(desk)
        home.settle()
    finally:
        home.close()


def _applications(desk: Desk) -> None:
    for (word, last), person_id in zip(STANDING.items(), _aided_least(desk), strict=False):
        id_ = application(word)
        if word == "changed":
            _handed_in_again(desk, id_, person_id)
        for command, on, body in _steps(last, left_out=("Apply",) if word == "changed" else ()):
            more = {"person_id": person_id, "amount_fen": FEN} if command == "Apply" else {}
            more |= {"pay_list_id": f"{LIST}-{word}"} if command == "EnterPayment" else {}
            if command == "EnterPayment":
                desk.tell("relief", "RecordPayee", person_id=person_id, **_account(word))
            desk.tell("relief", command, application_id=id_, occurred_on=on, **body, **more)
    desk.tell("relief", "ReturnApplication", application_id=application("returned"), reason="paper_missing")
    desk.tell("relief", "PublishNotice", application_id=application("on-notice"), occurred_on="2017-12-27")


def _steps(last: str, left_out: tuple[str, ...] = ()) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for command, on, body in CHAIN:
        if command not in left_out:
            yield command, on, body
        if command == last:
            return


def _handed_in_again(desk: Desk, id_: str, person_id: str) -> None:
    """With another amount than at first: who approves is shown what changed."""
    first, on, body = CHAIN[0]
    desk.tell("relief", first, application_id=id_, occurred_on=on, person_id=person_id, amount_fen=2 * FEN, **body)
    for command, day, more in CHAIN[1:3]:
        desk.tell("relief", command, application_id=id_, occurred_on=day, **more)
    returned = {"application_id": id_, "reason": "amount_not_supported", "occurred_on": "2017-12-13"}
    desk.tell("relief", "ReturnApplication", **returned)
    desk.tell("relief", "ResubmitApplication", application_id=id_, amount_fen=FEN, occurred_on="2017-12-13")


def _aided_least(desk: Desk) -> list[str]:
    """Households with open files, those first that had the fewest grants this year."""
    granted = Counter(row["person_id"] for row in desk.ask("relief", "applications", size=200)["rows"])
    files = desk.ask("relief", "cases", size=200)["rows"]
    staying = [row["person_id"] for row in files if not row["exit_by"] and not row["membership_ended"]]
    return sorted(staying[1:], key=lambda person_id: granted[person_id])  # The first is the vice-chair's household.


def _account(word: str) -> dict[str, str]:
    return {"holder": "本人", "bank": "某银行广内支行", "account_number": f"62220000{len(word):08d}"}


def _consolation(desk: Desk) -> None:
    prepared = {"list_id": CONSOLATION, "occasion": "new_year", "fund_id": "consolation-own"}
    desk.tell("relief", "PrepareConsolationList", **prepared)
    for row in desk.ask("membership", "members", living=True, size=3)["rows"]:
        line = {"recipient": "front_line_worker", "amount_fen": 50_000, "in_goods": True}
        desk.tell("relief", "AddToConsolationList", list_id=CONSOLATION, recipient_id=row["person_id"], **line)


NAMES = ("欧阳晓", "司马宁", "诸葛安")
"""Those who come in with the roster: the first applied for a card, the others have none."""


def _members(desk: Desk) -> None:
    desk.tell("membership", "OpenImport", import_id=IMPORT, file_sha256="0" * 64, rows=len(NAMES))
    for number, name in enumerate(NAMES, start=1):
        joined = {"name": name, "identity_number": identity_number(number, "19690115"), "union_id": UNION}
        desk.tell("membership", "JoinMember", import_id=IMPORT, **joined)
    desk.tell("membership", "ConfirmImport", import_id=IMPORT)
    desk.home.settle()
    desk.tell("membership", "ApplyForCard", person_id=member(desk.home, 1))


def _accounts(desk: Desk) -> None:
    for account_name, name in ((NEWCOMER, "新来的同事"), (RECOVERED, "换了手机的同事")):
        desk.tell("access", "RegisterPerson", person_id=account_name, name=name)
        desk.tell("access", "GrantRole", person_id=account_name, role="clerk")
        opened = {"account_name": account_name, "first_password": FIRST_PASSWORD}
        desk.tell("access", "OpenAccount", person_id=account_name, **opened)
    own = desk.identity(RECOVERED, "clerk")
    desk.tell("access", "ChangePassword", by=own, old=FIRST_PASSWORD, new=PASSWORD)
    _enrol(desk, own)
    desk.tell("access", "WaiveSecondFactor", person_id=RECOVERED, ground="手机丢了")
    _enrol(desk, own)
    days = {"valid_from": DAY.isoformat(), "valid_to": "2018-01-31"}
    desk.tell("access", "NameStandIn", person_id=DEPUTY, role="station_head", **days)
    known = {"client_id": SYSTEM, "name": "市工会数据平台", "secret_hash": "0" * 64, "scopes": "reporting.read"}
    desk.tell("access", "RegisterSystem", **known)


def _enrol(desk: Desk, own: str) -> None:
    home = desk.home.home
    home.set_clock(home.clock() + A_MINUTE)
    enrolled = {"person_id": RECOVERED, "secret": SECRET, "code": pyotp.TOTP(SECRET).at(home.clock())}
    desk.tell("access", "EnrolSecondFactor", by=own, **enrolled)
