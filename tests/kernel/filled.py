"""A log of 40 events with a checkpoint after every 8, for attacks on it and on its export."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import strategies as st

from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from tests.kernel.sample import Sample, sample_on
from tests.keystores import keystore_in

EVENTS, SIGNED_EVERY = 40, 8
SIZES = range(SIGNED_EVERY, EVENTS + 1, SIGNED_EVERY)
POSITIONS = st.integers(1, EVENTS)


@contextmanager
def filled_sample(directory: Path) -> Iterator[Sample]:
    """The sample service with such a log, on SQLite in this directory."""
    keystore, database = keystore_in(directory), Database(f"sqlite:///{directory / 'log.db'}")
    sample = sample_on(database, keystore, LogKeys(directory / "log-keys"))
    sample.fill(EVENTS, SIGNED_EVERY)
    try:
        yield sample
    finally:
        database.close()
        keystore.database.close()
