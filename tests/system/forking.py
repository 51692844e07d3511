"""Service processes that start at once: a process that has imported everything forks one each time it is asked.

What runs in them is what `lastmile service NAME` runs. Importing would take a second of each start, and the tests
kill a hundred of them.
"""

import http.client
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

from deploy.processes import Deployment
from lastmile.composition import Composition
from lastmile.settings import SERVICES, read_settings

START_SECONDS = 60
GONE_SECONDS = 20


class Forked:
    """A service process, used as if it were a child of ours."""

    def __init__(self, process_id: int) -> None:
        self.process_id = process_id

    def poll(self) -> int | None:
        try:
            os.kill(self.process_id, 0)
        except ProcessLookupError:
            return 0
        return None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.process_id, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float = GONE_SECONDS) -> int:
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.process_id), timeout)
            time.sleep(0.002)
        return 0


class Forkery:
    """The process that forks; whatever it forked ends with it."""

    def __init__(self) -> None:
        words = [sys.executable, "-m", "tests.system.forking"]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def fork(self, name: str, environment: dict[str, str], output: Path) -> Forked:
        asked = {"name": name, "environment": environment, "output": str(output)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(asked)}\n")
        self._process.stdin.flush()
        return Forked(int(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate()


class ForkedDeployment(Deployment):
    """A deployment whose processes are forked."""

    forkery: Forkery

    def start_one(self, name: str, *, wait: bool = True) -> None:
        environment = {**self.environment, "LASTMILE_HTTP_ADDRESS": self._addresses[name]}
        forked = self.forkery.fork(name, environment, self.home.path / f"{name}.log")
        self._processes[name] = cast("subprocess.Popen[bytes]", forked)
        if wait:
            self.wait_until_alive(name)

    def wait_until_alive(self, name: str) -> None:
        """As it is, but at less cost than making a client for each look."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._processes[name].poll() is None:
            connection = http.client.HTTPConnection(self._addresses[name], timeout=5)
            try:
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.02)
            finally:
                connection.close()
        said = (self.home.path / f"{name}.log").read_text()[-2_000:]
        raise RuntimeError(f"the service {name} did not start:\n{said}")

    def change(self, variables: dict[str, str]) -> None:
        """Give other settings to whatever is started from now on."""
        self.environment = {**self.environment, **variables}
        self.composition = Composition(read_settings(self.environment))

    def restart(self, *names: str) -> None:
        """Stop these services (all of them if none is named) as asked, and start them again."""
        for name in names or SERVICES:
            self.stop_one(name)
        for name in names or SERVICES:
            self.start_one(name, wait=False)
        for name in names or SERVICES:
            self.wait_until_alive(name)


def _fork_as_asked() -> None:
    import lastmile.process  # noqa: F401 - Makes this process green, as it makes every service.
    from lastmile.cli import exit_codes
    from lastmile.hosting import host

    for name in SERVICES:
        importlib.import_module(f"services.{name}.api")
        importlib.import_module(f"services.{name}.service")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    forked = []
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        process_id = os.fork()
        if process_id == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            output = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            for stream in (1, 2):
                os.dup2(output, stream)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            for variable in [name for name in os.environ if name.startswith("LASTMILE_")]:
                del os.environ[variable]
            os.environ.update(asked["environment"])
            with exit_codes():
                host(asked["name"])
            os._exit(0)
        forked.append(process_id)
        print(process_id, flush=True)
    for process_id in forked:
        Forked(process_id).kill()


if __name__ == "__main__":
    _fork_as_asked()
