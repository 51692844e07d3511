"""Opening what a command works on: the home and its databases, as the settings name them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lastmile.composition import Composition
    from lastmile.embedded import Embedded
    from services.reporting.api import Reporting


def composition() -> "Composition":
    from lastmile.composition import Composition
    from lastmile.settings import read_settings

    return Composition(read_settings())


@contextmanager
def embedded() -> Iterator["Embedded"]:
    """All services in this process; refused where they run as processes of their own."""
    from lastmile.embedded import Embedded
    from lastmile.kernel.domain.failures import Refused
    from lastmile.settings import read_settings

    settings = read_settings()
    if settings.over_http:
        raise Refused("the services run as processes of their own here; ask those (LASTMILE_*_URL is set)")
    opened = Embedded(settings)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def reporting() -> Iterator["Reporting"]:
    """Reporting with its journal brought up to date, from the owners in this home or over HTTP."""
    parts = composition()
    if not parts.settings.over_http:
        with embedded() as home:
            home.settle()
            yield home.reporting
        return
    service = parts.reporting()
    service.catch_up(parts.sources())
    try:
        yield service
    finally:
        service.database.close()
