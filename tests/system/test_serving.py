"""`lastmile serve`: a demo is marked and shows how to get in; a home made by `init` has nothing of that."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from examples.guangnei_2017.accounts import HOLDERS
from lastmile.demo import Demo, demo_of, keep_accounts, keep_systems
from lastmile.embedded import Embedded
from lastmile.home import Home
from lastmile.kernel.domain.identity import STATION_ROLES
from lastmile.serving import served, show_accounts
from lastmile.settings import LOG_SERVICES, read_settings
from lastmile.station import make_station
from tests.eventually import ANSWERED_WITHIN_SECONDS, eventually
from tests.prepared import copied

PRACTICE = "演练"
MOMENT = datetime(2018, 3, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Embedded]]:
    """A home made by `init`, served: its address and itself."""
    home = Embedded(read_settings({}, home=tmp_path_factory.mktemp("real") / "home"))
    make_station(home, "110102017", "张三丰")
    with served(home) as running:
        yield running.url, home
    home.close()


@pytest.fixture(scope="module")
def demo(year_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Embedded]]:
    """The demo's home, served: its address and itself."""
    home = Embedded(read_settings({}, home=copied(year_home, tmp_path_factory.mktemp("demo") / "home")))
    with served(home) as running:
        yield running.url, home
    home.close()


def report(home: Embedded) -> dict[str, Any]:
    return home.reporting.report("110102017", 2017)


def test_full_segments_of_the_journal_are_sealed_while_people_work_and_the_report_stays_the_same(
    year_home: Path, tmp_path: Path
) -> None:
    home = Embedded(read_settings({}, home=copied(year_home, tmp_path / "home")))
    with closing(home):
        home.settle()
        before = report(home)
        home.reporting.segment_size = 1_024
        with served(home):
            eventually(lambda: any(home.reporting.archive.directory.rglob("*.parquet")), describe="a sealed segment")
            eventually(lambda: home.reporting.seal() == 0)
        assert report(home) == before


def test_it_ends_with_every_thread_of_its_own_though_a_browser_keeps_its_connection(tmp_path: Path) -> None:
    home = Embedded(read_settings({}, home=tmp_path / "home"))
    before = set(threading.enumerate())
    with closing(home), httpx.Client() as browser:
        with served(home) as running:
            assert browser.get(f"{running.url}/health", timeout=ANSWERED_WITHIN_SECONDS).is_success
        assert {thread.name for thread in set(threading.enumerate()) - before} == set()


def set_the_date(url: str) -> httpx.Response:
    with httpx.Client(base_url=url, timeout=ANSWERED_WITHIN_SECONDS) as browser:
        page = browser.get("/sign-in").text
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        return browser.post("/practice-date", data={"csrf_token": token, "date": "2018-03-05", "back": "/sign-in"})


def test_a_real_home_shows_no_mark_no_account_and_no_date_to_set(real: tuple[str, Embedded]) -> None:
    url, home = real
    page = httpx.get(f"{url}/sign-in", timeout=ANSWERED_WITHIN_SECONDS).text
    assert PRACTICE not in page
    assert 'type="date"' not in page
    before = home.home.clock()
    assert set_the_date(url).status_code == 404
    assert abs((home.home.clock() - before).total_seconds()) < 60


def test_nothing_of_a_demo_can_be_done_to_a_real_home(real: tuple[str, Embedded]) -> None:
    home: Home = real[1].home
    assert demo_of(home) is None
    with pytest.raises(PermissionError):
        Demo(home)
    with pytest.raises(PermissionError):
        keep_accounts(home, [])
    with pytest.raises(PermissionError):
        keep_systems(home, [])
    with pytest.raises(PermissionError):
        home.set_clock(MOMENT, running=True)


def test_a_demo_says_so_on_its_page_and_shows_how_to_get_in(
    demo: tuple[str, Embedded], capsys: pytest.CaptureFixture[str]
) -> None:
    page = httpx.get(f"{demo[0]}/sign-in", timeout=ANSWERED_WITHIN_SECONDS).text
    assert PRACTICE in page
    known = Demo(demo[1].home)
    show_accounts(known)
    said = capsys.readouterr().err
    for account in known.accounts():
        assert account["password"] in page
        assert account["account_name"] in page
        assert f"{account['account_name']} " in said
    (system,) = known.systems()
    assert f"{system.client_id} " in said
    assert system.client_secret in said


def test_the_demo_can_be_tried_in_every_role_that_there_is_at_a_station(demo: tuple[str, Embedded]) -> None:
    known = Demo(demo[1].home)
    signs_in = {*(account["role"] for account in known.accounts()), *(system.role for system in known.systems())}
    assert signs_in == {*HOLDERS.values()} | {"city_system"} == set(STATION_ROLES)


def test_the_demos_system_reads_every_log_and_the_figures_over_rest_and_no_list(demo: tuple[str, Embedded]) -> None:
    url, home = demo
    (system,) = Demo(home.home).systems()
    asked = {"grant_type": "client_credentials", "client_id": system.client_id, "client_secret": system.client_secret}
    with httpx.Client(base_url=f"{url}/api/v1", timeout=ANSWERED_WITHIN_SECONDS) as client:
        token = client.post("/oauth/token", data=asked).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for service in LOG_SERVICES:
            assert client.get(f"/logs/{system.station}/{service}/entries?limit=1").status_code == 200
        assert client.get(f"/stations/{system.station}/reporting/report?year=2017").status_code == 200
        assert client.get(f"/stations/{system.station}/membership/members").status_code == 403


def test_the_date_of_a_demo_is_set_by_its_page_and_its_clock_goes_on_from_there(demo: tuple[str, Embedded]) -> None:
    assert set_the_date(demo[0]).status_code == 303
    clock = demo[1].home.clock
    first = clock()
    assert f"{first:%Y-%m-%d}" in {"2018-03-04", "2018-03-05"}
    assert clock() > first
