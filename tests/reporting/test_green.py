"""Reporting itself knows no eventlet; it must work in a process that does, where the database driver is patched."""

import subprocess
import sys
from pathlib import Path

import orjson

from services.reporting.api import Reporting
from tests.reporting.made import STATION, Logs, followed
from tests.reporting.year import write_year

ROOT = Path(__file__).parents[2]


def test_a_report_is_the_same_in_a_green_process(reporting: Reporting, logs: Logs, database_url: str) -> None:
    write_year(logs)
    followed(reporting, logs).seal()
    program = [sys.executable, "-m", "tests.reporting.green", database_url, str(reporting.archive.directory)]
    run = subprocess.run(program, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr.decode()
    assert orjson.loads(run.stdout) == reporting.report(STATION, 2017)
