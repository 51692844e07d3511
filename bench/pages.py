"""Pages of the console as ten people use them at once while a system writes, with 100,000 members beside the year."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count, cycle, islice
from pathlib import Path
from random import Random
from statistics import quantiles
from threading import Event

import httpx

from bench.measure import Bar, Row
from bench.place import Place
from bench.started import wait_until_alive
from deploy.native.guard import free_ports
from examples.guangnei_2017.people import GIVEN, SURNAMES, check_digit
from lastmile.demo import Demo
from lastmile.embedded import Embedded
from lastmile.home import Home
from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from lastmile.settings import read_settings

STATION, YEAR = "110102017", 2017
USERS = 10
THINKING_SECONDS = (0.3, 0.7)
"""How long a person looks at a page before asking for the next one."""

WRITING_EVERY_SECONDS = 2.0
"""How often meanwhile a member more is entered: a report that was kept is then computed anew."""

ROWS_TOGETHER, WRITTEN_FROM = 2_000, 1_000_000
PAGES: Mapping[str, tuple[Bar, tuple[str, ...]]] = {
    "list pages": (
        Bar(150, of="ours", least=False),
        ("/members", "/members?page=7&sort=-since", "/members?living=true&sort=birth_year", "/applications"),
    ),
    "search pages": (
        Bar(150, of="ours", least=False),
        ("/members?text=王安", "/members?text=zhangwei", "/members?text=ljh", "/members?text=4417"),
    ),
    "the report page": (
        Bar(300, of="ours", least=False),
        (
            f"/report?year={YEAR}",
            *(f"/report?year={YEAR}&as_of={YEAR}-{quarter_end}" for quarter_end in ("03-31", "06-30", "09-30")),
        ),
    ),
}


def rows(place: Place) -> list[Row]:
    """The 95th percentile of each kind of page, in each repetition."""
    home = _filled(place, place.of(100_000, 5_000))
    each = place.of(30, 6)
    with _served(home) as url, ThreadPoolExecutor(USERS) as people:
        clients = list(people.map(lambda number: _signed_in(url, home, number), range(USERS)))
        found: dict[str, list[float]] = {}
        with _written_to(url, home):
            for repetition in range(place.repetitions):
                for what, (_, paths) in PAGES.items():
                    seconds = [
                        took
                        for one in people.map(lambda user, p=paths, r=repetition: _used(user, p, each, r), clients)
                        for took in one
                    ]
                    found.setdefault(what, []).append(1_000 * quantiles(seconds, n=20)[-1])
        for client in clients:
            client.close()
    members = f"{place.of(100_000, 5_000):,} members more"
    return [
        Row(what=f"95th percentile of {what}, {USERS} people, {members}", unit="ms", ours=found[what], bar=bar)
        for what, (bar, _) in PAGES.items()
    ]


def _filled(place: Place, members: int) -> Path:
    """A demo home with the year carried through, and so many members more."""
    home = place.directory("pages")
    home.rmdir()
    environment = os.environ | {"LASTMILE_HOME": str(home)}
    command = [sys.executable, "-m", "examples.guangnei_2017"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with closing(Embedded(read_settings({"LASTMILE_HOME": str(home)}))) as opened:
        clerk = Identity("bench", Role.CLERK, STATION, "9999-12-31T00:00:00Z")
        token = sign_identity(clerk, opened.home.identity_key())
        asked = {"page": 1, "size": 200}
        unions = [row["union_id"] for row in opened.calls.ask("membership", STATION, "unions", asked, token)["rows"]]
        numbered = zip(range(members), cycle(unions), strict=False)
        while part := list(islice(numbered, ROWS_TOGETHER)):
            bodies = [(f"bench:{number}", member(number, union)) for number, union in part]
            outcomes = opened.calls.tell("membership", STATION, "RegisterMember", bodies, token)
            assert all(outcome["status"] == "done" for outcome in outcomes), outcomes[0]
        opened.settle()
    return home


def member(number: int, union_id: str) -> dict[str, str]:
    """An invented person, another for each number."""
    dice = Random(number)
    name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2))))
    first = f"990102{1950 + number % 50}{1 + number % 12:02d}{1 + number % 28:02d}{number // 300 % 1_000:03d}"
    return {
        "union_id": union_id,
        "name": name,
        "identity_number": first + check_digit(first),
        "employment": "in_service",
        "occurred_on": f"{YEAR}-01-01",
    }


@contextmanager
def _served(home: Path) -> Iterator[str]:
    """The home served by `lastmile serve`, answering: its address."""
    (port,) = free_ports(1)
    address = f"127.0.0.1:{port}"
    environment = os.environ | {"LASTMILE_HOME": str(home), "LASTMILE_HTTP_ADDRESS": address}
    command = [sys.executable, "-c", "from lastmile.cli import main; main()", "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until_alive(address, "the console")
            yield f"http://{address}"
        finally:
            process.kill()


@contextmanager
def _written_to(url: str, home: Path) -> Iterator[None]:
    """Until the block ends, a member is entered over REST every so often."""
    account, over = _clerk(home), Event()
    with httpx.Client(base_url=f"{url}/api/v1", timeout=60) as client, ThreadPoolExecutor(1) as writer:
        typed = {"station": STATION, "account_name": account["account_name"], "password": account["password"]}
        opened = client.post("/sessions", json=typed, headers={"Idempotency-Key": "bench"}).raise_for_status()
        client.headers["Authorization"] = f"Bearer {opened.json()['token']}"
        unions = client.get(f"/stations/{STATION}/membership/unions").raise_for_status().json()["rows"]

        def write() -> None:
            for number in count(WRITTEN_FROM):
                if over.wait(WRITING_EVERY_SECONDS):
                    return
                path, key = f"/stations/{STATION}/membership/member:register-member", f"bench-{number}"
                body = member(number, unions[0]["union_id"])
                client.post(path, json=body, headers={"Idempotency-Key": key}).raise_for_status()

        writing = writer.submit(write)
        try:
            yield
        finally:
            over.set()
            writing.result()


def _clerk(home: Path) -> Mapping[str, str]:
    return next(one for one in Demo(Home(home)).accounts() if one["role"] == "clerk" and one["station"] == STATION)


def _signed_in(url: str, home: Path, number: int) -> httpx.Client:
    """A browser with a session of the demo's clerk."""
    account = _clerk(home)
    client = httpx.Client(base_url=url, follow_redirects=True, timeout=60)
    hidden = _hidden(client, "/sign-in", "csrf_token", "command_id")
    typed = {"station": STATION, "account_name": account["account_name"], "password": account["password"]}
    answer = client.post("/sign-in", data=hidden | typed)
    assert "/sign-in" not in str(answer.url), f"user {number} could not sign in: {answer.status_code}"
    return client


def _hidden(client: httpx.Client, path: str, *names: str) -> dict[str, str]:
    """What stands hidden under these names in the forms of a page."""
    page = client.get(path).text
    return {name: page.partition(f'name="{name}" value="')[2].partition('"')[0] for name in names}


def _asked(client: httpx.Client, path: str, hidden: Mapping[str, str]) -> httpx.Response:
    """A page by its address; what is searched for is sent in the form, which leads on to the page."""
    address, _, text = f"/stations/{STATION}{path}".partition("?text=")
    return client.post(f"{address}/searched", data={**hidden, "text": text}) if text else client.get(address)


def _used(client: httpx.Client, paths: tuple[str, ...], each: int, seed: int) -> list[float]:
    """How long each of so many pages took, asked for as a person does."""
    dice, took = Random(f"{seed} {id(client)}"), []
    hidden = _hidden(client, f"/stations/{STATION}/members", "csrf_token")
    for path in islice(cycle(dice.sample(paths, len(paths))), each):
        time.sleep(dice.uniform(*THINKING_SECONDS))
        started = time.perf_counter()
        answer = _asked(client, path, hidden)
        took.append(time.perf_counter() - started)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        assert ("?text=" in path) is ("text=~" in str(answer.url)), f"{path} led to {answer.url}"
    return took
