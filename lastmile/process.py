"""What `lastmile service NAME` becomes: a green process, made green before anything else is imported."""

import sys
import warnings

warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch(psycopg=False)  # A transaction must not yield to another green thread.

from lastmile.cli import exit_codes  # noqa: E402
from lastmile.hosting import host  # noqa: E402

if __name__ == "__main__":
    with exit_codes():
        host(sys.argv[1])
