"""The gateway as a process before a stranger: what it answers, byte for byte, and how much memory it takes for that."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.native.guard import free_ports
from tests.eventually import eventually

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "from lastmile.cli import main; main()")
STARTS_WITHIN_SECONDS, STOPS_WITHIN_SECONDS, ANSWERS_WITHIN_SECONDS = 60, 30, 30
KILOBYTE, MEGABYTE = 1024, 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """A response as it came over the wire."""

    status: int
    head: str
    """The status line and the headers, with their line breaks."""
    body: bytes

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Names (small) and values, in their order; a line that was smuggled in is one of them."""
        lines = self.head.split("\r\n")[1:]
        return [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    def header(self, name: str) -> str:
        return next((value for known, value in self.headers if known == name.lower()), "")


class Door:
    """A served gateway, `lastmile serve` or `lastmile gateway`."""

    def __init__(self, command: str, log: Path, settings: Mapping[str, str]) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LASTMILE_")}
        (self.port,) = free_ports(1)
        self.host, self.log = f"127.0.0.1:{self.port}", log
        environment = {**inherited, **settings, "LASTMILE_HTTP_ADDRESS": self.host}
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                (*PROGRAM, command), env=environment, cwd=ROOT, stdout=output, stderr=output
            )
        self.client = httpx.Client(base_url=f"http://{self.host}", timeout=ANSWERS_WITHIN_SECONDS)
        eventually(self.is_alive, seconds=STARTS_WITHIN_SECONDS, describe=log.read_text)

    def is_alive(self) -> bool:
        try:
            return self.process.poll() is None and self.client.get("/health").is_success
        except httpx.TransportError:
            return False

    def raw(self, *sent: bytes) -> list[Answer]:
        """Every answer to these bytes on one connection, until the server ends it or falls silent."""
        return list(answers_in(self.said_to(sent)))

    def said_to(self, sent: Iterable[bytes]) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=ANSWERS_WITHIN_SECONDS) as connection:
            try:
                for piece in sent:
                    connection.sendall(piece)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # The server has heard enough.
            said = bytearray()
            try:
                while piece := connection.recv(65_536):
                    said += piece
            except ConnectionResetError:
                pass  # What it said before stands.
            return bytes(said)

    def memory_bytes(self) -> int:
        """The most memory that the process and its workers held since `forget_memory`."""
        return sum(_high_water(pid) for pid in self._processes())

    def forget_memory(self) -> None:
        for pid in self._processes():
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def _processes(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]

    def stop(self) -> None:
        self.client.close()
        self.process.send_signal(signal.SIGINT if "serve" in self.process.args else signal.SIGTERM)  # type: ignore[operator]
        try:
            self.process.wait(STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def answers_in(said: bytes) -> Iterable[Answer]:
    """The responses that stand one after the other in what a server said."""
    while said:
        head, found, rest = said.partition(b"\r\n\r\n")
        assert found, said[:200]
        text = head.decode("latin-1")
        status = int(text.split(" ", 2)[1])
        length = re.search(r"(?im)^content-length: *(\d+)", text)
        size = int(length[1]) if length else 0 if status in (100, 204, 304) else len(rest)
        yield Answer(status, text, rest[:size])
        said = rest[size:]


def request(method: str, target: str, *headers: str, body: bytes = b"", host: str = "station.example") -> bytes:
    """A request with exactly these header lines, and the length of its body."""
    length = (
        ()
        if not body or any(h.lower().startswith(("content-length", "transfer-")) for h in headers)
        else (f"Content-Length: {len(body)}",)
    )
    lines = (f"{method} {target} HTTP/1.1", f"Host: {host}", *headers, *length, "", "")
    return "\r\n".join(lines).encode("utf-8") + body


def _high_water(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * KILOBYTE
