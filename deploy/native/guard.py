"""A private server's directory and processes, which end with us however we end."""

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

START_LIMIT_SECONDS = 60.0
STOP_LIMIT_SECONDS = 20.0
LOG_TAIL_CHARACTERS = 4_000

# Reads until we are gone, then ends what the pid files name. This answers a kill -9 of the tests.
GUARD_SCRIPT = """
read -r nothing
for signal in QUIT KILL; do
    for file in "$1"/*.pid; do
        [ -e "$file" ] && kill -"$signal" "$(cat "$file")" 2>/dev/null && left=1
    done
    [ "$left" = 1 ] && sleep 2
    left=0
done
rm -rf "$1"
"""


class ServerDidNotStart(RuntimeError):
    """A private server ended or stayed silent; the message ends with the last lines of its log."""


class Guarded:
    """One private server: a directory of its own, its processes, and a guard that outlives us by seconds."""

    def __init__(self, name: str, account: str | None = None) -> None:
        """`account` names the user who owns the directory and runs the processes; None is ourselves."""
        self.account = account
        self.directory = Path(tempfile.mkdtemp(prefix=f"lastmile-{name}-", dir=_reachable_directory(account)))
        if account is not None:
            entry = pwd.getpwnam(account)
            os.chown(self.directory, entry.pw_uid, entry.pw_gid)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._owner_pid = os.getpid()
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", GUARD_SCRIPT, "lastmile-guard", str(self.directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        atexit.register(self.close)

    def start(self, name: str, words: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        """Start a process of this server, if it does not run; what it prints goes to `<name>.log` in the directory."""
        running = self._processes.get(name)
        if running is not None and running.poll() is None:
            return
        with (self.directory / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=self.directory,
                start_new_session=True,
                **_as_account(self.account),
            )
        (self.directory / f"{name}.pid").write_text(str(process.pid))
        self._processes[name] = process

    def run(self, words: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        """Run a program of this server to its end; a failure shows what it printed."""
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=self.directory,
            check=False,
            timeout=START_LIMIT_SECONDS,
            **_as_account(self.account),
        )
        if done.returncode != 0:
            said = done.stdout.decode(errors="replace")
            raise ServerDidNotStart(f"{words[0]} ended with {done.returncode}: {said}")

    def wait_until(self, answers: Callable[[], bool], name: str) -> None:
        """Wait for the process `name` to answer, as long as it lives and START_LIMIT_SECONDS at most."""
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while not answers():
            ended = self._processes[name].poll()
            if ended is not None or time.monotonic() > deadline:
                happened = "is silent" if ended is None else f"ended with {ended}"
                log = (self.directory / f"{name}.log").read_text(errors="replace")
                raise ServerDidNotStart(f"{name} {happened}:\n{log[-LOG_TAIL_CHARACTERS:]}")
            time.sleep(0.05)

    def end(self, name: str, asking: signal.Signals) -> None:
        """End a process if it runs: ask with the given signal, insist after STOP_LIMIT_SECONDS."""
        process = self._processes.pop(name, None)
        if process is None:
            return
        process.send_signal(asking)
        try:
            process.wait(STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        (self.directory / f"{name}.pid").unlink(missing_ok=True)

    def close(self) -> None:
        """End all processes and remove the directory. Calling again, or in a forked child, does nothing."""
        if os.getpid() != self._owner_pid or self._guard.stdin is None or self._guard.stdin.closed:
            return
        for name in reversed(list(self._processes)):
            self.end(name, signal.SIGQUIT)
        shutil.rmtree(self.directory, ignore_errors=True)
        self._guard.stdin.close()
        self._guard.wait()
        atexit.unregister(self.close)


def free_ports(count: int) -> list[int]:
    """Ports on 127.0.0.1 that nobody listens on at this moment, all different."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [listener.getsockname()[1] for listener in listeners]
    finally:
        for listener in listeners:
            listener.close()


def _as_account(account: str | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []}


def _reachable_directory(account: str | None) -> str:
    """A directory for temporary files in which another user can reach what we give to it."""
    usual = tempfile.gettempdir()
    if account is None:
        return usual
    for candidate in (usual, "/var/tmp", "/tmp"):  # noqa: S108 - mkdtemp makes a private one in it.
        path = Path(candidate).resolve()
        if path.is_dir() and all(step.stat().st_mode & 0o001 for step in (path, *path.parents)):
            return candidate
    return usual
