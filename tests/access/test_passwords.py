"""Passwords cost what they should, take no longer for a known name, and freeze no process."""

import re
import subprocess
import sys
from itertools import count
from pathlib import Path

import orjson
import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select

from lastmile.kernel.store.commands import answered_commands
from lastmile.kernel.store.execution import WorkPlace
from services.access import passwords
from tests.access.door import OWN, Door

ROOT = Path(__file__).parents[2]


@pytest.fixture
def quick_hashes() -> None:
    """Here hashes cost what they cost."""


def place(door: Door) -> WorkPlace:
    return door.access.executor.work_place


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own(door: Door) -> None:
    one, other = (passwords.hashed(place(door), "the same words") for _ in range(2))
    assert one != other
    assert re.match(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$", one)
    assert passwords.fits(place(door), one, "the same words")
    assert not passwords.fits(place(door), one, "other words")
    assert not passwords.fits(place(door), "no hash", "the same words")


def test_what_is_checked_for_nobody_costs_the_same_and_fits_no_password(door: Door) -> None:
    assert not PasswordHasher().check_needs_rehash(passwords.NOBODYS)
    assert not passwords.fits(place(door), None, "abcdefghij")


def test_of_what_was_typed_no_quick_hash_stays_beside_the_slow_one(door: Door) -> None:
    """The hash by which a repeat is known is quick; it would undo what argon2id is for."""
    door.settled()
    before = door.numbers
    hashes = []
    for password in (OWN, "a wrong one"):
        door.numbers = count(1_000)
        answer = door.knock(password=password, session_id="same")[0]
        with door.access.database.read() as connection:
            query = select(answered_commands.c.body_hmac).where(answered_commands.c.command_id == "SignIn:1000")
            hashes.append((answer, connection.execute(query).scalar_one()))
    door.numbers = before
    assert hashes == [hashes[0]] * 2
    assert hashes[0][0] == "SignedIn"


def test_an_unknown_name_is_checked_as_long_as_a_known_one(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes the time is one argon2 check, as costly for nobody as for somebody."""
    door.settled()
    checked: list[str] = []

    def checking(kept: str, _: str) -> bool:
        checked.append(kept)
        return False

    monkeypatch.setattr(passwords, "_fits", checking)
    for number, name in enumerate(("li", "nobody")):
        door.knock(name, "a wrong one", address=f"192.0.2.{number}")
    known, unknown = map(extract_parameters, checked)
    assert known == unknown
    assert checked[0] != checked[1] == passwords.NOBODYS


def test_a_sign_in_freezes_no_green_process(database_url: str, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.access.green", database_url, str(tmp_path)]
    run = subprocess.run(program, cwd=ROOT, capture_output=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr.decode()
    turns = orjson.loads(run.stdout)
    assert turns["aside"] > 0
    assert turns["in_the_way"] == 0
