"""The auditor's question over REST alone: from the report to one event and its proof, and evidence checked away."""

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser.site import Site
from tests.eventually import ANSWERED_WITHIN_SECONDS
from tests.gateway.api.journeys.away import DOES_NOT_HOLD, HOLDS, change_a_byte, checked_away, log_taken, part
from tests.gateway.api.journeys.door import STATION, Caller
from tests.gateway.api.journeys.hands import Hands

YEAR, AS_OF, EARLIER = 2017, "2017-10-31", "2017-11-16T00:00:00+08:00"
WARMTH, WARMTH_FEN = "relief.warmth_fen", 16_046_500
"""As published."""
LOGS = ("access", "membership", "activities", "relief")
CLIENT, SECRET, SCOPES = "district-archive", "a secret of the archive's own", "logs.read reporting.read"


@pytest.fixture
def auditor(site: Site) -> Caller:
    return Hands(site).of("district-auditor", "district_auditor")


def reported(auditor: Caller, **more: str) -> dict[str, Any]:
    report: dict[str, Any] = auditor.ask("reporting/report", year=YEAR, as_of=AS_OF, **more)
    return report


def values(report: dict[str, Any]) -> dict[str, Any]:
    return {line["key"]: line["value"] for line in report["figures"]}


def test_from_the_report_to_one_event_its_actor_and_its_proof(auditor: Caller, tmp_path: Path) -> None:
    assert values(reported(auditor))[WARMTH] == WARMTH_FEN
    opened = auditor.ask("reporting/explain", year=YEAR, as_of=AS_OF, key=WARMTH)
    assert sum(event["weight"] for event in opened["events"]) == opened["value"] == WARMTH_FEN
    event = opened["events"][0]
    assert (event["type"], event["log"]) == ("GrantPaid", f"{STATION}/relief")

    behind = {"after": event["position"] - 1, "limit": 1}
    entry = auditor.get(f"/logs/{STATION}/relief/entries", **behind).json()
    assert (entry["event_id"], entry["actor"], entry["role"]) == (event["event_id"], f"{STATION}.cashier", "cashier")
    assert entry["payload"]["amount_fen"] == event["weight"]

    proof, key = tmp_path / "proof.json", part(auditor, "relief", "key")
    proof.write_bytes(part(auditor, "relief", f"proofs/{event['position']}"))
    assert event["event_id"] in proof.read_text()
    assert checked_away("proof", proof, key) == HOLDS
    change_a_byte(proof, proof.read_text().index("amount_fen"))
    assert checked_away("proof", proof, key) == DOES_NOT_HOLD


def test_what_was_known_earlier_is_another_report_and_stays_the_same(auditor: Caller) -> None:
    now, earlier = reported(auditor), reported(auditor, known_at=EARLIER)
    assert values(earlier) != values(now)
    reached = {line["log"]: line["position"] for line in now["logs"]}
    assert all(line["position"] <= reached[line["log"]] for line in earlier["logs"])
    assert reported(auditor, known_at=EARLIER) == earlier


def test_every_log_is_taken_away_and_holds_until_a_byte_is_changed(auditor: Caller, tmp_path: Path) -> None:
    roots = {line["log"]: (line["position"], line["root"]) for line in reported(auditor)["logs"]}
    for service in LOGS:
        taken, key = log_taken(auditor, service, tmp_path / service), part(auditor, service, "key")
        assert checked_away("log", taken, key) == HOLDS, service
        _, size, root = (taken / "checkpoints.txt").read_text().splitlines()[:3]
        if service != "access":  # Its log grew by the auditor's own sign-in.
            assert roots[f"{STATION}/{service}"] == (int(size), base64.b64decode(root).hex())
        entries = taken / "entries.jsonl"
        change_a_byte(entries, entries.stat().st_size // 2)
        assert checked_away("log", taken, key) == DOES_NOT_HOLD, service


def test_a_checkpoint_that_was_kept_finds_a_log_that_was_cut_short(auditor: Caller, tmp_path: Path) -> None:
    taken, key = log_taken(auditor, "relief", tmp_path / "relief"), part(auditor, "relief", "key")
    entries = taken / "entries.jsonl"
    entries.write_bytes(b"".join(entries.read_bytes().splitlines(keepends=True)[:-1]))
    assert checked_away("log", taken, key) == DOES_NOT_HOLD


def test_the_evidence_names_nobody_in_clear(auditor: Caller, site: Site) -> None:
    clerk = Hands(site).of("clerk-1", "clerk")
    (member, *_) = clerk.ask("membership/members", living="true", size=1)["rows"]
    (masked, *_) = auditor.ask("membership/members", living="true", size=1)["rows"]
    assert masked["person_id"] == member["person_id"]
    assert masked["name"] == member["name"][0] + "*" * (len(member["name"]) - 1)
    events = auditor.ask("membership/history", aggregate="member", key=member["person_id"])["events"]
    entry = auditor.get(f"/logs/{STATION}/membership/entries", after=events[0]["position"] - 1, limit=1)
    assert member["person_id"] in entry.text
    assert member["name"] not in entry.text
    assert member["name"] not in json.dumps(events, ensure_ascii=False)


def test_a_system_with_the_scope_takes_the_same_evidence(auditor: Caller, site: Site) -> None:
    registered = {"client_id": CLIENT, "name": "区档案", "secret_hash": sha256(SECRET.encode()).hexdigest()}
    administrator = Hands(site).of("administrator", "administrator")
    administrator.tell("access/system:register-system", **registered, scopes=SCOPES)
    answer = httpx.post(
        f"{site.url}/api/v1/oauth/token",
        auth=(CLIENT, SECRET),
        data={"grant_type": "client_credentials"},
        timeout=ANSWERED_WITHIN_SECONDS,
    )
    system = Caller(site.url, answer.json()["access_token"])
    for what in ("entries", "checkpoint", "key", "proofs/1"):
        assert part(system, "relief", what) == part(auditor, "relief", what)
    refused = system.get(f"/stations/{STATION}/relief/applications")
    assert refused.json()["code"] == "scope-needed"
