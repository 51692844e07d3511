"""A report in a real thread of a green process, as under nameko: `green.py DATABASE_URL ARCHIVE`."""

import warnings

warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import sys  # noqa: E402
from pathlib import Path  # noqa: E402

import orjson  # noqa: E402
from eventlet import tpool  # noqa: E402

from tests.reporting.made import STATION, reporting_on  # noqa: E402

if __name__ == "__main__":
    reporting = reporting_on(sys.argv[1], Path(sys.argv[2]))
    print(orjson.dumps(tpool.execute(reporting.report, STATION, 2017)).decode())
