"""Checking a whole home: every log in every database, and that reporting's journal equals them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lastmile.composition import Composition
from lastmile.embedded import Embedded
from lastmile.kernel.domain.entry import service_of
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
        logs += verify_database(parts.database_url(service), verifiers, notes, processes=processes)
    return Outcome(logs, _journal(parts))


def _log_of(note: str) -> str:
    return note.partition("\n")[0].removeprefix("lastmile/").rpartition("/")[0]


def _journal(parts: Composition) -> list[str]:
    if parts.settings.over_http:
        reporting, sources = parts.reporting(), parts.sources()
        return reporting.check_journal(sources)
    home = Embedded(parts.settings)
    try:
        return home.reporting.check_journal(home.sources)
    finally:
        home.close()
