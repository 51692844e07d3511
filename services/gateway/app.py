"""The gateway as one WSGI application: the console for people, the REST frame for systems."""

from flask import Flask, Response

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


def make_gateway(parts: Gateway) -> Flask:
    """The application. It keeps nothing: whoever asks is looked up in access on every request."""
    app = Flask("services.gateway", static_url_path="/static")
    app.secret_key = parts.secret
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES, MAX_FORM_MEMORY_SIZE=LARGEST_BODY_BYTES)
    app.config.update(SESSION_COOKIE_SECURE=parts.https, SESSION_COOKIE_SAMESITE="Lax")
    app.extensions["lastmile"] = parts

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
