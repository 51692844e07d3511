"""The logs: checked from the page, taken away as evidence, opened to one entry with its chain and its proof."""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, g, render_template, request

from lastmile.kernel.domain.failures import Failure, NotFound
from lastmile.kernel.domain.merkle import leaf_hash
from services.gateway.console import evidence
from services.gateway.console.addresses import own_address
from services.gateway.console.asking import ask, code_of, may, station_date
from services.gateway.console.exporting import as_file, record_export
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.showing import shown
from services.gateway.console.texts import t_or
from services.gateway.parts import gateway

CIPHERTEXT = re.compile(r"\d+\.[A-Za-z0-9+/_=-]{16,}")
"""How sealed personal data stands in an entry."""

ASKS = ("membership", "log_checkpoint")
"""Whoever may read one log whole may read them all."""


def services_with_logs() -> list[str]:
    offered = gateway().catalogue.services
    return [name for name, each in offered.items() if each.has_log and may(name, "log_checkpoint")]


def logs() -> str:
    """The logs of the station; after the button was pressed, what checking each of them found."""
    checked: list[evidence.Checked] = []
    too_long: list[str] = []
    kept = evidence.notes_in(request.form.get("kept", ""))
    if request.method == "POST":
        made = ask("reporting", "report", year=station_date().year)
        lines = {line["log"]: line for line in made["logs"]}
        for service in services_with_logs():
            log = evidence.log_of(service)
            notes = [note for note in kept if evidence.log_of_note(note) == log]
            try:
                checked.append(evidence.check(service, lines.get(log), notes))
            except evidence.TooLong:
                too_long.append(log)
    strange = [note for note in kept if evidence.log_of_note(note).partition("/")[0] != g.station]
    return render_template(
        "logs.html",
        states=[_state(service) for service in services_with_logs()],
        checked=checked,
        too_long=too_long,
        strange=strange,
        kept=request.form.get("kept", ""),
        asked=request.method == "POST",
    )


def _state(service: str) -> dict[str, Any]:
    try:
        told = ask(service, "log_checkpoint")
    except Failure:  # Nothing was signed of it yet.
        return {"service": service, "size": 0, "key": "", "note": ""}
    return {"service": service, "size": int(told["note"].split("\n")[1]), **told}


def entry(service: str, position: int) -> str:
    """One entry: what it says, who recorded it, how it hangs in the chain, and the proof of it."""
    near = ask(service, "log_entries", after=max(0, position - 2), limit=3)["entries"]
    by_position: dict[int, bytes] = {orjson.loads(data)["position"]: data.encode() for data in near}
    if position not in by_position:
        raise NotFound(f"there is no entry {position}", position=position)
    told: dict[str, Any] = orjson.loads(by_position[position])
    g.menu_page = "report"
    return render_template(
        "entry.html",
        told=told,
        lines=list(_said(told["payload"])),
        own_hash=leaf_hash(by_position[position]).hex(),
        before=_hash(by_position, position - 1),
        after=orjson.loads(by_position[position + 1]) if position + 1 in by_position else None,
        proof=_proof(service, position),
        service=service,
        back=own_address(request.args.get("back", "")) or link("report"),
    )


def _hash(entries: Mapping[int, bytes], position: int) -> str:
    return leaf_hash(entries[position]).hex() if position in entries else ""


def _proof(service: str, position: int) -> evidence.Proof | None:
    """The proof; None as long as no checkpoint reaches the entry."""
    try:
        return evidence.proof(service, position)
    except Failure as failure:
        if code_of(failure) != "not-found":
            raise
        return None


def _said(payload: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """What an entry says: label, value, and whether it is personal data that stands there as ciphertext."""
    said = []
    for name, value in payload.items():
        sealed = isinstance(value, str) and bool(CIPHERTEXT.fullmatch(value))
        kind = "money" if name.endswith("_fen") else "yes-no" if isinstance(value, bool) else "text"
        words = name if t_or(f"{name}.{value}", "") else ""
        said.append((t_or(f"field.{name}", name), "" if sealed else shown(value, kind, words), sealed))
    return said


def entry_evidence(service: str, position: int) -> Response:
    found = evidence.evidence_of_entry(service, position)
    record_export(service, "entry", f"position={position}", 1)
    name = f"evidence-{g.station}-{service}-{position}.zip"
    return as_file(evidence.packed(found), name, "application/zip")


def log_evidence(service: str) -> Response:
    found = evidence.evidence_of_log(service)
    record_export(service, "log", "-", found["log/entries.jsonl"].count(b"\n"))
    return as_file(evidence.packed(found), f"evidence-{g.station}-{service}.zip", "application/zip")


PAGES = (
    Page("logs", "/logs", logs, ASKS, Menu("figures", 20, "logs", "fingerprint"), methods=("GET", "POST")),
    Page("entry", "/logs/<service>/<int:position>", entry, ASKS),
    Page("entry_evidence", "/logs/<service>/<int:position>/evidence", entry_evidence, ASKS, methods=("POST",)),
    Page("log_evidence", "/logs/<service>/evidence", log_evidence, ASKS, methods=("POST",)),
)
