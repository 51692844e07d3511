"""A log, its export, and a copy of that for each test."""

from collections.abc import Iterator

import pytest

from lastmile.kernel.store.exporting import Exported, export_log
from tests.kernel.filled import EVENTS, SIZES, filled_sample
from tests.kernel.sample import LOG, Sample
from tests.verifier.bundle import Bundle, copy_of, signer_of


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    with filled_sample(tmp_path_factory.mktemp("exported")) as made:
        yield made


@pytest.fixture(scope="session")
def original(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Made once, to be copied for each attack."""
    directory = tmp_path_factory.mktemp("bundle") / "original"
    signer = signer_of(sample)
    assert export_log(sample.database, LOG, signer.verifier(), directory) == Exported(EVENTS, len(SIZES))
    return Bundle(directory, signer)


@pytest.fixture
def bundle(original: Bundle) -> Bundle:
    return copy_of(original)
