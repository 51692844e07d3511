"""The services as processes on this machine, over a RabbitMQ and a PostgreSQL: what the compose file does, natively."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import httpx

from deploy.native import Servers
from lastmile.composition import Composition
from lastmile.embedded import operator_token
from lastmile.home import Home
from lastmile.settings import LOG_SERVICES, SERVICES, read_settings
from lastmile.standing import entries_behind

START_SECONDS = 90
STOP_SECONDS = 20
SETTLE_SECONDS = 120


class Deployment:
    """Five service processes with databases of their own, which can be stopped, killed and started again one by one."""

    def __init__(self, home: Path, servers: Servers, *, pull_seconds: float = 0.5, broker: bool = True) -> None:
        self.home = Home(home)
        self.home.path.mkdir(parents=True, exist_ok=True)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._addresses = {name: f"127.0.0.1:{_free_port()}" for name in SERVICES}
        self.environment = self._environment(servers, pull_seconds, broker)
        self.composition = Composition(read_settings(self.environment))
        self.calls = self.composition.http_calls()

    def _environment(self, servers: Servers, pull_seconds: float, broker: bool) -> dict[str, str]:
        assert servers.postgres is not None
        variables = {"LASTMILE_HOME": str(self.home.path), "LASTMILE_PULL_SECONDS": str(pull_seconds)}
        if broker:
            variables["LASTMILE_AMQP_URI"] = servers.amqp_uri
        for name in SERVICES:
            variables[f"LASTMILE_{name.upper()}_URL"] = f"http://{self._addresses[name]}"
            variables[f"LASTMILE_{name.upper()}_DATABASE_URL"] = servers.postgres.create_database(name)
            if name in LOG_SERVICES:
                keys = servers.postgres.create_database(f"{name}_keys")
                variables[f"LASTMILE_{name.upper()}_KEYSTORE_URL"] = keys
        return variables

    def start(self) -> None:
        """Migrate the databases and start every service; answers when all are alive."""
        self.composition.migrate()
        self.home.identity_key()
        for name in SERVICES:
            self.start_one(name, wait=False)
        for name in SERVICES:
            self.wait_until_alive(name)

    def start_one(self, name: str, *, wait: bool = True) -> None:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("LASTMILE_")}
        environment = {**inherited, **self.environment, "LASTMILE_HTTP_ADDRESS": self._addresses[name]}
        with self._output(name) as output:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", "lastmile.process", name], env=environment, stdout=output, stderr=output
            )
        if wait:
            self.wait_until_alive(name)

    def _output(self, name: str) -> IO[bytes]:
        return (self.home.path / f"{name}.log").open("ab")

    def wait_until_alive(self, name: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._processes[name].poll() is not None:
                break
            try:
                if httpx.get(f"http://{self._addresses[name]}/health", timeout=5).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        said = (self.home.path / f"{name}.log").read_text()[-2_000:]
        raise RuntimeError(f"the service {name} did not start:\n{said}")

    def ready(self, name: str) -> Mapping[str, object]:
        """What the service says of itself."""
        found: Mapping[str, object] = httpx.get(f"http://{self._addresses[name]}/ready", timeout=30).json()
        return found

    def kill(self, name: str) -> None:
        """End the process as a power cut would."""
        self._processes[name].kill()
        self._processes[name].wait()

    def stop_one(self, name: str) -> int:
        """Ask the process to end; its exit code."""
        process = self._processes[name]
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def stop(self) -> None:
        for process in self._processes.values():
            process.send_signal(signal.SIGTERM)
        for name in self._processes:
            self.stop_one(name)

    def open_station(self, station: str) -> bool:
        """Make the station's logs. True if they were not there."""
        made = [self.composition.service(name).open_station(station) for name in LOG_SERVICES]
        return any(made)

    def operator_token(self, station: str) -> str:
        return operator_token(self.composition, station)

    def settle(self) -> None:
        """Wait until every follower has applied all that is recorded; time runs from the last progress."""
        deadline, before = time.monotonic() + SETTLE_SECONDS, None
        while behind := entries_behind(self.composition):
            if behind != before:
                deadline, before = time.monotonic() + SETTLE_SECONDS, behind
            if time.monotonic() > deadline:
                raise TimeoutError(f"{behind} entries are still not applied after {SETTLE_SECONDS} s without progress")
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
