"""What was taken away over REST, checked where Lastmile is not about: a directory, Python and the verifier's file."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.gateway.api.journeys.door import STATION, Caller

VERIFIER = Path(__file__).parents[4] / "verifier" / "lastmile_verifier.py"
NEXT = re.compile(r'<([^>]+)>; rel="next"')
HOLDS, DOES_NOT_HOLD = 0, 1
A_PAGE = 1_000


def log_taken(auditor: Caller, service: str, directory: Path) -> Path:
    """A whole log with its checkpoint and its key, page by page as the answers lead on."""
    directory.mkdir()
    found, address = b"", f"/logs/{STATION}/{service}/entries?limit={A_PAGE}"
    while address:
        page = auditor.get(address.removeprefix("/api/v1"))
        assert page.status_code == 200, page.text
        found += page.content
        further = NEXT.search(page.headers.get("Link", ""))
        address = further[1] if further else ""
    (directory / "entries.jsonl").write_bytes(found)
    (directory / "checkpoints.txt").write_bytes(part(auditor, service, "checkpoint"))
    (directory / "log.vkey").write_bytes(part(auditor, service, "key"))
    return directory


def part(auditor: Caller, service: str, what: str) -> bytes:
    """The checkpoint, the key, or a proof of a log."""
    answer = auditor.get(f"/logs/{STATION}/{service}/{what}")
    assert answer.status_code == 200, answer.text
    return answer.content


def checked_away(asked: str, taken: Path, key: bytes) -> int:
    """What the verifier says of a `log` in a directory, or of the file of a `proof`."""
    directory = taken if taken.is_dir() else taken.parent
    shutil.copy(VERIFIER, directory)
    words = [sys.executable, "-I", VERIFIER.name, asked, "." if taken.is_dir() else taken.name]
    done = subprocess.run([*words, "--key", key.decode().strip()], cwd=directory, env={}, check=False)
    return done.returncode


def change_a_byte(file: Path, at: int) -> None:
    """Another digit or letter at this place, or the next that is one."""
    data = bytearray(file.read_bytes())
    while not chr(data[at]).isdigit():
        at += 1
    data[at] = ord("1") if data[at] != ord("1") else ord("2")
    file.write_bytes(data)
