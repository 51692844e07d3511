"""A service's HTTP door: commands, questions, logs and health, the same under any WSGI server."""

import hmac
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import orjson
import structlog
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.exceptions import NotFound as NoSuchPath
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from lastmile.kernel.domain.canonical import LARGEST_INTEGER
from lastmile.kernel.domain.entry import log_name
from lastmile.kernel.domain.failures import Failure, Invalid, Unauthenticated
from lastmile.kernel.domain.identity import Identity
from lastmile.kernel.store.execution import Answer, Order
from lastmile.kernel.store.service import ENTRIES_IN_AN_ANSWER, Service
from lastmile.kernel.wire.calls import ROWS_IN_A_CALL, Gatekeeper, carry_out
from lastmile.kernel.wire.health import Health

logger = structlog.get_logger()

LARGEST_BODY_BYTES = 16 * 1024 * 1024

ROUTES = Map(
    [
        Rule("/stations/<station>/commands/<name>", methods=["POST"], endpoint="command"),
        Rule("/stations/<station>/commands/<name>/rows", methods=["POST"], endpoint="rows"),
        Rule("/stations/<station>/questions/<name>", methods=["POST"], endpoint="question"),
        Rule("/logs", methods=["GET"], endpoint="logs"),
        Rule("/logs/<station>/<service>/entries", methods=["GET"], endpoint="entries"),
        Rule("/logs/<station>/<service>/checkpoint", methods=["GET"], endpoint="checkpoint"),
        Rule("/health", methods=["GET"], endpoint="health"),
        Rule("/ready", methods=["GET"], endpoint="ready"),
        Rule("/metrics", methods=["GET"], endpoint="metrics"),
    ]
)


class Door:
    """Answers HTTP requests for one service."""

    def __init__(
        self,
        service: Service,
        gatekeeper: Gatekeeper,
        neighbour_secret: str,
        health: Health,
        execute: Callable[[Order], Answer] | None = None,
        ask: Callable[..., Any] | None = None,
    ) -> None:
        self._execute, self._ask = execute or service.command, ask or service.ask
        self._service, self._gatekeeper, self._health = service, gatekeeper, health
        self._neighbour_secret = neighbour_secret
        self._answers: Mapping[str, Callable[..., Response]] = {
            "command": self._command,
            "rows": self._rows,
            "question": self._question,
            "logs": self._logs,
            "entries": self._entries,
            "checkpoint": self._checkpoint,
            "health": self._alive,
            "ready": self._ready,
            "metrics": self._metrics,
        }

    def respond(self, request: Request) -> Response:
        """The answer to one request; expected failures become problem+json (RFC 9457), others fly."""
        try:
            endpoint, arguments = ROUTES.bind_to_environ(request.environ).match()
            return self._answers[endpoint](request, **arguments)
        except Failure as failure:
            return problem(failure.as_problem())
        except (NoSuchPath, MethodNotAllowed) as error:
            return problem(
                {"status": error.code or 404, "code": "no-such-path", "detail": f"{request.method} {request.path}"}
            )
        except Exception as error:
            if not isinstance(error, HTTPException):
                return self._broken(request, error)
            return problem({"status": error.code or 400, "code": "bad-request", "detail": error.description or ""})

    def _broken(self, request: Request, error: Exception) -> Response:
        """A bug: told in the log by its place, without the words of the error, which may hold personal data."""
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{place.filename}:{place.lineno} {place.name}"
        logger.error("broken", service=self._service.name, path=request.path, error=type(error).__name__, where=where)
        return problem({"status": 500, "code": "broken", "detail": "The service made a mistake; its log says where."})

    def _command(self, request: Request, station: str, name: str) -> Response:
        command_id = request.headers.get("Idempotency-Key", "")
        order = Order(
            command_id=command_id, station=station, name=name, body=_json(request), identity=self._identity(request)
        )
        return answer(self._execute(order))

    def _rows(self, request: Request, station: str, name: str) -> Response:
        identity, body = self._identity(request), _json(request)
        rows = body.get("rows") if isinstance(body, dict) else None
        if not isinstance(rows, list) or len(rows) > ROWS_IN_A_CALL:
            raise Invalid({"rows": [f"Needed: a list of at most {ROWS_IN_A_CALL} rows."]})
        wrong = [
            n for n, row in enumerate(rows) if not isinstance(row, dict) or not isinstance(row.get("command_id"), str)
        ]
        if wrong:
            raise Invalid({f"rows[{n}]": ["Needed: an object with command_id and body."] for n in wrong})
        pairs = [(row["command_id"], row.get("body")) for row in rows]
        version = body.get("expected_version")
        if version is not None and type(version) is not int:
            raise Invalid({"expected_version": ["Needed: a whole number, or nothing."]})
        return answer({"outcomes": carry_out(self._service, identity, station, name, pairs, version)})

    def _question(self, request: Request, station: str, name: str) -> Response:
        body = _json(request)
        if not isinstance(body, dict):
            raise Invalid({"body": ["Needed: an object of parameters."]})
        return answer({"answer": self._ask(name, self._identity(request), station, body)})

    def _logs(self, request: Request) -> Response:
        self._neighbour(request)
        ends = [
            {"log": end.log, "origin": end.origin, "position": end.position, "leaf": end.leaf.hex()}
            for end in self._service.ends()
        ]
        return answer({"logs": ends})

    def _entries(self, request: Request, station: str, service: str) -> Response:
        self._neighbour(request)
        after = min(max(request.args.get("after", 0, type=int), 0), LARGEST_INTEGER)
        limit = min(max(request.args.get("limit", ENTRIES_IN_AN_ANSWER, type=int), 0), ENTRIES_IN_AN_ANSWER)
        entries = self._service.entries(log_name(station, service), after, limit)
        return Response(b"".join(entry + b"\n" for entry in entries), mimetype="application/jsonl")

    def _checkpoint(self, request: Request, station: str, service: str) -> Response:
        self._neighbour(request)
        return Response(self._service.checkpoint(log_name(station, service)), mimetype="text/plain")

    def _alive(self, _request: Request) -> Response:
        return answer({"service": self._service.name, "status": "alive"})

    def _ready(self, _request: Request) -> Response:
        readiness = self._health.readiness()
        return answer(readiness, 200 if readiness["ready"] else 503)

    def _metrics(self, _request: Request) -> Response:
        return Response(self._health.metrics(), mimetype="text/plain")

    def _identity(self, request: Request) -> Identity:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or not token:
            raise Unauthenticated("Authorization: Bearer <identity signed by access> is needed")
        return self._gatekeeper.identity(token)

    def _neighbour(self, request: Request) -> None:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind != "Service" or not hmac.compare_digest(secret.encode(), self._neighbour_secret.encode()):
            raise Unauthenticated("Authorization: Service <secret of the deployment> is needed")


def answer(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, mimetype="application/json")


def problem(members: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(dict(members)), members.get("status", 400), mimetype="application/problem+json")


def _json(request: Request) -> Any:
    if (request.content_length or 0) > LARGEST_BODY_BYTES:
        raise Invalid({"body": [f"At most {LARGEST_BODY_BYTES} bytes."]})
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise Invalid({"body": [f"Not JSON: {error}."]}) from None
