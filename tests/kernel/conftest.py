"""The sample service on each kind of database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lastmile.kernel.store.changes import Fold
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.keystore import Keystore
from tests.kernel.sample import Sample, sample_on
from tests.keystores import keystore_in

MakeSample = Callable[..., Sample]


@pytest.fixture
def keystore(tmp_path: Path) -> Iterator[Keystore]:
    keystore = keystore_in(tmp_path)
    yield keystore
    keystore.database.close()


@pytest.fixture
def make_sample(keystore: Keystore, tmp_path: Path) -> Iterator[MakeSample]:
    """Makes the sample service on the database at a URL, with more folds than its own if any are given."""
    opened: list[Database] = []

    def make(url: str, *folds: Fold) -> Sample:
        opened.append(Database(url))
        return sample_on(opened[-1], keystore, LogKeys(tmp_path / "log-keys"), *folds)

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def sample(make_sample: MakeSample, database_url: str) -> Sample:
    return make_sample(database_url)
