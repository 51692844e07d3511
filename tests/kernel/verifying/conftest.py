"""The log that attacks are tried on, a copy for each, and its ranges as for many processes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lastmile.kernel.store import verifying
from lastmile.kernel.store.verified_range import check_range
from lastmile.kernel.store.verifying import Runs
from tests.kernel.conftest import MakeSample
from tests.kernel.filled import EVENTS, SIGNED_EVERY, filled_sample
from tests.kernel.verifying.victim import Victim, copy_of, victim_of


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Victim:
    """On SQLite, made once, to be copied for each attack."""
    with filled_sample(tmp_path_factory.mktemp("original")) as sample:
        return victim_of(sample.database, sample.keys)


@pytest.fixture
def victim(original: Victim) -> Iterator[Victim]:
    with copy_of(original) as copy:
        yield copy


@pytest.fixture
def victim_on_either(request: pytest.FixtureRequest, database_url: str) -> Victim:
    """On each kind of database, for what the database itself has a part in."""
    if database_url.startswith("sqlite"):
        copy: Victim = request.getfixturevalue("victim")
        return copy
    make_sample: MakeSample = request.getfixturevalue("make_sample")
    sample = make_sample(database_url)
    sample.fill(EVENTS, SIGNED_EVERY)
    return victim_of(sample.database, sample.keys)


@contextmanager
def in_this_process(_processes: int) -> Iterator[Runs]:
    yield lambda ranges: map(check_range, ranges)


@pytest.fixture
def many_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranges as for many processes, checked in this one."""
    monkeypatch.setattr(verifying, "WORTH_PROCESSES", 1)
    monkeypatch.setattr(verifying, "_running", in_this_process)
