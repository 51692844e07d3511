"""The page about REST: its lines are run as they stand, against a demo that is served."""

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

from tests.architecture.texts import BLOCK
from tests.browser.site import Site
from tests.gateway.api.journeys.away import VERIFIER
from tests.gateway.api.journeys.hands import Hands

PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "rest.md"
THE_DEMOS_DAY = date(2017, 12, 30)
"""On which the demo begins until somebody sets another."""

ADDRESS = "http://127.0.0.1:8000"
FAIL_IF_REFUSED = 'curl() { command curl --fail-with-body "$@"; }\n'
"""As typed by hand, curl is content with any answer."""


def carried_out(lines: str, url: str, directory: Path) -> subprocess.CompletedProcess[str]:
    shutil.copy(VERIFIER, directory)
    script = FAIL_IF_REFUSED + lines.replace(ADDRESS, url)
    words = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(words, cwd=directory, capture_output=True, text=True, check=False)


def test_every_line_of_the_page_does_what_it_says(site: Site, tmp_path: Path) -> None:
    lines = "\n".join(BLOCK.findall(PAGE.read_text("utf-8")))
    assert lines.count(ADDRESS) == 1
    site.set_date(THE_DEMOS_DAY)
    done = carried_out(lines, site.url, tmp_path)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    assert done.stdout.count("everything that was checked holds") == 2
    clerk = Hands(site).of("clerk-1", "clerk")
    steps = clerk.ask("relief/application", application_id="a-1")["steps"]
    assert [step["type"] for step in steps] == ["ApplicationMade", "HomeVisited", "RegistersCompared"]
    assert '"counts":{"again":0,"known":0,"new":1,"wrong":0}' in done.stdout
    assert '"status":"failed"' not in done.stdout


def test_a_line_that_is_refused_is_found(site: Site, tmp_path: Path) -> None:
    first = BLOCK.findall(PAGE.read_text("utf-8"))[0]
    wrong = re.sub(r'"password":"[^"]+"', '"password":"guessed"', first)
    assert wrong != first
    assert carried_out(first, site.url, tmp_path).returncode == 0
    assert carried_out(wrong.replace("s-1", "s-9"), site.url, tmp_path).returncode != 0
