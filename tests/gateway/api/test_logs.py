"""The log feed: who follows it holds the log byte for byte, and checks it away from the system."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Role
from tests.gateway.api.conftest import ELSEWHERE, STATION
from tests.gateway.api.people import StandInAccess
from tests.gateway.api.test_frame import Headers, problem_of, register

FEED = f"/api/v1/logs/{STATION}/membership"
VERIFIER = Path(__file__).parents[3] / "verifier" / "lastmile_verifier.py"
NEXT = re.compile(r'<([^>]+)>; rel="next"')
UNIONS = 25


@pytest.fixture(scope="module", autouse=True)
def _written(app, access: StandInAccess, home: Embedded) -> None:  # type: ignore[no-untyped-def]
    clerk = access.let_in("the clerk who writes", Role.CLERK, STATION)
    for number in range(UNIONS):
        assert register(app.test_client(), clerk, f"log-{number}", f"log-{number}").status_code == 200
    home.services["membership"].sign_checkpoints()


@pytest.fixture
def auditor(access: StandInAccess) -> Headers:
    return access.let_in("auditor", Role.DISTRICT_AUDITOR, ELSEWHERE)


def follow(client: FlaskClient, who: Headers, limit: int) -> bytes:
    """All entries, page by page as the Link headers lead."""
    found, address = b"", f"{FEED}/entries?limit={limit}"
    while address:
        response = client.get(address, headers=who)
        assert response.mimetype == "application/jsonl"
        found += response.data
        further = NEXT.search(response.headers.get("Link", ""))
        address = further[1] if further else ""
    return found


def checked(directory: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, str(VERIFIER), "log", str(directory), "--key", str(directory / "log.vkey")]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_the_feed_is_the_log_byte_for_byte(client: FlaskClient, auditor: Headers, home: Embedded) -> None:
    kept = home.services["membership"].entries(f"{STATION}/membership", 0, 1_000)
    assert follow(client, auditor, 10) == b"".join(entry + b"\n" for entry in kept)
    assert len(kept) >= UNIONS


def test_the_feed_goes_on_where_it_was_left(client: FlaskClient, auditor: Headers) -> None:
    whole = follow(client, auditor, 1_000).splitlines()
    assert client.get(f"{FEED}/entries?after=20", headers=auditor).data.splitlines() == whole[20:]
    assert client.get(f"{FEED}/entries?after={len(whole)}", headers=auditor).data == b""


def test_who_follows_the_feed_checks_it_offline(client: FlaskClient, auditor: Headers, tmp_path: Path) -> None:
    (tmp_path / "entries.jsonl").write_bytes(follow(client, auditor, 7))
    (tmp_path / "checkpoints.txt").write_bytes(client.get(f"{FEED}/checkpoint", headers=auditor).data)
    (tmp_path / "log.vkey").write_bytes(client.get(f"{FEED}/key", headers=auditor).data)
    outcome = checked(tmp_path)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_proof_of_one_entry_holds_offline(client: FlaskClient, auditor: Headers, tmp_path: Path) -> None:
    (tmp_path / "proof.json").write_bytes(client.get(f"{FEED}/proofs/3", headers=auditor).data)
    key = client.get(f"{FEED}/key", headers=auditor).text.strip()
    words = [sys.executable, str(VERIFIER), "proof", str(tmp_path / "proof.json"), "--key", key]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 0
    problem_of(client.get(f"{FEED}/proofs/1000", headers=auditor), 404, "not-found")


def test_a_feed_that_was_changed_on_the_way_does_not_hold(
    client: FlaskClient, auditor: Headers, tmp_path: Path
) -> None:
    changed = follow(client, auditor, 1_000).replace(b'"union_id":"log-3"', b'"union_id":"log-4"')
    (tmp_path / "entries.jsonl").write_bytes(changed)
    (tmp_path / "checkpoints.txt").write_bytes(client.get(f"{FEED}/checkpoint", headers=auditor).data)
    (tmp_path / "log.vkey").write_bytes(client.get(f"{FEED}/key", headers=auditor).data)
    assert checked(tmp_path).returncode == 1


def test_a_system_reads_the_log_with_the_scope_alone(client: FlaskClient, access: StandInAccess) -> None:
    city = access.let_in("city", Role.CITY_SYSTEM, STATION, scopes=["logs.read"])
    assert client.get(f"{FEED}/entries", headers=city).status_code == 200
    without = access.let_in("city without", Role.CITY_SYSTEM, STATION, scopes=["membership.read"])
    problem_of(client.get(f"{FEED}/entries", headers=without), 403, "scope-needed")


def test_clerks_and_people_of_other_stations_read_no_log(
    client: FlaskClient, access: StandInAccess, clerk: Headers
) -> None:
    stranger = access.let_in("head elsewhere", Role.STATION_HEAD, ELSEWHERE)
    for who in (clerk, stranger):
        for what in ("entries", "checkpoint", "key"):
            problem_of(client.get(f"{FEED}/{what}", headers=who), 403, "forbidden")


@pytest.mark.parametrize("asked", ["after=-1", "after=x", "limit=0", "limit=1001", "after=1&after=2", "more=1"])
def test_a_feed_asked_wrongly_says_so(client: FlaskClient, auditor: Headers, asked: str) -> None:
    assert problem_of(client.get(f"{FEED}/entries?{asked}", headers=auditor), 422, "invalid")["fields"]


def test_there_is_no_log_of_a_service_that_keeps_none(client: FlaskClient, auditor: Headers) -> None:
    problem_of(client.get(f"/api/v1/logs/{STATION}/reporting/entries", headers=auditor), 404, "no-such-path")
    problem_of(client.get("/api/v1/logs/110102999/relief/entries", headers=auditor), 404, "not-found")
