"""A station with activities, on each kind of database."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lastmile.kernel.store.changes import Fold
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from services.activities.api import ACTIVITIES
from tests.activities.station import Station
from tests.keystores import keystore_in

MakeStation = Callable[..., Station]


@pytest.fixture
def make_station(tmp_path: Path) -> Iterator[MakeStation]:
    """Makes a station on the database at a URL, with more folds than its own if any are given."""
    keystore = keystore_in(tmp_path)
    opened = [keystore.database]

    def make(url: str, *folds: Fold) -> Station:
        opened.append(Database(url))
        definition = replace(ACTIVITIES, folds=(*ACTIVITIES.folds, *folds))
        return Station(opened[-1], keystore, LogKeys(tmp_path), definition)

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def station(make_station: MakeStation, database_url: str) -> Station:
    return make_station(database_url)
