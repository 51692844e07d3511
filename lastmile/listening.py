"""The HTTP server of `lastmile serve`: waitress, stricter about what is ambiguous, refusing in the words of REST."""

from typing import Any

import orjson
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server
from waitress.task import ErrorTask

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


def make_server(app: Flask, host: str, port: int) -> Any:
    """A server that listens; `run` answers until `close`."""
    server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        max_request_body_size=LARGEST_BODY_BYTES,
        max_request_header_size=LARGEST_HEADER_BYTES,
    )
    server.channel_class = _Channel
    return server
