"""How the gateway fares: alive, ready with its lag, metrics; told to those who run it and not to the world."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Flask, Response, abort, g, jsonify, request
from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest

Readiness = Callable[[], Mapping[str, Mapping[str, Any]]]
"""What each service says of itself, by its name: `{"ready": bool, "lag": {follower: entries}, ...}`."""

PATHS = ("/health", "/ready", "/metrics")
NEEDED = "access"
"""Nobody gets in without it; while another service is away, the rest of the work goes on."""


def mount_standing(app: Flask, readiness: Readiness) -> None:
    """Answer at PATHS, and count and time every request."""
    registry = CollectorRegistry()
    seconds = Histogram(
        "lastmile_request_seconds", "Requests and how long they took", ["method", "status"], registry=registry
    )
    standing = Blueprint("standing", __name__)
    standing.before_request(_not_through_a_proxy)

    @standing.get("/health")
    def health() -> Response:
        return jsonify(service="gateway", status="alive")

    @standing.get("/ready")
    def ready() -> tuple[Response, int]:
        told = _told(readiness())
        return jsonify(told), 200 if told["ready"] else 503

    @standing.get("/metrics")
    def metrics() -> Response:
        told = CollectorRegistry()
        _gauge(_told(readiness()), told)
        return Response(generate_latest(registry) + generate_latest(told), mimetype="text/plain")

    @app.before_request
    def begun() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def counted(response: Response) -> Response:
        if request.path not in PATHS and "begun" in g:
            seconds.labels(request.method, response.status_code).observe(time.perf_counter() - g.begun)
        return response

    app.register_blueprint(standing)


def _not_through_a_proxy() -> None:
    """How far behind a deployment is concerns those who run it: they ask the gateway itself."""
    if "HTTP_X_FORWARDED_FOR" in request.environ:
        abort(404)


def _told(services: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    ready = bool(services.get(NEEDED, {}).get("ready"))
    return {"service": "gateway", "ready": ready, "services": {name: dict(told) for name, told in services.items()}}


def _gauge(told: Mapping[str, Any], registry: CollectorRegistry) -> None:
    ready = Gauge("lastmile_gateway_ready", "1 if people can sign in", registry=registry)
    ready.set(told["ready"])
    service_ready = Gauge("lastmile_service_ready", "1 if the service answers", ["service"], registry=registry)
    lag = Gauge("lastmile_service_lag_entries", "Entries not applied", ["service", "follower"], registry=registry)
    for name, one in told["services"].items():
        service_ready.labels(name).set(bool(one.get("ready")))
        for follower, entries in one.get("lag", {}).items():
            lag.labels(name, follower).set(entries)
