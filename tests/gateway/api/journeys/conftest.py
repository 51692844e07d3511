"""Served homes for the journeys: a station just made, and the demo's whole year."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lastmile.embedded import Embedded
from lastmile.serving import served
from lastmile.settings import read_settings
from lastmile.station import make_station
from tests.browser.site import Site, site_of
from tests.gateway.api.journeys.door import STATION
from tests.gateway.api.journeys.staff import Office
from tests.prepared import copied


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A home made by `init`, served, with nobody in it but its administrator."""
    home = Embedded(read_settings({}, home=tmp_path_factory.mktemp("office") / "home"))
    made = make_station(home, STATION, "张三丰")
    with served(home) as running:
        yield Office.opened(running.url, made)
    home.close()


@pytest.fixture
def site(year_home: Path, tmp_path: Path) -> Iterator[Site]:
    """The whole year, served; a copy for each journey."""
    with site_of(copied(year_home, tmp_path / "home")) as site:
        yield site
