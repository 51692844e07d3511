"""A home with all services in this process, whose membership may stand on either kind of database."""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy import URL, make_url

from deploy.native.postgres import drop_database
from lastmile.embedded import Embedded
from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from lastmile.settings import read_settings
from lastmile.standing import standing
from lastmile.station import make_station
from tests.system.station import TODAY, identity_number

CODE = "110102017"


class TestedHome:
    """An embedded home that can be closed, restored from an older copy, and opened again."""

    __test__ = False

    def __init__(self, path: Path, **variables: str) -> None:
        self.asked = count(1)
        self.path, self._environment = path, {"LASTMILE_HOME": str(path), **variables}
        self.open()

    def open(self) -> None:
        self.home = Embedded(read_settings(self._environment))

    def close(self) -> None:
        self.home.close()

    def make_station(self) -> None:
        make_station(self.home, CODE, "张三丰")
        self.tell("membership", "RegisterUnion", union_id="union", name="工会", kind="single", community="c")

    def token(self) -> str:
        identity = Identity("head", Role.STATION_HEAD, CODE, "2099-01-01T00:00:00Z")
        return sign_identity(identity, self.home.home.identity_key())

    def tell(self, service: str, command: str, **body: Any) -> dict[str, Any]:
        return self.tell_all(service, command, [body])[0]

    def tell_all(self, service: str, command: str, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The station head asks one command with many bodies, dated TODAY unless they say otherwise; each is done."""
        rows = [(f"command-{next(self.asked)}", {"occurred_on": TODAY, **body}) for body in bodies]
        outcomes = self.home.calls.tell(service, CODE, command, rows, self.token())
        assert [outcome["problem"] for outcome in outcomes if outcome["status"] == "failed"] == []
        return [outcome["answer"] for outcome in outcomes]

    def enrol(self, *numbers: int, **more: Any) -> list[str]:
        """Register invented persons as members with cards; their person ids."""
        people = [
            {"union_id": "union", "name": f"李{n}", "identity_number": identity_number(n), **more} for n in numbers
        ]
        answers = self.tell_all("membership", "RegisterMember", people)
        persons = [str(answer["stream"]).rpartition("/")[2] for answer in answers]
        cards = [{"person_id": p, "card_number": f"card-{n}"} for p, n in zip(persons, numbers, strict=True)]
        self.tell_all("membership", "IssueCard", cards)
        return persons

    def entries(self, service: str) -> list[Entry]:
        found: list[bytes] = []
        while more := self.home.services[service].entries(f"{CODE}/{service}", len(found), 1_000):
            found += more
        return [Entry.from_bytes(data) for data in found]

    def stops(self) -> dict[tuple[str, str], dict[str, Any]]:
        """By service and follower."""
        return {(s["service"], s["follower"]): s for s in standing(self.home.composition)["stops"]}


def copy_sqlite(source: Path, target: Path) -> None:
    """The database as a file that nobody has open."""
    for suffix in ("", "-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
        if source.with_name(source.name + suffix).exists():
            shutil.copy(source.with_name(source.name + suffix), target.with_name(target.name + suffix))


def copy_postgresql(source: URL, target: URL) -> None:
    """`target` becomes a copy of `source`; whoever is still connected to either is disconnected."""
    server = source.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {target.database} WITH (FORCE)")
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (source.database,))
        cursor.execute(f"CREATE DATABASE {target.database} TEMPLATE {source.database}")
    connection.close()


def copier(url: str) -> tuple[Callable[[], None], Callable[[], None]]:
    """Two functions: to keep a copy of the database at this URL, and to restore it from that copy."""
    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        assert found.database
        here, kept = Path(found.database), Path(f"{found.database}.kept")
        return lambda: copy_sqlite(here, kept), lambda: copy_sqlite(kept, here)
    aside = found.set(database=f"{found.database}_kept")
    return lambda: copy_postgresql(found, aside), lambda: copy_postgresql(aside, found)


def drop_copy(url: str) -> None:
    """Remove what `copier` made on the server."""
    found = make_url(url)
    if found.get_backend_name() != "sqlite":
        drop_database(url, f"{found.database}_kept")
