"""Personal data goes through the three journeys over all processes, and is then looked for everywhere."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import amqp
import psycopg2
import pytest
from sqlalchemy import make_url

from deploy.native import Postgres, Rabbit
from lastmile.kernel.wire.broker import NEWS, broker_channel
from lastmile.settings import SERVICES
from tests.eventually import eventually
from tests.hostile.canaries import ACCOUNT, CANARIES, NAMES, NUMBERS, PHONE, canaries_in, files, found, tables
from tests.hostile.canary_journeys import STORED, Walked, journeys, tapped
from tests.hostile.stationed import STATION
from tests.system.conftest import MakeDeployment

IN_CLEAR: dict[str, set[str]] = {
    "membership members": set(NAMES),
    "membership found_by": set(NAMES),
}
"""Names may stand in membership's own views, for search. Numbers, telephones, accounts, illness: nowhere."""


@pytest.fixture(scope="module")
def walked(make_deployment: MakeDeployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    with journeys(make_deployment(), tmp_path_factory.mktemp("canary"), tmp_path_factory.mktemp("files")) as left:
        yield left


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
    assert {name for name, _ in said} >= {"gateway.log", *(f"{name}.log" for name in SERVICES)}
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
        lambda text: base64.b64encode(b"ab" + text.encode() + b"cde"),
        lambda text: base64.urlsafe_b64encode(b"abc" + text.encode() + b"c"),
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
        channel.basic_publish(amqp.Message(NAMES[0].encode()), NEWS, f"{STATION}.relief.Planted")
    heard: dict[str, set[str]] = {}
    eventually(lambda: heard.update(found(tapped(uri))) or heard)
    assert heard == {f"{STATION}.relief.Planted": {NAMES[0]}}
