"""A home: the directory in which a station, or a service, keeps its data and keys; a demo home says that it is one."""

import secrets
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lastmile.kernel.store.checkpoints import private_key, write_once
from lastmile.kernel.store.keystore import MasterKey
from lastmile.settings import WrongSettings

DEMO_MARK = "THIS-IS-A-DEMO"
"""The file that marks a home as a demo: it may be deleted, and may be given a clock."""


class Home:
    """The directory `path` with the places of things in it."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.keys = self.path / "keys"

    @cached_property
    def is_demo(self) -> bool:
        """Looked up once: the clock asks for it with every command."""
        return (self.path / DEMO_MARK).is_file()

    def mark_as_demo(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / DEMO_MARK).write_text("`make demo` made this home and may delete it. Keep nothing here.\n")
        self.is_demo = True

    @property
    def _clock_file(self) -> Path:
        return self.path / "clock"

    def set_clock(self, moment: datetime, *, running: bool = False) -> None:
        """Set the clock of a demo home, to stand or to run on from there; no other home may have one."""
        if not self.is_demo:
            raise PermissionError(f"{self.path} is not marked as a demo: its clock is the machine's")
        part = self._clock_file.with_suffix(".part")
        since = f" {datetime.now(UTC).isoformat()}" if running else ""
        part.write_text(f"{moment.astimezone(UTC).isoformat()}{since}")
        part.replace(self._clock_file)

    def clock(self) -> datetime:
        """Now; in a demo home with a clock, what that shows."""
        now = datetime.now(UTC)
        if self.is_demo:
            try:
                moment, _, since = self._clock_file.read_text().partition(" ")
            except FileNotFoundError:
                return now
            ran = now - datetime.fromisoformat(since) if since else timedelta(0)
            return datetime.fromisoformat(moment) + ran
        return now

    def master_key(self, given: bytes | None) -> MasterKey:
        """The master key from the settings, else the one in the home, which is made on first use."""
        if given is not None:
            return MasterKey(given)
        path = self.keys / "master.key"
        write_once(path, partial(secrets.token_bytes, 32))
        return MasterKey(path.read_bytes())

    def identity_key(self) -> Ed25519PrivateKey:
        """The key by which access signs identities."""
        key = private_key(self.keys / "identity.pem")
        write_once(self.keys / "identity.pub", key.public_key().public_bytes_raw)
        return key

    def identity_public_key(self) -> Ed25519PublicKey:
        """The key by which services check identities; the private one need not be at hand."""
        path = self.keys / "identity.pub"
        if not path.exists():
            raise WrongSettings({"LASTMILE_HOME": f"{path} is missing: access makes it, copy it from there"})
        return Ed25519PublicKey.from_public_bytes(path.read_bytes())
