"""Addresses that try to lead elsewhere: out of a directory, to another station or service, or past a check."""

from pathlib import Path

import pytest

from tests.hostile.addresses import CONSOLE, LOOK, filled, rules
from tests.hostile.conftest import STATION
from tests.hostile.doors import Answer, Door, request

TRICKS = (
    "..",
    "%2e%2e",
    "..%2f..%2f..%2fetc%2fpasswd",
    "....//....//etc/passwd",
    "..%5c..%5cwindows",
    "%c0%ae%c0%ae%c0%af",
    "%252e%252e%252f",
    "%00",
    "a%00b",
    "%0d%0aSet-Cookie:%20hostile=1",
    "%ff",
    "//",
    "%3Cscript%3E",
    "{{1337*31337}}",
    "'%20or%20'1'='1",
    "a" * 3_000,
)
NOT_OURS = ("110102018", "999999999", "110102", "0", "%00", "..", "x")
"""Codes of stations at which the clerk has no role, or which are none."""

OPEN_TO_ALL = {"/stations/<station>/work", "/stations/<station>/account"}
"""Pages about whoever asks: they show nothing of the station that stands in the address."""

OF_ONESELF = {f"/api/v1/stations/{{}}/access/{what}" for what in ("sessions", "sign-ins-list")}
"""One's own, which may be asked at whatever station."""


def harmless(answer: Answer) -> None:
    assert answer.status < 500, answer
    assert answer.header("Set-Cookie").partition("=")[0] in ("", "session"), answer
    if answer.status in (200, 302, 403, 404):  # What came from the application, and not from the server before it.
        assert "frame-ancestors 'none'" in answer.header("Content-Security-Policy")
        assert answer.header("X-Content-Type-Options") == "nosniff"
    assert b"root:" not in answer.body
    assert b"41897569" not in answer.body
    assert b"<script>" not in answer.body
    assert answer.header("Location").startswith("/") or not answer.header("Location")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """An address of every page, `{}` where something may be put."""
    found = [rule for rule in rules(tmp_path_factory.mktemp("rules")) if rule.endpoint.startswith(CONSOLE)]
    return sorted({filled(rule, "{}") for rule in found if LOOK in (rule.methods or ())})


@pytest.fixture(scope="module")
def interfaces(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    found = rules(tmp_path_factory.mktemp("rules"))
    return sorted(
        {
            filled(rule, "membership")
            for rule in found
            if rule.rule.startswith("/api/v1/") and LOOK in (rule.methods or ())
        }
    )


@pytest.mark.parametrize("trick", TRICKS)
def test_whatever_stands_in_an_address_it_leads_nowhere_else(
    served: Door, clerk: str, pages: list[str], trick: str
) -> None:
    tried = [page.replace("{}", trick) for page in pages if "{}" in page]
    assert len(tried) > 30
    tried += [f"/{trick}", f"/static/{trick}", f"/static/vendor/{trick}", f"/stations/{trick}/members"]
    for target in tried:
        for answer in served.raw(request("GET", target, f"Cookie: lastmile={clerk}")):
            harmless(answer)
    for start in ("/api/v1/", "/api/v1/stations/", f"/api/v1/stations/{STATION}/", f"/api/v1/logs/{STATION}/"):
        for answer in served.raw(request("GET", f"{start}{trick}", f"Authorization: Bearer {clerk}")):
            harmless(answer)
            assert answer.status in (400, 404) or answer.header("Content-Type").startswith("text/html"), answer


@pytest.mark.parametrize("station", NOT_OURS)
def test_no_page_shows_anything_of_a_station_at_which_one_has_no_role(
    served: Door, clerk: str, tmp_path: Path, station: str
) -> None:
    for rule in rules(tmp_path):
        if rule.endpoint.startswith(CONSOLE) and LOOK in (rule.methods or ()) and "station" in rule.arguments:
            (answer,) = served.raw(request("GET", filled(rule, "x", station), f"Cookie: lastmile={clerk}"))
            harmless(answer)
            if answer.status == 200:
                assert rule.rule in OPEN_TO_ALL or b"<form" in answer.body, rule.rule


@pytest.mark.parametrize("station", ["110102018", "999999999"])
def test_no_interface_answers_of_a_station_at_which_one_has_no_role(
    served: Door, clerk: str, tmp_path: Path, station: str
) -> None:
    answered = []
    for rule in rules(tmp_path):
        if rule.rule.startswith("/api/v1/") and LOOK in (rule.methods or ()) and {"station", "area"} & rule.arguments:
            target = filled(rule, "membership", station)
            (answer,) = served.raw(request("GET", target, f"Authorization: Bearer {clerk}"))
            harmless(answer)
            answered += [target] if answer.status == 200 else []
    assert set(answered) == {own.format(station) for own in OF_ONESELF}


@pytest.mark.parametrize("service", ["nothing", "reporting", "gateway", "__class__", "..%2faccess"])
def test_a_service_that_keeps_no_log_or_is_none_has_none_to_show(served: Door, clerk: str, service: str) -> None:
    for what in ("entries", "checkpoint", "key", "proofs/1"):
        target = f"/api/v1/logs/{STATION}/{service}/{what}"
        (answer,) = served.raw(request("GET", target, f"Authorization: Bearer {clerk}"))
        assert answer.status == 404
    for target in (f"/stations/{STATION}/reveal/{service}/1/name", f"/stations/{STATION}/logs/{service}/1"):
        (answer,) = served.raw(request("GET", target, f"Cookie: lastmile={clerk}"))
        harmless(answer)


def test_the_same_addresses_do_show_what_they_should(served: Door, clerk: str) -> None:
    """The control of the above."""
    (page,) = served.raw(request("GET", f"/stations/{STATION}/members", f"Cookie: lastmile={clerk}"))
    (answer,) = served.raw(
        request("GET", f"/api/v1/stations/{STATION}/membership/members", f"Authorization: Bearer {clerk}")
    )
    (static,) = served.raw(request("GET", "/static/console.css"))
    assert [each.status for each in (page, answer, static)] == [200, 200, 200]
