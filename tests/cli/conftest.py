"""`lastmile` run as people run it: the installed program, in a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("lastmile")
LONGEST_SECONDS = 120
STATION = "110102017"

Run = Callable[..., subprocess.CompletedProcess[str]]


def run_lastmile(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run it with this home and these settings, and none of ours."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LASTMILE_")}
    environment = {**inherited, "LASTMILE_HOME": str(home), **settings}
    return subprocess.run(
        [PROGRAM, *words], env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
    )


@pytest.fixture
def lastmile(tmp_path: Path) -> Run:
    """Runs `lastmile` in an empty home."""
    return lambda *words, **settings: run_lastmile(tmp_path / "home", *words, **settings)


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a station was made; copied, never used."""
    home = tmp_path_factory.mktemp("made") / "home"
    done = run_lastmile(home, "init", "--station", STATION, "--name", "张三丰")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Path:
    """A home with one station."""
    shutil.copytree(made_home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def at_home(home: Path) -> Run:
    """Runs `lastmile` in a home with one station."""
    return lambda *words, **settings: run_lastmile(home, *words, **settings)
