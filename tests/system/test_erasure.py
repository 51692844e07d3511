"""A person is erased: what they were called can be read nowhere any more, and everything else stays as it was."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from lastmile.cli.verification import verify_home
from lastmile.kernel.domain.failures import Unavailable
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.keystore import erased_persons, person_keys
from lastmile.kernel.wire.health import Health
from lastmile.settings import LOG_SERVICES
from tests.sealed import sealed_of
from tests.system.embedded import CODE, TestedHome, copier, copy_sqlite, drop_copy
from tests.system.station import identity_number

NAME, CORRECTED, PHONE, CARD, ILLNESS = "司徒查无此", "司徒改名", "13999990017", "9900112233445566", "罕见的查无此病"
NUMBER = 7_777
CANARIES = (NAME, CORRECTED, PHONE, CARD, ILLNESS, identity_number(NUMBER))
OTHERS = 1_500
"""So many that the pages of the register were split and rearranged since the person was entered."""

IN_CLEAR = {"membership.db": {NAME, CORRECTED}}
"""Where personal data may stand in clear before it is erased: the names in membership's own views."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[TestedHome]:
    home = TestedHome(tmp_path / "home")
    home.make_station()
    yield home
    home.close()


def enter(home: TestedHome) -> str:
    """Enter the person among many others, in every service that hears of persons; the person id."""
    home.enrol(*range(OTHERS // 2))
    person = {"union_id": "union", "name": NAME, "identity_number": identity_number(NUMBER), "phone": PHONE}
    answer = home.tell("membership", "RegisterMember", **person)
    person_id = str(answer["stream"]).rpartition("/")[2]
    home.tell("membership", "CorrectMember", person_id=person_id, name=CORRECTED, phone=PHONE)
    home.tell("membership", "CorrectMember", person_id=person_id, name=NAME)
    home.tell("membership", "IssueCard", person_id=person_id, card_number=CARD)
    home.tell("relief", "OpenCase", person_id=person_id, category="deep", persons=2, illness=ILLNESS)
    home.enrol(*range(OTHERS // 2, OTHERS))
    plan = {"activity_id": "lecture", "title": "讲座", "kind": "lecture", "theme": "health", "by_card": True}
    home.tell("activities", "PlanActivity", **plan, places=10, planned_on="2017-03-20")
    home.tell("activities", "PublishActivity", activity_id="lecture")
    home.home.settle()
    home.tell("activities", "RecordSwipe", activity_id="lecture", card_number=CARD)
    home.tell("membership", "LeaveUnion", person_id=person_id)
    home.home.settle()
    return person_id


def erase(home: TestedHome, person_id: str) -> None:
    home.tell("membership", "ErasePerson", person_id=person_id, ground="本人要求")
    home.home.settle()


def readable(directory: Path) -> dict[str, set[str]]:
    """The canaries that stand in clear in each file under a directory; a database's log counts as the database."""
    found: dict[str, set[str]] = {}
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            there = {canary for canary in CANARIES if _spellings(canary) & _found(data, canary)}
            if there:
                name = path.name.removesuffix("-wal").removesuffix("-journal")
                found[name] = found.get(name, set()) | there
    return found


def _spellings(canary: str) -> set[bytes]:
    return {canary.encode(), canary.encode("utf-16-le"), json.dumps(canary)[1:-1].encode()}


def _found(data: bytes, canary: str) -> set[bytes]:
    return {spelling for spelling in _spellings(canary) if spelling in data}


def unsealed(home: TestedHome, person_id: str) -> list[str]:
    """Every sealed field of the person that still opens, over all services."""
    opened = []
    for name in LOG_SERVICES:
        service = home.home.services[name]
        for entry in home.entries(name):
            if entry.payload.get("person_id") == person_id:
                for field, purpose in sealed_of(service, entry.type).items():
                    if field in entry.payload:
                        keystore = service.resources.keystore
                        plain = keystore.unseal(person_id, purpose, entry.event_id, field, entry.payload[field])
                        opened += [] if plain is None else [f"{name} {entry.type}.{field}: {plain}"]
    return opened


def figures(home: TestedHome) -> dict[str, Any]:
    made = home.home.reporting.report(CODE, 2017)
    return {"figures": made["figures"], "logs": [log for log in made["logs"] if not log["log"].endswith("membership")]}


def test_before_any_erasure_names_stand_in_clear_in_memberships_own_database_alone(home: TestedHome) -> None:
    person_id = enter(home)
    assert len(unsealed(home, person_id)) == 8
    home.close()
    found = readable(home.path)
    assert NAME in found.pop("membership.db", set()) <= IN_CLEAR["membership.db"]
    assert found == {}


def test_who_was_erased_can_be_read_nowhere_while_logs_verify_and_figures_stay(home: TestedHome) -> None:
    person_id = enter(home)
    before, sealed = figures(home), unsealed(home, person_id)
    assert sealed
    erase(home, person_id)
    assert unsealed(home, person_id) == []
    assert home.home.services["membership"].resources.keystore.person_behind("identity number", CANARIES[-1]) is None
    assert figures(home) == before
    assert readable(home.path) == {}, "while the home is open"
    home.close()
    assert readable(home.path) == {}
    assert verify_home(home.home.composition, (), 1).holds
    home.open()


def test_every_one_of_many_erased_persons_is_gone_from_the_files(home: TestedHome) -> None:
    names = {f"欧阳难寻{number}号": number for number in range(9_000, 9_040)}
    persons = []
    for name, number in names.items():
        home.enrol(*range(number - 8_980 << 5, (number - 8_980 << 5) + 32))
        person = {"union_id": "union", "name": name, "identity_number": identity_number(number)}
        answer = home.tell("membership", "RegisterMember", **person)
        persons.append(str(answer["stream"]).rpartition("/")[2])
    for person_id in persons:
        home.tell("membership", "LeaveUnion", person_id=person_id)
        erase(home, person_id)
    home.close()
    data = {path.name: path.read_bytes() for path in home.path.rglob("*") if path.is_file()}
    left = {(file, name) for name in names for file, content in data.items() if name.encode() in content}
    assert left == set()
    home.open()


def test_a_key_store_restored_from_an_older_copy_erases_again_before_it_opens(home: TestedHome) -> None:
    person_id = enter(home)
    home.close()
    kept = {name: home.path / f"{name}.older" for name in ("membership-keys", "relief-keys")}
    for name, copy in kept.items():
        copy_sqlite(home.path / f"{name}.db", copy)
    home.open()
    erase(home, person_id)
    home.close()
    for name, copy in kept.items():
        copy_sqlite(copy, home.path / f"{name}.db")
        copy.unlink()
    restored = Database(f"sqlite:///{home.path / 'membership-keys.db'}")
    with restored.read() as connection:
        assert connection.execute(erased_persons.select()).all() == []
    restored.close()

    membership = home.home.composition.service("membership")
    unopened = membership.resources.keystore
    with pytest.raises(Unavailable, match="waits for the erasures"):
        unopened.keys([(person_id, "identity")])
    assert not Health(membership).readiness()["ready"]
    unopened.database.close()
    membership.database.close()

    home.open()
    assert Health(home.home.services["membership"]).readiness()["ready"]
    assert unsealed(home, person_id) == []
    home.close()
    assert readable(home.path) == {}
    home.open()


def test_keys_on_postgresql_are_gone_from_table_and_pages_and_stay_so_in_a_restored_copy(
    tmp_path: Path, postgres_database: str
) -> None:
    home = TestedHome(tmp_path / "home", LASTMILE_MEMBERSHIP_KEYSTORE_URL=postgres_database)
    keep, put_back = copier(postgres_database)
    try:
        home.make_station()
        (person_id,) = home.enrol(1)
        home.tell("membership", "LeaveUnion", person_id=person_id)
        home.close()
        keep()
        home.open()
        pages = _pages(postgres_database)
        assert _keys_of(postgres_database, person_id) == 2
        erase(home, person_id)
        assert _keys_of(postgres_database, person_id) == 0
        assert _pages(postgres_database) != pages, "the table was not written anew"
        home.close()
        put_back()
        assert _keys_of(postgres_database, person_id) == 2
        home.open()
        assert _keys_of(postgres_database, person_id) == 0
    finally:
        home.close()
        drop_copy(postgres_database)


def _keys_of(url: str, person_id: str) -> int:
    with closing(Database(url, pooled=False)) as database, database.read() as connection:
        query = select(func.count()).where(person_keys.c.person_id == person_id)
        return connection.execute(query).scalar_one()


def _pages(url: str) -> int:
    """Which file of the server holds the table of keys."""
    with closing(Database(url, pooled=False)) as database, database.read() as connection:
        return int(connection.exec_driver_sql("SELECT pg_relation_filenode('person_keys')").scalar_one())
