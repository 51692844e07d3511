"""`make secrets` writes every secret that the compose file asks for, once and for its owner alone."""

import base64
import re
import stat
from pathlib import Path

from tests.deploy.composed import COMPOSE, VARIABLE, make_secrets, texts


def test_every_variable_without_a_default_is_written_by_make_secrets(written: dict[str, str]) -> None:
    found = {match["name"] for text in texts(COMPOSE) for match in VARIABLE.finditer(text) if not match["default"]}
    assert found == set(written)
    assert "$" not in "".join(VARIABLE.sub("", text) for text in texts(COMPOSE))


def test_secrets_are_long_random_and_fit_into_addresses(written: dict[str, str]) -> None:
    assert len(base64.b64decode(written["LASTMILE_MASTER_KEY"], validate=True)) == 32
    passwords = [value for name, value in written.items() if name != "LASTMILE_MASTER_KEY"]
    assert all(re.fullmatch(r"[0-9a-f]{64}", password) for password in passwords)
    assert len(set(passwords)) == len(passwords)


def test_secrets_are_for_their_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    assert make_secrets(tmp_path).returncode == 0
    path = tmp_path / ".env"
    before = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = make_secrets(tmp_path)
    assert again.returncode != 0
    assert ".env exists" in again.stderr
    assert path.read_text() == before
