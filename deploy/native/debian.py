"""Installs server packages on Debian and Ubuntu without leaving a server enabled or running."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_MARK = "# lastmile: servers stay down while the tests' packages are installed"
SYSTEM_CONFIGURATION = Path("/etc")
SERVERS = ("rabbitmq-server.service", "postgresql.service", "epmd.service", "epmd.socket")
# How a server of the system, and not somebody's private one, shows in its command line.
SYSTEM_PLACES = ("/var/lib/rabbitmq", "/var/lib/postgresql", "/etc/postgresql")
STOP_LIMIT_SECONDS = 20.0


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and shutil.which("dpkg") is not None


def install(packages: list[str]) -> None:
    print(f"installing with apt-get: {' '.join(packages)}", file=sys.stderr, flush=True)
    enabled_before, active_before, running_before = _enabling_links(), _active(set(SERVERS)), _system_servers()
    try:
        with _servers_held_back():
            if not _apt("install", packages):
                _apt("update", [])
                _apt("install", packages)
    finally:
        brought = {link: unit for link, unit in _enabling_links().items() if link not in enabled_before}
        for unit in sorted(_active({*SERVERS, *brought.values()}) - active_before):
            _quietly("systemctl", "stop", unit)
        for unit in sorted(set(brought.values())):
            _quietly("service", Path(unit).stem, "stop")
        _disable(brought)
        _end(_system_servers() - running_before)


def _apt(order: str, packages: list[str]) -> bool:
    words = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-q", order]
    if packages:
        words += ["-y", "--no-install-recommends", *packages]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # What apt says goes to stderr: stdout is for data.
    return subprocess.run(words, env=environment, stdout=sys.stderr, check=False).returncode == 0


@contextlib.contextmanager
def _servers_held_back() -> Iterator[None]:
    """Debian's own way to say that no service may be started; a policy of somebody else's is left alone."""
    ours = not POLICY.exists() or POLICY_MARK in POLICY.read_text()
    if ours:
        POLICY.write_text(f"#!/bin/sh\n{POLICY_MARK}\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY.unlink()


def _enabling_links() -> dict[Path, str]:
    """Links by which services and sockets start with the machine, systemd's and the older ones, and their units.

    Not only those of the two servers: what they depend on may bring others, such as cron.
    """
    links = {
        link: link.name
        for link in SYSTEM_CONFIGURATION.glob("systemd/system/*.wants/*")
        if link.name.endswith((".service", ".socket"))
    }
    return links | {link: f"{link.name[3:]}.service" for link in SYSTEM_CONFIGURATION.glob("rc[2-5].d/S*")}


def _disable(links: dict[Path, str]) -> None:
    for unit in sorted(set(links.values())):
        _quietly("systemctl", "disable", unit)
        _quietly("update-rc.d", Path(unit).stem, "disable")
    for link in links:  # Debian enables units by such a link where systemctl is not even installed.
        link.unlink(missing_ok=True)


def _active(units: set[str]) -> set[str]:
    if not Path("/run/systemd/system").is_dir():
        return set()
    return {unit for unit in units if _quietly("systemctl", "is-active", unit)}


def _quietly(*words: str) -> bool:
    if shutil.which(words[0]) is None:
        return False
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _system_servers() -> set[int]:
    """Process ids of the system's own PostgreSQL, RabbitMQ and port mapper."""
    return {int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _is_system_server(entry)}


def _is_system_server(process: Path) -> bool:
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
        private = b"ERL_EPMD_PORT=" in (process / "environ").read_bytes()
    except OSError:  # It ended while we looked.
        return False
    match Path(words[0]).name:
        case "epmd":
            return not private and "-port" not in words
        case "postgres" | "beam.smp":
            return any(place in word for word in words for place in SYSTEM_PLACES)
        case _:
            return False


def _end(pids: set[int]) -> None:
    deadline = time.monotonic() + STOP_LIMIT_SECONDS
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    while pids & _system_servers():
        if time.monotonic() > deadline:
            for pid in pids & _system_servers():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.1)
