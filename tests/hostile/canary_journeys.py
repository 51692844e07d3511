"""The three journeys over all processes, with personal data that nobody else has, and what they leave behind."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from lastmile.kernel.wire.broker import DEAD, NEWS, broker_channel
from tests.browser import test_from_roster_to_card as roster_journey
from tests.browser import test_the_auditors_question as auditors_journey
from tests.browser import test_warmth_giving as warmth_journey
from tests.browser.crawling import crawl
from tests.browser.watching import Watch
from tests.hostile.canaries import ACCOUNT, ILLNESS, NAMES, NUMBERS, PHONE, files
from tests.hostile.stationed import STATION, UNION, Stationed
from tests.system.forking import ForkedDeployment

WAY = "scripts"
BEGUN = warmth_journey.BEGUN[WAY]
TAP = "canary.tap"
STORED = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, document.cookie,
  await indexedDB.databases(), await caches.keys(),
])"""
"""What a page can keep in a browser."""


@dataclass
class Walked:
    """What the journeys left behind."""

    station: Stationed
    messages: list[tuple[str, bytes]] = field(default_factory=list)
    kept_by_browsers: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[tuple[str, bytes]] = field(default_factory=list)
    """What was handed to people without the right to it, and what was said of mistakes."""


@contextmanager
def journeys(deployment: ForkedDeployment, place: Path, downloads: Path) -> Iterator[Walked]:
    """Go the journeys with a tap on the broker; the processes run on until the end, for whoever looks at them."""
    amqp_uri = deployment.environment["LASTMILE_AMQP_URI"]
    with broker_channel(amqp_uri) as channel:
        channel.queue_declare(TAP, auto_delete=False)
        channel.queue_bind(TAP, NEWS, "#")
        channel.queue_bind(TAP, DEAD)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        station = Stationed(deployment, place, playwright, BEGUN)
        try:
            left = Walked(station)
            patch.setattr(warmth_journey, "ACCOUNT", ACCOUNT)
            walk(left, downloads)
            deployment.settle()
            left.messages += tapped(amqp_uri)
            yield left
        finally:
            station.close()


def tapped(amqp_uri: str) -> Iterator[tuple[str, bytes]]:
    """Every message since the tap was bound, with all that stands around its body."""
    with broker_channel(amqp_uri) as channel:
        while message := channel.basic_get(TAP, no_ack=True):
            head = json.dumps([message.delivery_info, message.properties], default=str)
            yield message.delivery_info["routing_key"], head.encode() + bytes(message.body)


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


def from_roster_to_card(station: Stationed, downloads: Path) -> None:
    today = BEGUN.isoformat()
    union = {"union_id": UNION, "name": "工会", "kind": "single", "community": "c", "occurred_on": "2017-01-01"}
    station.tell("membership", "RegisterUnion", station.identity("clerk"), **union)
    clerk = station.person("clerk")
    roster_journey._bring_in(clerk, [(NAMES[0], NUMBERS[0], UNION), ("写错了", NUMBERS[1][:-1], UNION)], downloads)
    clerk.open("/members/join")
    clerk.send(name=NAMES[1], identity_number=NUMBERS[1], union_id=UNION, phone=PHONE, occurred_on=today)
    for text in (NAMES[0], "oycwj", NUMBERS[0][-4:], NUMBERS[0]):
        clerk.search(text)
        clerk.sees(NAMES[0])
    search_over_rest(station)
    clerk.main.locator('input[name="selected"]').first.check()
    clerk.main.get_by_role("button", name="申请办卡").first.click()
    clerk.page.wait_for_load_state()
    clerk.main.locator("form .ways button").first.click()
    clerk.page.wait_for_load_state()
    _, row = roster_journey.sheet(clerk, clerk.main.get_by_role("button", name="导出申请表"), downloads)
    assert NUMBERS[0] in row, "the list for the bank has it, for the clerk alone"


def search_over_rest(station: Stationed) -> None:
    """What REST finds by what stands in a body."""
    with station.rest("clerk") as client:
        for text in (NAMES[0], NUMBERS[0], NUMBERS[0][-4:]):
            asked = client.post(f"/api/v1/stations/{STATION}/membership/members:ask", json={"text": text})
            assert [row["name"] for row in asked.json()["rows"]] == [NAMES[0]], asked.text


def warmth_giving(station: Stationed, downloads: Path) -> None:
    watch = Watch(station.gateway.url.removeprefix("http://"))
    warmth_journey.test_from_the_file_to_the_line_that_is_paid_again(
        station.person,
        station,  # type: ignore[arg-type]
        watch,
        downloads,
        way=WAY,
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
