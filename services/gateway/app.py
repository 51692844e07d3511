"""The gateway as one WSGI application: the console for people, the REST frame for systems."""

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from services.gateway.api.frame import mount_api
from services.gateway.console import mount_console
from services.gateway.parts import LARGEST_BODY_BYTES, Gateway

SECURE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
A_YEAR = "max-age=31536000"
MOST_FIELDS = 10_000
"""A page of a list sends some fifty; a million take a third of a gigabyte to read."""


def make_gateway(parts: Gateway) -> Flask:
    """The application. It keeps nothing: whoever asks is looked up in access on every request."""
    app = Flask("services.gateway", static_url_path="/static")
    app.secret_key = parts.secret
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES, MAX_FORM_MEMORY_SIZE=LARGEST_BODY_BYTES)
    # An address that is nearly right is none: the redirect to the right one would name whatever Host was asked for.
    app.url_map.merge_slashes = app.url_map.strict_slashes = False
    app.config.update(SESSION_COOKIE_SECURE=parts.https, SESSION_COOKIE_SAMESITE="Lax")
    app.extensions["lastmile"] = parts

    app.before_request(_within_limits)

    @app.after_request
    def secured(response: Response) -> Response:
        for name, value in SECURE_HEADERS.items():
            response.headers.setdefault(name, value)
        if parts.https:
            response.headers.setdefault("Strict-Transport-Security", A_YEAR)
        return response

    mount_api(app)
    mount_console(app)
    return app


def _within_limits() -> None:
    """Raises RequestEntityTooLarge for what Flask's own limits let through: many fields, and a body without a length,
    of which Flask would read as much as is allowed and take that for the whole.
    """
    if request.mimetype == "multipart/form-data":
        return  # Read piece by piece, under limits of its own.
    if request.content_length is None and len(request.get_data()) >= LARGEST_BODY_BYTES:
        raise RequestEntityTooLarge
    if request.mimetype == "application/x-www-form-urlencoded" and request.get_data().count(b"&") >= MOST_FIELDS:
        raise RequestEntityTooLarge
