"""Eight clients at once, light enough not to be what is measured: the same for the service and for its peer."""

import socket
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from time import perf_counter
from typing import Any

warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")

from nameko.standalone.rpc import ClusterRpcProxy  # noqa: E402

CLIENTS = 8


def requests_per_second(address: str, requests: Sequence[bytes]) -> float:
    """Each client sends its share of the requests over one connection, one after the other."""
    return _together(requests, lambda share, ready: _over_http(address, share, ready))


def calls_per_second(amqp_uri: str, bodies: Sequence[Any]) -> float:
    """The same by nameko's RPC."""
    return _together(bodies, lambda share, ready: _over_rpc(amqp_uri, share, ready))


def request(address: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A POST as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {address}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _together(items: Sequence[Any], client: Callable[[Sequence[Any], Barrier], None]) -> float:
    ready = Barrier(CLIENTS + 1)
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(client, items[number::CLIENTS], ready) for number in range(CLIENTS)]
        ready.wait(30)
        started = perf_counter()
        for one in running:
            one.result()
        return len(items) / (perf_counter() - started)


def _over_http(address: str, requests: Sequence[bytes], ready: Barrier) -> None:
    host, _, port = address.partition(":")
    with closing(socket.create_connection((host, int(port)), timeout=60)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ready.wait(30)
        for data in requests:
            connection.sendall(data)
            _answer(connection)


def _answer(connection: socket.socket) -> None:
    """Read one answer whole. Anything but 200 is an error."""
    data = connection.recv(65_536)
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _more(connection)
    if not data.startswith(b"HTTP/1.1 200"):
        raise ValueError(f"the service refused: {data[:1_000]!r}")
    head = data[:end].lower()
    start = head.index(b"content-length:") + len(b"content-length:")
    length = int(head[start:].partition(b"\r\n")[0])
    while len(data) < end + 4 + length:
        data += _more(connection)


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    if not data:
        raise ConnectionError("the service hung up")
    return data


def _over_rpc(amqp_uri: str, bodies: Sequence[Any], ready: Barrier) -> None:
    with ClusterRpcProxy({"AMQP_URI": amqp_uri}, timeout=60) as cluster:
        cluster.echo.over_rpc("first")
        ready.wait(30)
        for body in bodies:
            assert cluster.echo.over_rpc(body) == body
