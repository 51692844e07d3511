"""A station made, looked at, verified and tampered with, from the command line."""

import json
import re
from pathlib import Path

import pytest

from lastmile.embedded import Embedded
from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.log import REFUSE_CHANGES, TRIGGERS
from lastmile.settings import read_settings
from tests.cli.conftest import STATION, Run


def test_a_station_is_made_once(at_home: Run, home: Path) -> None:
    before = _keys(home)
    said = at_home("init", "--station", STATION, "--name", "李四光")
    assert said.returncode == 2
    assert "already" in said.stderr
    assert _keys(home) == before
    assert at_home("init", "--station", "110102018", "--name", "李四光").returncode == 0


def test_the_first_administrator_signs_in_once_with_what_was_printed(lastmile: Run, tmp_path: Path) -> None:
    said = lastmile("init", "--station", STATION, "--name", "张三丰").stderr
    found = re.search(r"Sign in once as  (\S+)  with  (\S+)  and", said)
    assert found is not None
    home = Embedded(read_settings({}, home=tmp_path / "home"))
    asked = {"session_id": "s" * 32, "token_hash": "0" * 64, "address": "127.0.0.1"}
    body = {"account_name": found[1], "password": found[2], **asked}
    token = home.composition.gateway_token
    (outcome,) = home.calls.tell("access", STATION, "SignIn", [("s", body)], token)
    assert outcome["answer"]["event_types"] == ["SignedIn"]
    told = home.calls.ask("access", STATION, "session", {"token_hash": asked["token_hash"]}, token)
    assert (told["role"], told["must_change_password"]) == ("administrator", True)
    home.close()


def _keys(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in (home / "keys").rglob("*") if path.is_file()}


@pytest.mark.parametrize("code", ["1", "12345678x", "1101020170"])
def test_a_code_that_is_no_stations_is_refused(lastmile: Run, code: str) -> None:
    said = lastmile("init", "--station", code, "--name", "张三丰")
    assert said.returncode == 2
    assert "nine digits" in said.stderr


def test_keys_are_readable_by_their_owner_alone(home: Path) -> None:
    assert (home / "keys").stat().st_mode & 0o077 == 0
    for path in _keys(home):
        if path.suffix in (".pem", ".key"):
            assert path.stat().st_mode & 0o077 == 0, path.name


def test_events_prints_a_log_and_a_stream_as_stored(at_home: Run) -> None:
    log = at_home("events", "--log", f"{STATION}/access")
    assert log.returncode == 0
    entries = [Entry.from_bytes(line.encode()) for line in log.stdout.splitlines()]
    assert [entry.type for entry in entries] == ["PersonRegistered", "RoleGranted", "AccountOpened"]
    assert "张三丰" not in log.stdout
    stream = at_home("events", "--stream", entries[0].stream)
    assert stream.stdout.splitlines() == log.stdout.splitlines()[:1]


def test_events_needs_a_log_or_a_stream(at_home: Run) -> None:
    for words in ((), ("--log", f"{STATION}/access", "--stream", "x"), ("--log", f"{STATION}/nothing")):
        said = at_home("events", *words)
        assert said.returncode == 2
        assert "Traceback" not in said.stderr


def test_a_log_that_was_not_changed_verifies(at_home: Run) -> None:
    said = at_home("verify", "--json", "--processes", "1")
    assert said.returncode == 0, said.stdout + said.stderr
    found = json.loads(said.stdout)
    assert found["holds"] is True
    assert {log["log"] for log in found["logs"] if log["holds"]} == {
        f"{STATION}/{service}" for service in ("access", "membership", "activities", "relief")
    }


@pytest.mark.parametrize("triggers", ["put back", "left out"])
def test_a_changed_event_fails_the_check_which_names_log_and_position(at_home: Run, home: Path, triggers: str) -> None:
    _tamper(home, put_back=triggers == "put back")
    said = at_home("verify", "--processes", "1")
    assert said.returncode == 1, said.stdout + said.stderr
    assert f"{STATION}/access 2" in said.stdout


def _tamper(home: Path, *, put_back: bool) -> None:
    """Change the second event of access, past the triggers that forbid it."""
    database = Database(f"sqlite:///{home / 'access.db'}")
    with database.write() as connection:
        for name in TRIGGERS["sqlite"]:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(
            "UPDATE events SET entry = CAST(replace(entry, 'administrator', 'cashier') AS BLOB) WHERE position = 2"
        )
        for statement in REFUSE_CHANGES["sqlite"] if put_back else ():
            connection.exec_driver_sql(statement)
    database.close()


def test_a_stop_is_listed_and_replay_clears_it(at_home: Run, home: Path) -> None:
    assert at_home("stops").stdout == ""
    log = f"{STATION}/access"
    database = Database(f"sqlite:///{home / 'reporting.db'}")
    with database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE cursors SET stopped_at = '2017-01-01', stopped_position = 3, stopped_because = 'a forged entry' "
            "WHERE follower = 'journal' AND log = ?",
            (log,),
        )
    database.close()
    listed = at_home("stops")
    assert listed.returncode == 0
    assert f"reporting.journal stopped at {log} 3: a forged entry" in listed.stdout
    (stop,) = json.loads(at_home("stops", "--json").stdout)["stops"]
    assert (stop["service"], stop["log"], stop["position"]) == ("reporting", log, 3)
    words = ("replay", "--service", "reporting", "--follower", "journal", "--log", log)
    assert at_home(*words).returncode == 0
    assert at_home("stops").stdout == ""


def test_replay_of_a_follower_that_is_none_is_refused(at_home: Run) -> None:
    said = at_home("replay", "--service", "reporting", "--follower", "nobody", "--log", f"{STATION}/access")
    assert said.returncode == 2
    assert "journal" in said.stderr


def test_services_that_run_elsewhere_are_not_opened_here(at_home: Run) -> None:
    said = at_home("init", "--station", "110102018", "--name", "李", LASTMILE_ACCESS_URL="http://127.0.0.1:1")
    assert said.returncode == 2
    assert "LASTMILE_" in said.stderr
