"""Exit codes: 0 ok, 1 a check failed, 2 usage, 3 configuration, 4 a dependency is away; and what is said."""

import sys
from pathlib import Path

import pytest

from lastmile.cli import app, main
from lastmile.kernel.store.database import Database, sqlite_module
from tests.cli.conftest import STATION, Run

NOBODY = "postgresql+psycopg2://somebody:secret@127.0.0.1:1/nothing"


def test_help_names_every_command(lastmile: Run) -> None:
    shown = lastmile("--help")
    assert shown.returncode == 0
    names = [command.callback.__name__ for command in app.registered_commands if command.callback]
    assert len(names) > 10
    for name in names:
        assert f" {name} " in shown.stdout


def test_a_command_that_is_none_is_wrong_usage(lastmile: Run) -> None:
    assert lastmile("rebort").returncode == 2
    assert lastmile("report", "--station", STATION).returncode == 2


def test_wrong_settings_are_all_told_at_once(lastmile: Run) -> None:
    wrong = {
        "LASTMILE_PULL_SECONDS": "soon",
        "LASTMILE_MASTER_KEY": "short",
        "LASTMILE_AMQP_URI": "http://broker",
        "LASTMILE_HTTP_ADDRESS": "everywhere",
        "LASTMILE_RELIEF_DATABASE_URL": "mysql://db/relief",
        "LASTMILE_PRODUCTION": "perhaps",
        "LASTMILE_ACCESS_URL_FILE": "/nowhere/at/all",
        "LASTMILE_COLOUR": "red",
    }
    said = lastmile("stops", **wrong)
    assert said.returncode == 3
    assert [name for name in wrong if name not in said.stderr] == []
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("words", [("stops",), ("migrate",), ("verify",), ("service", "membership")])
def test_a_database_that_is_away_is_told_in_one_line_without_its_password(lastmile: Run, words: tuple[str]) -> None:
    said = lastmile(*words, LASTMILE_MEMBERSHIP_DATABASE_URL=NOBODY)
    assert said.returncode == 4, said.stderr
    (line,) = said.stderr.strip().splitlines()
    assert "away" in line
    assert "secret" not in line


def test_a_database_newer_than_the_program_is_refused(at_home: Run, home: Path) -> None:
    database = Database(f"sqlite:///{home / 'relief.db'}")
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    for words in (("report", "--station", STATION, "--year", "2017"), ("migrate",), ("service", "relief")):
        said = at_home(*words)
        assert said.returncode == 3, said.stderr
        assert "newer" in said.stderr
        assert "Traceback" not in said.stderr


def test_an_sqlite_that_can_corrupt_a_database_is_refused_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    monkeypatch.setattr(sqlite_module(), "sqlite_version_info", (3, 40, 1))
    monkeypatch.setenv("LASTMILE_HOME", str(home))
    monkeypatch.setattr(sys, "argv", ["lastmile", "stops"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    assert "pip install pysqlite3" in capsys.readouterr().err


def test_a_service_that_is_none_is_wrong_usage(lastmile: Run) -> None:
    said = lastmile("service", "nonsense")
    assert said.returncode == 2
    assert "membership" in said.stderr


def test_production_refuses_a_missing_secret(lastmile: Run) -> None:
    said = lastmile("migrate", LASTMILE_PRODUCTION="1")
    assert said.returncode == 3
    assert "LASTMILE_MASTER_KEY" in said.stderr
