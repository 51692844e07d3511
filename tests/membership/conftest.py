"""A station's membership, once on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.membership.station import Membership


@pytest.fixture
def membership(database_url: str, tmp_path: Path) -> Iterator[Membership]:
    made = Membership(database_url, tmp_path)
    yield made
    made.close()
