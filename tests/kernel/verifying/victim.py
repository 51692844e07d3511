"""A log that attacks are tried on, as it was and as it is verified afterwards."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from lastmile.kernel.domain.checkpoint import Verifier
from lastmile.kernel.store import log
from lastmile.kernel.store.checkpoints import LogKeys, notes
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.verifying import Verified, verify_database, verify_log
from tests.kernel.sample import LOG


@dataclass
class Victim:
    """A log of 40 events with a checkpoint after every 8, its pinned public key and the checkpoints others kept."""

    database: Database
    keys: LogKeys
    verifier: Verifier
    kept: list[str]

    @property
    def url(self) -> str:
        return self.database.url.render_as_string(hide_password=False)

    def verify(self, *kept: str, processes: int = 1) -> Verified:
        return verify_log(self.url, LOG, self.verifier, kept, processes=processes)


def victim_of(database: Database, keys: LogKeys) -> Victim:
    with database.read() as connection:
        (end,) = log.ends(connection)
        kept = notes(connection, LOG)
    return Victim(database, keys, keys.signer(LOG, end.origin).verifier(), kept)


@contextmanager
def copy_of(original: Victim) -> Iterator[Victim]:
    path = Path(str(original.database.url.database))
    copy = path.with_name("copy.db")
    for old in path.parent.glob("copy.db*"):
        old.unlink()
    shutil.copy(path, copy)
    database = Database(f"sqlite:///{copy}")
    yield replace(original, database=database)
    database.close()


def names(verified: Verified, position: int) -> bool:
    """Some finding names this log and this position."""
    return any((finding.log, finding.position) == (LOG, position) for finding in verified.findings)


def all_findings(victim: Victim, verifiers: dict[str, Verifier], *kept: str) -> dict[str, str]:
    found = verify_database(victim.url, verifiers, kept)
    return {finding.log: finding.what for verified in found for finding in verified.findings}
