"""The command line: `lastmile …`. Data on stdout, everything else on stderr.

Exit codes: 0 ok, 1 a check failed, 2 usage, 3 configuration, 4 a dependency is away.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from lastmile.cli import audit, figures, operate, run

app = typer.Typer(
    name="lastmile",
    help="最后一公里: membership, activities and relief of a sub-district trade-union federation, from an event log.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for part in (figures, audit, operate, run):
    part.register(app)

OK, CHECK_FAILED, USAGE, CONFIGURATION, AWAY = range(5)


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turns expected failures into one line on stderr and a stable exit code."""
    from lastmile.kernel.domain.failures import Failure, Unavailable
    from lastmile.kernel.store.database import DatabaseUnfit
    from lastmile.settings import WrongSettings

    try:
        yield
    except WrongSettings as error:
        _say(f"wrong settings (docs/reference/settings.md lists them all):\n{error}")
        sys.exit(CONFIGURATION)
    except DatabaseUnfit as error:
        _say(str(error))
        sys.exit(CONFIGURATION)
    except Unavailable as error:
        _say(f"{error}")
        sys.exit(AWAY)
    except Failure as failure:
        _say(f"{failure.code}: {failure}")
        sys.exit(USAGE)


def _say(line: str) -> None:
    print(f"lastmile: {line}", file=sys.stderr)


def main() -> None:
    """Where `lastmile` starts."""
    with exit_codes():
        app()
