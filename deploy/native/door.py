"""A door before a server that is not ours to stop: while it is shut, the server seems to be away."""

import contextlib
import selectors
import socket
import threading

PIECE_BYTES = 65_536


class Door:
    """Forwards connections on 127.0.0.1:`port` to one address while it is open."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener: socket.socket | None = None
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.port = 0

    def open(self) -> None:
        """Listen, on the port of the last time if there was one."""
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self.port = self._listener.getsockname()[1]
            threading.Thread(target=self._let_in, args=[self._listener], daemon=True).start()

    def shut(self) -> None:
        """Refuse new connections and cut those that stand."""
        if self._listener is None:
            return
        _cut(self._listener)
        self._listener = None
        with self._lock:
            for connection in self._connections:
                _cut(connection)
            self._connections.clear()

    def _let_in(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # shut() closed the listener.
            while True:
                outer, _ = listener.accept()
                try:
                    inner = socket.create_connection(self._target)
                except OSError:
                    outer.close()
                    continue
                with self._lock:
                    self._connections |= {outer, inner}
                threading.Thread(target=self._carry, args=[outer, inner], daemon=True).start()

    def _carry(self, outer: socket.socket, inner: socket.socket) -> None:
        other = {outer: inner, inner: outer}
        with selectors.DefaultSelector() as selector, contextlib.suppress(OSError, ValueError):
            for side in other:
                selector.register(side, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    assert isinstance(key.fileobj, socket.socket)
                    piece = key.fileobj.recv(PIECE_BYTES)
                    if not piece:
                        raise ConnectionResetError
                    other[key.fileobj].sendall(piece)
        with self._lock:
            self._connections -= {outer, inner}
        _cut(outer)
        _cut(inner)


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
