"""Personal data goes through the three journeys over all processes, and is then looked for everywhere."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import make_url

from deploy.native import Postgres, Rabbit
from lastmile.kernel.wire.broker import DEAD, NEWS, broker_channel
from tests.browser import test_from_roster_to_card as roster_journey
from tests.browser import test_the_auditors_question as auditors_journey
from tests.browser import test_warmth_giving as warmth_journey
from tests.browser.crawling import crawl
from tests.browser.watching import Watch
from tests.eventually import eventually
from tests.hostile.canaries import ACCOUNT, CANARIES, ILLNESS, NAMES, NUMBERS, PHONE, canaries_in, files, found, tables
from tests.hostile.stationed import STATION, UNION, Stationed
from tests.system.conftest import MakeDeployment

BEGUN = date(2018, 1, 8)
TAP = "canary.tap"

IN_CLEAR: dict[str, set[str]] = {
    "membership members": set(NAMES),
    "membership name_pieces": set(NAMES),
}
"""Names may stand in membership's own views, for search. Numbers, telephones, accounts, illness: nowhere."""


@dataclass
class Walked:
    """What the journeys left behind."""

    station: Stationed
    messages: list[tuple[str, bytes]] = field(default_factory=list)
    kept_by_browsers: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[tuple[str, bytes]] = field(default_factory=list)
    """What was handed to people without the right to it, and what was said of mistakes."""


@pytest.fixture(scope="module")
def walked(make_deployment: MakeDeployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    deployment = make_deployment()
    amqp_uri = deployment.environment["LASTMILE_AMQP_URI"]
    with broker_channel(amqp_uri) as channel, sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        channel.queue_declare(TAP, auto_delete=False)
        channel.queue_bind(TAP, NEWS, "#")
        channel.queue_bind(TAP, DEAD)
        station = Stationed(deployment, tmp_path_factory.mktemp("canary"), playwright, BEGUN)
        try:
            left = Walked(station)
            patch.setattr(warmth_journey, "ACCOUNT", ACCOUNT)
            walk(left, tmp_path_factory.mktemp("files"))
            deployment.settle()
            while message := channel.basic_get(TAP, no_ack=True):
                head = json.dumps([message.delivery_info, message.properties], default=str)
                left.messages.append((message.delivery_info["routing_key"], head.encode() + bytes(message.body)))
            yield left
        finally:
            station.close()


def walk(left: Walked, downloads: Path) -> None:
    """The three journeys, pages walked by whoever may, and what others ask without the right."""
    station = left.station
    from_roster_to_card(station, downloads)
    warmth_giving(station, downloads)
    the_auditors_question(station, downloads)
    for role in ("clerk", "district_auditor"):
        page = station.person(role).page
        for _ in crawl(page, station, "/"):  # type: ignore[arg-type]  # All that it asks of a site.
            pass
    ask_without_the_right(left)
    make_mistakes(left)
    for role, context in station.browsers().items():
        page = context.pages[-1]
        left.kept_by_browsers.append((f"{role} storage", page.evaluate(STORED).encode()))
        left.kept_by_browsers.append((f"{role} cookies", json.dumps(context.cookies()).encode()))
    station.close_browsers()
    left.kept_by_browsers += files(station.place / "profiles")


STORED = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, document.cookie,
  await indexedDB.databases(), await caches.keys(),
])"""


def from_roster_to_card(station: Stationed, downloads: Path) -> None:
    today = BEGUN.isoformat()
    union = {"union_id": UNION, "name": "工会", "kind": "single", "community": "c", "occurred_on": "2017-01-01"}
    station.tell("membership", "RegisterUnion", station.identity("clerk"), **union)
    clerk = station.person("clerk")
    roster_journey._bring_in(clerk, [(NAMES[0], NUMBERS[0], UNION), ("写错了", NUMBERS[1][:-1], UNION)], downloads)
    clerk.open("/members/join")
    clerk.send(name=NAMES[1], identity_number=NUMBERS[1], union_id=UNION, phone=PHONE, occurred_on=today)
    for text in (NAMES[0], "oycwj", NUMBERS[0][-4:]):
        clerk.open(f"/members?text={text}")
        clerk.sees(NAMES[0])
    clerk.main.locator('input[name="selected"]').first.check()
    clerk.main.get_by_role("button", name="申请办卡").first.click()
    clerk.page.wait_for_load_state()
    clerk.main.locator("form .ways button").first.click()
    clerk.page.wait_for_load_state()
    _, row = roster_journey.sheet(clerk, clerk.main.get_by_role("button", name="导出申请表"), downloads)
    assert NUMBERS[0] in row, "the list for the bank has it, for the clerk alone"


def warmth_giving(station: Stationed, downloads: Path) -> None:
    watch = Watch(station.gateway.url.removeprefix("http://"))
    warmth_journey.test_from_the_file_to_the_line_that_is_paid_again(
        station.person,
        station,
        watch,
        downloads,
        javascript=True,  # type: ignore[arg-type]
    )
    clerk = station.person("clerk")
    clerk.open("/households/find")
    clerk.main.locator("tbody a").last.click()
    clerk.page.wait_for_load_state()
    on = (BEGUN + timedelta(days=7)).isoformat()
    clerk.send(category="deep", persons="3", illness=ILLNESS, family="", occurred_on=on)


def the_auditors_question(station: Stationed, downloads: Path) -> None:
    page: Page = station.person("district_auditor").page
    page.goto(f"/stations/{STATION}/report?year=2018&as_of=2018-01-31")
    page.locator("main .figures a").first.click()
    page.wait_for_load_state()
    page.goto(f"/stations/{STATION}/logs")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载").first.click()
    place = downloads / "evidence"
    place.mkdir()
    auditors_journey.checked_away(Path(download.value.path()), place)


def ask_without_the_right(left: Walked) -> None:
    """Lists, records and logs as people see them who may read and not see personal data."""
    station = left.station
    for role in ("district_auditor", "accountant", "administrator"):
        with station.rest(role) as client:
            for question in ("members", "unions", "cards", "card-applications"):
                asked = client.get(f"/api/v1/stations/{STATION}/membership/{question}")
                left.answers.append((f"{role} {question}", asked.content))
            for service in ("membership", "relief", "access"):
                asked = client.get(f"/api/v1/logs/{STATION}/{service}/entries?limit=1000")
                left.answers.append((f"{role} {service} log", asked.content))
    page = station.person("district_auditor").page
    for path in ("members", "households", "applications"):
        page.goto(f"/stations/{STATION}/{path}")
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV").click()
        left.answers.append((f"district_auditor {path} export", Path(download.value.path()).read_bytes()))


def make_mistakes(left: Walked) -> None:
    """What is sent with personal data in it and is refused, and what those who run it are told."""
    station = left.station
    person = {"name": NAMES[0], "identity_number": NUMBERS[0], "phone": PHONE}
    joined = {**person, "union_id": UNION, "occurred_on": BEGUN.isoformat()}
    at = f"/api/v1/stations/{STATION}/membership/member:join-member"
    with station.rest("clerk") as client:
        for number, body in enumerate(
            (
                joined,
                {**joined, "union_id": NUMBERS[0]},
                {**joined, NUMBERS[1]: 1},
                {**joined, "phone": [PHONE]},
                person,
            )
        ):
            asked = client.post(at, json=body, headers={"Idempotency-Key": f"mistake-{number}"})
            assert asked.status_code in (409, 422), asked.text
            if number == 0:
                left.answers.append(("refusal", asked.content))
        for path in (f"/{NUMBERS[0]}", f"/api/v1/stations/{STATION}/membership/members/{NUMBERS[0]}"):
            client.get(path)
        client.get(f"/api/v1/stations/{STATION}/membership/members", params={"text": NUMBERS[0], "sort": PHONE})
    services = [url for name, url in station.deployment.environment.items() if url.startswith("http://")]
    for url in (station.url, *services):
        for path in ("/metrics", "/ready", "/health"):
            left.answers.append((f"{url}{path}", station.gateway.client.get(f"{url}{path}").content))


def logs_of(walked: Walked, postgres: Postgres, rabbit: Rabbit) -> Iterator[tuple[str, bytes]]:
    """What programs said: services, gateway, and the servers where they are our own."""
    yield from ((name, data) for name, data in files(walked.station.deployment.home.path) if name.endswith(".log"))
    yield from ((name, data) for name, data in files(walked.station.place) if name == "gateway.log")
    for server in (postgres, rabbit):
        if place := getattr(server, "directory", None):
            yield from ((name, data) for name, data in files(place) if name.endswith(".log"))


def databases_of(walked: Walked) -> dict[str, str]:
    ends = {"_DATABASE_URL": "", "_KEYSTORE_URL": " keys"}
    return {
        f"{name.removeprefix('LASTMILE_').removesuffix(end).lower()}{kind}": url
        for name, url in walked.station.deployment.environment.items()
        for end, kind in ends.items()
        if name.endswith(end)
    }


def rows_of(walked: Walked) -> Iterator[tuple[str, bytes]]:
    for database, url in databases_of(walked).items():
        yield from ((f"{database} {table}", rows) for table, rows in tables(url))


def test_names_stand_in_clear_in_memberships_own_views_and_nothing_else_in_any_database(walked: Walked) -> None:
    assert len(databases_of(walked)) == 9
    assert found(rows_of(walked)) == IN_CLEAR


def test_no_program_says_them(walked: Walked, postgres: Postgres, rabbit: Rabbit) -> None:
    said = list(logs_of(walked, postgres, rabbit))
    assert {name for name, data in said if data} >= {"gateway.log"}
    assert found(said) == {}


def test_no_message_carries_them(walked: Walked) -> None:
    assert {key.split(".")[2] for key, _ in walked.messages} >= {
        "MemberJoined",
        "CaseOpened",
        "GrantPaid",
        "PayeeRecorded",
    }
    assert found(walked.messages) == {}


def test_no_browser_keeps_them(walked: Walked) -> None:
    kept = found(walked.kept_by_browsers)
    assert {place for place, canaries in kept.items() if canaries - set(NAMES)} == set()


def test_nobody_without_the_right_is_handed_them(walked: Walked) -> None:
    assert len(walked.answers) > 20
    assert found(walked.answers) == {}


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize(
    "written",
    [
        lambda text: f'{{"name": "{text}"}}'.encode(),
        lambda text: json.dumps(text).encode(),
        lambda text: f"/members?text={quote(text)}&page=1".encode(),
        lambda text: f"begins {text} ends".encode("utf-16-le"),
        lambda text: text.encode().hex().upper().encode(),
        lambda text: __import__("base64").b64encode(b"ab" + text.encode() + b"cde"),
        lambda text: __import__("base64").urlsafe_b64encode(b"abc" + text.encode() + b"c"),
    ],
)
def test_the_same_search_finds_one_however_it_is_written(canary: str, written: Callable[[str], bytes]) -> None:
    assert canary in canaries_in(b"before " + written(canary) + b" after")


def test_the_same_search_finds_one_that_is_put_there(
    walked: Walked, postgres: Postgres, rabbit: Rabbit, tmp_path: Path
) -> None:
    """The control: in a log, in a database, in a message, in a browser."""
    station = walked.station
    (log,) = station.deployment.home.path.rglob("relief.log")
    before = log.read_bytes()
    log.write_bytes(before + NUMBERS[0].encode())
    assert found(logs_of(walked, postgres, rabbit)) == {"relief.log": {NUMBERS[0]}}
    log.write_bytes(before)
    url = make_url(databases_of(walked)["relief"]).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planted (data bytea)")
        cursor.execute("INSERT INTO planted VALUES (%s)", (ACCOUNT.encode(),))
        connection.commit()
        assert found(rows_of(walked)).pop("relief planted") == {ACCOUNT}
        cursor.execute("DROP TABLE planted")
    connection.close()
    page = station.person("clerk").page
    page.goto("/")
    page.evaluate(f"localStorage.setItem('planted', '{PHONE}')")
    assert canaries_in(page.evaluate(STORED).encode()) == {PHONE}
    page.goto(f"/stations/{STATION}/members?text={NUMBERS[1]}")
    station.close_browsers()
    assert any(NUMBERS[1] in there for there in found(files(station.place / "profiles")).values())


def test_the_tap_hears_what_is_said(walked: Walked) -> None:
    uri = walked.station.deployment.environment["LASTMILE_AMQP_URI"]
    with broker_channel(uri) as channel:
        channel.basic_publish(_message(NAMES[0]), NEWS, f"{STATION}.relief.Planted")
        heard: Any = eventually(lambda: channel.basic_get(TAP, no_ack=True))
    assert canaries_in(bytes(heard.body)) == {NAMES[0]}


def _message(text: str) -> Any:
    import amqp

    return amqp.Message(text.encode())
