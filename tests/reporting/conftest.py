"""An empty reporting service, on each kind of database, and logs to write by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.reporting.api import Reporting
from tests.reporting.made import Logs, followed, reporting_on
from tests.reporting.year import write_year

SEGMENT_SIZE = 8


@pytest.fixture
def logs() -> Logs:
    return Logs()


@pytest.fixture
def reporting(database_url: str, tmp_path: Path) -> Iterator[Reporting]:
    """Reporting with segments of eight entries."""
    made = reporting_on(database_url, tmp_path / "archive", segment_size=SEGMENT_SIZE)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def year_2017(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reporting]:
    """The year of year.py, followed and partly sealed, for tests that only read it."""
    folder, logs = tmp_path_factory.mktemp("year"), Logs()
    write_year(logs)
    made = reporting_on(f"sqlite:///{folder / 'reporting.db'}", folder / "archive", segment_size=SEGMENT_SIZE)
    followed(made, logs).seal()
    yield made
    made.database.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Reporting]:
    """The same on SQLite alone, where the database makes no difference."""
    made = reporting_on(f"sqlite:///{tmp_path / 'reporting.db'}", tmp_path / "archive", segment_size=SEGMENT_SIZE)
    yield made
    made.database.close()
