"""The HTTP server of `lastmile serve`: waitress, stricter about what is ambiguous, refusing in the words of REST."""

from functools import partial
from typing import Any

import orjson
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server
from waitress.task import ErrorTask
from waitress.wasyncore import close_all

THREADS = 8
LARGEST_BODY_BYTES, LARGEST_HEADER_BYTES = 16 * 1024 * 1024, 64 * 1024
TOO_LARGE = 413


class _Unambiguous(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types.
    """Refuses a body whose end is told in two ways: whatever stands before us may believe the other one."""

    path = ""  # Until it is known: what cannot be parsed never gets one, and a refusal asks for it.

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Both Transfer-Encoding and Content-Length are given")


class _Refusal(ErrorTask):  # type: ignore[misc]
    """What is refused before the application is asked; under /api/ a problem, as every other refusal there."""

    def execute(self) -> None:
        error = self.request.error
        if not self.request.path.startswith("/api/"):
            super().execute()
            return
        code = "too-large" if error.code == TOO_LARGE else "bad-request"
        members = {"type": f"urn:lastmile:{code}", "title": error.reason, "status": error.code, "code": code}
        body = orjson.dumps({**members, "detail": str(error.body)})
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/problem+json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Unambiguous
    error_task_class = _Refusal


class Listening:
    """A server that listens; `run` answers in the thread that calls it until another one calls `end`."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self._connections: dict[int, Any] = {}
        self._server = create_server(
            app,
            map=self._connections,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            max_request_body_size=LARGEST_BODY_BYTES,
            max_request_header_size=LARGEST_HEADER_BYTES,
        )
        self._server.channel_class = _Channel
        self.url = f"http://{self._server.effective_host}:{self._server.effective_port}"

    def run(self) -> None:
        self._server.run()

    def end(self) -> None:
        """What was begun is answered; then the thread that waits for connections closes them: no other safely can."""
        self._server.task_dispatcher.shutdown()
        self._server.trigger.pull_trigger(partial(close_all, self._connections))
