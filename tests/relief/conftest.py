"""A running relief on a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.relief.station import Station, relief_at


@pytest.fixture
def empty_station(database_url: str, tmp_path: Path) -> Iterator[Station]:
    """A station in whose relief nothing happened yet."""
    with relief_at(database_url, tmp_path) as station:
        yield station


@pytest.fixture
def sqlite_station(tmp_path: Path) -> Iterator[Station]:
    """The same as `station`, once: where it is not the database that is tried."""
    with relief_at(f"sqlite:///{tmp_path / 'relief.db'}", tmp_path) as empty:
        empty.prepare()
        yield empty


@pytest.fixture
def station(empty_station: Station) -> Station:
    """A station with a policy, a fund of 10,000 yuan and a file of `zhao`."""
    empty_station.prepare()
    return empty_station
