"""The log feed: every entry of a station's log byte for byte, with what is needed to check it elsewhere."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from lastmile.kernel.domain.canonical import LARGEST_INTEGER
from services.gateway.api import asked
from services.gateway.api.answers_shown import ShownAnswers
from services.gateway.api.commands import json_answer
from services.gateway.api.declared import failures
from services.gateway.api.scopes import LOGS, let_in, secured_by
from services.gateway.api.stations import STATION
from services.gateway.catalogue import Catalogue
from services.gateway.parts import gateway

OF_A_LOG = failures(400, 401, 403, 404, 409, 422, 429, 500, 503)
_TEXT: dict[str, Any] = {"type": "string"}
PAGING = (
    {
        "in": "query",
        "name": "after",
        "description": "The position that was read last; 0 from the start.",
        "schema": {"type": "integer", "minimum": 0, "maximum": LARGEST_INTEGER},
    },
    {"in": "query", "name": "limit", "schema": {"type": "integer", "minimum": 1, "maximum": 1_000}},
)


def add_logs(routes: Blueprint, answers: ShownAnswers, catalogue: Catalogue) -> None:
    """The paths of the logs of every service that keeps one."""
    proofs = (service.questions.get("log_proof") for service in catalogue.services.values())
    proof = next((answers.of("logs", offered.answered) for offered in proofs if offered), {})
    names = ",".join(name for name, service in catalogue.services.items() if service.has_log)
    for what, view, doc in (
        ("entries", log_entries, _documented("entries", "application/jsonl", _TEXT, *PAGING)),
        ("checkpoint", log_checkpoint, _documented("checkpoint", "text/plain", _TEXT)),
        ("key", log_key, _documented("key", "text/plain", _TEXT)),
        (f"proofs/<int(max={LARGEST_INTEGER}):position>", log_proof, _documented("proof", "application/json", proof)),
    ):
        path = f"/logs/{STATION}/<any({names}):service>/{what}"
        routes.add_url_rule(path, view.__name__, routes.doc(**doc)(view), methods=["GET"], tags=["logs"])


def log_entries(station: str, service: str) -> Response:
    """Entries behind `after`, one a line, as they were hashed and signed; Link leads on while there are more."""
    session = let_in(LOGS)
    schema = gateway().catalogue.services[service].questions["log_entries"].schema
    parameters = asked.parameters(schema, request.args)
    found = gateway().calls.ask(service, station, "log_entries", parameters, session.identity)
    entries = found["entries"]
    response = Response("".join(f"{entry}\n" for entry in entries).encode(), mimetype="application/jsonl")
    reached = parameters.get("after", 0) + len(entries)
    if reached < found["position"]:
        limit = f"&limit={parameters['limit']}" if "limit" in parameters else ""
        response.headers["Link"] = f'<{request.path}?after={reached}{limit}>; rel="next"'
    return response


def log_checkpoint(station: str, service: str) -> Response:
    """The newest signed checkpoint (a C2SP signed note)."""
    return _text(station, service, lambda found: found["note"])


def log_key(station: str, service: str) -> Response:
    """The public key of the log: keep it, and check every later checkpoint with it."""
    return _text(station, service, lambda found: f"{found['key']}\n")


def log_proof(station: str, service: str, position: int) -> Response:
    """The proof that one entry stands in the log which the newest checkpoint signs: a file for the verifier."""
    session = let_in(LOGS)
    return json_answer(gateway().calls.ask(service, station, "log_proof", {"position": position}, session.identity))


def _text(station: str, service: str, shown: Callable[[dict[str, Any]], str]) -> Response:
    session = let_in(LOGS)
    found = gateway().calls.ask(service, station, "log_checkpoint", {}, session.identity)
    return Response(shown(found).encode(), mimetype="text/plain")


def _documented(what: str, media_type: str, schema: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "The log.", "content": {media_type: {"schema": schema}}}
    if parameters:
        answer["headers"] = {"Link": {"description": "rel=next while there are more.", "schema": {"type": "string"}}}
    return {
        "operationId": f"logs.{what}",
        "parameters": [*parameters, "ActingAs"],
        "responses": {"200": answer, **OF_A_LOG},
        "security": secured_by(LOGS),
    }
