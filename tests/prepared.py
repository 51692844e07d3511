"""A home with the whole year in it, made once for all processes of a run of tests; whoever wants it takes a copy."""

import fcntl
import io
import os
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from examples.guangnei_2017 import __main__ as demo
from examples.guangnei_2017.grounds import embedded_ground, fresh_home
from examples.guangnei_2017.plan import read_plan


def prepared_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home, closed; nobody opens it. The process that comes first makes it, the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    directory = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "year"
    directory.mkdir(exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        home = directory / "home"
        if not home.exists():
            carry_the_year(directory / "part")
            (directory / "part").rename(home)
    return home


def copied(home: Path, target: Path) -> Path:
    """A copy of a closed home, to work in."""
    shutil.copytree(home, target)
    return target


def carry_the_year(path: Path) -> None:
    """Make the home by the demo, which must come out as published."""
    said = io.StringIO()
    if path.exists():
        shutil.rmtree(path)
    with embedded_ground(fresh_home(path)) as ground:
        assert demo.run(read_plan(), ground, Console(file=said), Console(file=said)) == demo.OK, said.getvalue()
