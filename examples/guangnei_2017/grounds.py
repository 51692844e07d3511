"""The demo's home, and the two ways to run the year: all in this process, or as processes with servers."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from lastmile.composition import Composition
from lastmile.embedded import Embedded
from lastmile.home import Home
from lastmile.kernel.wire.calls import Calls
from lastmile.settings import read_settings


class Ground(Protocol):
    """Where a year is carried through."""

    @property
    def home(self) -> Home: ...

    @property
    def composition(self) -> Composition: ...

    @property
    def calls(self) -> Calls: ...

    def open_station(self, station: str) -> bool: ...

    def operator_token(self, station: str) -> str: ...

    def settle(self) -> object: ...


class NotADemo(Exception):
    """The home holds something and is not marked as a demo."""


def fresh_home(path: Path) -> Home:
    """An empty home marked as a demo; an earlier demo there is deleted. Raises NotADemo for any other."""
    home = Home(path)
    if home.is_demo:
        shutil.rmtree(home.path)
    elif home.path.exists() and not (home.path.is_dir() and not any(home.path.iterdir())):
        raise NotADemo(f"{home.path} is not marked as a demo; the demo deletes nothing that it did not make")
    home.mark_as_demo()
    return home


@contextmanager
def embedded_ground(home: Home) -> Iterator[Ground]:
    """All services in this process, SQLite files under the home."""
    ground = Embedded(read_settings({}, home=home.path))
    try:
        yield ground
    finally:
        ground.close()


@contextmanager
def server_ground(home: Home) -> Iterator[Ground]:
    """Every service a process, with RabbitMQ between them and PostgreSQL under them; nothing is left running."""
    from deploy.native import ensure_installed, servers
    from deploy.processes import Deployment

    ensure_installed()
    with servers() as running:
        ground = Deployment(home.path, running)
        try:
            ground.start()
            yield ground
        finally:
            ground.stop()
