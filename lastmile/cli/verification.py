"""Checking a whole home: every log in every database, and that reporting's journal equals them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from lastmile.composition import Composition
from lastmile.embedded import Embedded
from lastmile.kernel.domain.checkpoint import Checkpoint
from lastmile.kernel.domain.entry import service_of
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import DatabaseUnfit
from lastmile.kernel.store.verified_range import Finding
from lastmile.kernel.store.verifying import Verified, verify_database
from lastmile.settings import LOG_SERVICES


@dataclass(frozen=True)
class Outcome:
    """What was checked: the logs, and what differs between the journal and them."""

    logs: Sequence[Verified]
    journal: Sequence[str]

    @property
    def holds(self) -> bool:
        return not self.journal and all(log.holds for log in self.logs)

    def as_json(self) -> dict[str, Any]:
        return {
            "holds": self.holds,
            "logs": [
                {
                    "log": log.log,
                    "holds": log.holds,
                    "position": log.position,
                    "root": log.root.hex() if log.root else None,
                    "checkpoints": log.checkpoints,
                    "kept_checkpoints": log.older,
                    "signed": log.signed,
                    "findings": [vars_of(finding) for finding in log.findings],
                    "unnamed_findings": log.unnamed,
                }
                for log in self.logs
            ],
            "journal": {"holds": not self.journal, "findings": list(self.journal)},
        }


def vars_of(finding: Any) -> dict[str, Any]:
    return {"log": finding.log, "position": finding.position, "what": finding.what}


def verify_home(parts: Composition, kept: Sequence[str], processes: int) -> Outcome:
    """Check everything. `kept` are checkpoints (signed notes) that someone kept from earlier."""
    logs: list[Verified] = []
    for service in LOG_SERVICES:
        notes = [note for note in kept if service_of(_log_of(note)) == service]
        verifiers = parts.verifiers(service)
        beside = LogKeys(parts.home.keys / service).signed_notes()
        logs += verify_database(parts.database_url(service), verifiers, notes, beside=beside, processes=processes)
    for name in sorted({_log_of(note) for note in kept if service_of(_log_of(note)) not in LOG_SERVICES}):
        finding = Finding(name, 0, "a checkpoint was kept of this log, which this home does not have")
        logs.append(Verified(name, 0, None, 0, 0, 0, (finding,), 0))
    return Outcome(logs, _journal(parts))


def notes_in(text: str) -> list[str]:
    """The checkpoints of a file, a blank line between two. Raises ValueError when it holds anything else, or none."""
    blocks = [block.strip("\n") for block in text.split("\n\n") if block.strip("\n")]
    if not blocks or len(blocks) % 2:
        raise ValueError("no checkpoints: each is a text, a blank line and signatures")
    for body in blocks[::2]:
        Checkpoint.from_body(f"{body}\n")
    return [f"{body}\n\n{signatures}\n" for body, signatures in zip(blocks[::2], blocks[1::2], strict=True)]


def _log_of(note: str) -> str:
    return note.partition("\n")[0].removeprefix("lastmile/").rpartition("/")[0]


def _journal(parts: Composition) -> list[str]:
    try:
        return _differences(parts)
    except (TypeError, ValueError, SQLAlchemyError) as error:  # What stands in a database is of no type it may be.
        return [f"the journal cannot be compared: {type(error).__name__}: {str(error).splitlines()[0]}"]


def _differences(parts: Composition) -> list[str]:
    if parts.settings.over_http:
        reporting, sources = parts.reporting(), parts.sources()
        return reporting.check_journal(sources)
    try:
        home = Embedded(parts.settings)
    except DatabaseUnfit as error:  # The logs were checked all the same; this is one more finding.
        return [str(error)]
    try:
        return home.reporting.check_journal(home.sources)
    finally:
        home.close()
