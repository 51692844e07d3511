"""The small programs in the image: is the service ready, and who has the key that signs identities."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy.health import is_ready
from deploy.identity_key import IdentityKeyDiffers, part_identity_key
from lastmile.home import Home
from lastmile.settings import WrongSettings


@contextmanager
def answering(status: int) -> Iterator[str]:
    """The address of a door that answers /ready with this status."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/ready" else 404)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"0.0.0.0:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_service_is_healthy_when_it_says_that_it_is_ready() -> None:
    with answering(200) as address:
        assert is_ready(address)


def test_a_service_is_not_healthy_when_its_database_is_away_or_it_does_not_answer() -> None:
    with answering(503) as address:
        assert not is_ready(address)
    assert not is_ready(address)


def test_access_signs_with_the_key_that_lies_apart_and_others_check_without_it(tmp_path: Path) -> None:
    home, apart = Home(tmp_path / "home"), tmp_path / "apart"
    part_identity_key(home, apart)
    signature = home.identity_key().sign(b"who asks")
    (apart / "identity.pem").rename(tmp_path / "not mounted here")
    home.identity_public_key().verify(signature, b"who asks")
    assert not [path for path in home.keys.iterdir() if path.is_file() and path.suffix == ".pem"]


def test_without_the_public_key_a_service_makes_none_of_its_own(tmp_path: Path) -> None:
    home, apart = Home(tmp_path / "home"), tmp_path / "apart"
    part_identity_key(home, apart)
    (apart / "identity.pem").rename(tmp_path / "not mounted here")
    (home.keys / "identity.pub").unlink()
    with pytest.raises(WrongSettings, match=r"identity\.pub is missing"):
        home.identity_public_key()


def test_parting_the_key_again_changes_nothing(tmp_path: Path) -> None:
    home, apart = Home(tmp_path / "home"), tmp_path / "apart"
    part_identity_key(home, apart)
    before = (apart / "identity.pem").read_bytes(), (home.keys / "identity.pub").read_bytes()
    part_identity_key(home, apart)
    assert ((apart / "identity.pem").read_bytes(), (home.keys / "identity.pub").read_bytes()) == before


def test_keys_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    home, apart = Home(tmp_path / "home"), tmp_path / "apart"
    home.identity_key()
    with pytest.raises(IdentityKeyDiffers, match="bring that one back"):
        part_identity_key(home, apart)
    part_identity_key(Home(tmp_path / "another"), apart)
    with pytest.raises(IdentityKeyDiffers, match="of its own"):
        part_identity_key(home, apart)
