"""The auditor's question: from a figure to one event, its proof, the logs checked, the evidence checked elsewhere."""

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lastmile.embedded import Embedded
from lastmile.kernel.domain.identity import Role
from services.gateway.console import evidence
from tests.gateway.console.answering import STATION
from tests.gateway.console.conftest import UNIONS, hidden, signed_in

REPORT = f"/stations/{STATION}/report"
LOGS = f"/stations/{STATION}/logs"


@pytest.fixture
def auditor(home: Embedded) -> FlaskClient:
    return signed_in(home, Role.DISTRICT_AUDITOR)


def first_link(page: str, holding: str) -> str:
    found = re.search(rf'href="([^"]*{re.escape(holding)}[^"]*)"', page)
    assert found, holding
    return found[1].replace("&amp;", "&")


def test_every_figure_opens_to_its_events(auditor: FlaskClient) -> None:
    shown = auditor.get(f"{REPORT}?year=2017").text
    links = set(re.findall(r'href="([^"]*/figures/[^"]*)"', shown))
    assert len(links) > 20
    assert "110102017/membership" in shown
    for link in sorted(links):
        assert auditor.get(link.replace("&amp;", "&")).status_code == 200, link


def test_the_report_can_be_asked_as_of_a_day_and_as_known_at_an_instant(auditor: FlaskClient) -> None:
    def unions(asked: str) -> str:
        page = auditor.get(f"{REPORT}?year=2017&{asked}").text
        found = re.search(r'/figures/unions\?[^"]*">([\d,—]+)', page)
        assert found
        return found[1]

    assert unions("") == "130"
    assert unions("as_of=2017-03-31") == "36"
    assert unions("known_at=2017-11-30T00:00") in ("0", "—")
    assert unions("known_at=2017-12-02T00:00") == "130"


def test_what_is_asked_wrongly_is_said_on_a_page(auditor: FlaskClient) -> None:
    answer = auditor.get(f"{REPORT}?year=2017&as_of=yesterday")
    assert answer.status_code == 422
    assert "填写的内容有误" in answer.text


def test_a_figure_of_many_events_is_paged_to_the_last(auditor: FlaskClient) -> None:
    link, seen = f"{REPORT}/figures/unions?year=2017", set()
    while link:
        page = auditor.get(link).text
        seen |= set(re.findall(r"/logs/membership/(\d+)", page))
        further = re.search(r'rel="next" href="([^"]+)"', page)
        link = further[1].replace("&amp;", "&") if further else ""
    assert len(seen) == UNIONS


def test_from_a_figure_to_one_event_its_actor_and_its_proof(auditor: FlaskClient) -> None:
    figure = auditor.get(f"{REPORT}/figures/unions?year=2017").text
    entry = auditor.get(first_link(figure, "/logs/membership/")).text
    assert "clerk-1" in entry
    assert "登记原有工会" in entry
    assert "已证明" in entry
    assert "哈希不一致" not in entry
    back = first_link(entry, "/figures/unions")
    assert auditor.get(back).status_code == 200


def verifier_says(*arguments: str) -> str:
    script = Path("verifier/lastmile_verifier.py").resolve()
    ran = subprocess.run([sys.executable, str(script), *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def taken_away(auditor: FlaskClient, address: str, to: Path) -> Path:
    """The evidence unpacked in a directory."""
    token = hidden(auditor.get(LOGS).text, "csrf_token")
    answer = auditor.post(address, data={"csrf_token": token})
    assert answer.mimetype == "application/zip"
    zipfile.ZipFile(io.BytesIO(answer.data)).extractall(to)
    return to


def test_the_evidence_of_one_entry_is_checked_away_from_the_system(auditor: FlaskClient, tmp_path: Path) -> None:
    place = taken_away(auditor, f"{LOGS}/membership/7/evidence", tmp_path)
    assert "UnionRegistered" in verifier_says("proof", str(place / "proof.json"), "--key", str(place / "station.vkey"))
    assert "lastmile_verifier.py proof" in (place / "README.txt").read_text()
    assert (place / "lastmile_verifier.py").read_bytes() == Path("verifier/lastmile_verifier.py").read_bytes()


def test_the_evidence_of_a_log_is_checked_away_from_the_system(auditor: FlaskClient, tmp_path: Path) -> None:
    place = taken_away(auditor, f"{LOGS}/membership/evidence", tmp_path)
    said = verifier_says("log", str(place / "log"), "--key", str(place / "station.vkey"))
    assert f"{UNIONS} entries" in said or "entries of 110102017/membership" in said


def test_taking_evidence_is_recorded(auditor: FlaskClient, home: Embedded, tmp_path: Path) -> None:
    taken_away(auditor, f"{LOGS}/membership/7/evidence", tmp_path)
    home.settle()
    last = home.services["membership"].entries(f"{STATION}/membership", UNIONS, 1_000)[-1]
    assert b'"type":"ExportRecorded"' in last
    assert b"district_auditor" in last


def verified(auditor: FlaskClient, kept: str = "") -> str:
    token = hidden(auditor.get(LOGS).text, "csrf_token")
    return auditor.post(LOGS, data={"csrf_token": token, "kept": kept}).text


def test_the_logs_are_verified_from_the_page(auditor: FlaskClient) -> None:
    shown = verified(auditor)
    assert shown.count("：完好") == 1
    assert "有问题" not in shown


def test_a_checkpoint_that_somebody_kept_is_held_against_the_log(auditor: FlaskClient, home: Embedded) -> None:
    kept = home.services["membership"].checkpoint(f"{STATION}/membership")
    assert "与您保存的 1 个检查点一致" in verified(auditor, kept)
    lines = kept.split("\n")
    forged = "\n".join([lines[0], lines[1], "A" * 43 + "=", *lines[3:]])
    assert "不是这本日志的公钥签的" in verified(auditor, forged)


def forge(monkeypatch: pytest.MonkeyPatch, union: int) -> None:
    """Let the service answer another name for the entry of one union."""
    honest = evidence.ask

    def forging(service: str, question: str, **parameters: object) -> object:
        answer = honest(service, question, **parameters)
        if (service, question) == ("membership", "log_entries"):
            changed = [entry.replace(f'"union_id":"u{union}"', '"union_id":"u0"') for entry in answer["entries"]]
            return {**answer, "entries": changed}
        return answer

    monkeypatch.setattr(evidence, "ask", forging)


def test_a_changed_entry_is_found_by_the_one_after_it(auditor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    forge(monkeypatch, 9)
    shown = verified(auditor)
    assert "membership：有问题" in shown
    assert "第 11 条与前一条的哈希对不上" in shown


def test_without_the_chain_the_signed_root_still_finds_it_and_without_both_nothing_does(
    auditor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge(monkeypatch, 9)
    monkeypatch.setattr(evidence, "_continues", lambda *_: True)
    assert "与签名检查点不一致" in verified(auditor)
    monkeypatch.setattr(evidence, "_compare", lambda *_: None)
    assert "有问题" not in verified(auditor)


def test_who_may_not_read_logs_sees_figures_and_no_entries(home: Embedded) -> None:
    clerk = signed_in(home, Role.CLERK)
    assert "/logs" not in clerk.get(f"{REPORT}?year=2017").text
    figure = clerk.get(f"{REPORT}/figures/unions?year=2017")
    assert "/logs/membership/" not in figure.text
    assert clerk.get(f"{LOGS}/membership/7").status_code == 403
