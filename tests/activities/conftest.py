"""A station with activities, on each kind of database."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lastmile.kernel.store.changes import Fold
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.keystore import Keystore, MasterKey, keystore_tables
from services.activities.api import ACTIVITIES
from tests.activities.station import Station

MakeStation = Callable[..., Station]


@pytest.fixture
def make_station(tmp_path: Path) -> Iterator[MakeStation]:
    """Makes a station on the database at a URL, with more folds than its own if any are given."""
    keys = Database(f"sqlite:///{tmp_path / 'keys.db'}")
    keystore_tables.create_all(keys.engine)
    opened = [keys]

    def make(url: str, *folds: Fold) -> Station:
        opened.append(Database(url))
        keystore = Keystore(keys, MasterKey(bytes(range(32))))
        definition = replace(ACTIVITIES, folds=(*ACTIVITIES.folds, *folds))
        return Station(opened[-1], keystore, LogKeys(tmp_path), definition)

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def station(make_station: MakeStation, database_url: str) -> Station:
    return make_station(database_url)
