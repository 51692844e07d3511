"""The gateway as a process before services that are processes: ready when they are, strict, and clean when it stops."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.native.guard import free_ports
from tests.eventually import eventually
from tests.system.forking import ForkedDeployment

ROOT = Path(__file__).parents[2]
GATEWAY = (sys.executable, "-c", "from lastmile.cli import main; main()", "gateway")
STARTS_WITHIN_SECONDS, STOPS_WITHIN_SECONDS = 60, 30
MEGABYTE = 1024 * 1024


class GatewayProcess:
    """`lastmile gateway` over a deployment."""

    def __init__(self, deployment: ForkedDeployment, log: Path, **settings: str) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LASTMILE_")}
        addresses = {name: value for name, value in deployment.environment.items() if name.endswith("_URL")}
        own = {name: value for name, value in addresses.items() if not name.endswith(("DATABASE_URL", "KEYSTORE_URL"))}
        address = f"127.0.0.1:{free_ports(1)[0]}"
        settings = {
            "LASTMILE_HTTP_ADDRESS": address,
            "LASTMILE_HOME": deployment.environment["LASTMILE_HOME"],
        } | settings
        self.url = f"http://{address}"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                GATEWAY, env=inherited | own | settings, cwd=ROOT, stdout=output, stderr=output
            )
        self.client = httpx.Client(base_url=self.url, timeout=30)
        eventually(self.is_alive, seconds=STARTS_WITHIN_SECONDS, describe=log.read_text)

    def is_alive(self) -> bool:
        try:
            return self.client.get("/health").is_success
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOPS_WITHIN_SECONDS)


@pytest.fixture(scope="module")
def gateway(deployment: ForkedDeployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    running = GatewayProcess(
        deployment,
        tmp_path_factory.mktemp("gateway") / "log",
        LASTMILE_PUBLIC_URL="https://lastmile.example.org",
        LASTMILE_TRUSTED_PROXIES="1",
    )
    yield running
    if running.process.poll() is None:
        running.stop()


def test_it_is_ready_with_its_services_and_alive_without_access(
    gateway: GatewayProcess, deployment: ForkedDeployment
) -> None:
    eventually(lambda: gateway.client.get("/ready").status_code == 200, seconds=30)
    told = gateway.client.get("/ready").json()["services"]
    assert set(told) == {"access", "membership", "activities", "relief", "reporting"}
    assert all(isinstance(entries, int) for entries in told["reporting"]["lag"].values())
    deployment.stop_one("access")
    try:
        assert gateway.client.get("/ready").status_code == 503
        assert gateway.is_alive()
    finally:
        deployment.start_one("access")
    assert gateway.client.get("/ready").status_code == 200


def test_its_metrics_are_for_those_who_run_it(gateway: GatewayProcess) -> None:
    assert "lastmile_service_ready" in gateway.client.get("/metrics").text
    through = {"X-Forwarded-For": "192.0.2.1"}
    assert gateway.client.get("/metrics", headers=through).status_code == 404


def test_pages_and_interfaces_are_there_and_say_that_tls_is_meant(gateway: GatewayProcess) -> None:
    first = gateway.client.get("/sign-in", headers={"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"})
    assert first.status_code == 200
    assert "max-age" in first.headers["Strict-Transport-Security"]
    assert all("Secure" in cookie for cookie in first.headers.get_list("Set-Cookie"))
    assert gateway.client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")


def test_a_body_or_a_header_past_the_limit_is_refused(gateway: GatewayProcess) -> None:
    connection = http.client.HTTPConnection(gateway.url.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", "/api/v1/sessions")
    declared = {"Content-Length": 100 * MEGABYTE, "Content-Type": "application/json", "Idempotency-Key": "k"}
    for name, value in declared.items():
        connection.putheader(name, str(value))
    connection.endheaders(b"{")
    assert connection.getresponse().status == 413
    connection.close()
    assert gateway.client.get("/health", headers={"X-Long": "x" * 100_000}).status_code in {400, 431}
    assert gateway.client.get(f"/health?{'x' * 10_000}").status_code in {400, 414}
    assert gateway.is_alive()


def test_told_to_stop_it_answers_what_it_began_and_ends_well(gateway: GatewayProcess) -> None:
    began = time.monotonic()
    assert gateway.stop() == 0
    assert time.monotonic() - began < STOPS_WITHIN_SECONDS


def test_it_does_not_start_without_services_or_in_production_without_its_address(tmp_path: Path) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LASTMILE_")}
    settings = {"LASTMILE_HOME": str(tmp_path), "LASTMILE_PRODUCTION": "1", "LASTMILE_MASTER_KEY": "A" * 42 + "E="}
    done = subprocess.run(GATEWAY, env=inherited | settings, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "LASTMILE_ACCESS_URL" in done.stderr
    assert "LASTMILE_PUBLIC_URL" in done.stderr
