"""An OpenID Connect provider of others' making (pyop), served on this machine with a page to sign in on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from Cryptodome.PublicKey import RSA
from flask import Flask, Response, jsonify, redirect, request
from jwkest.jwk import RSAKey
from oic.oic.message import AuthorizationRequest
from pyop.authz_state import AuthorizationState
from pyop.exceptions import InvalidAuthorizationCode
from pyop.provider import Provider
from pyop.subject_identifier import HashBasedSubjectIdentifierFactory
from pyop.userinfo import Userinfo
from werkzeug.serving import make_server
from werkzeug.wrappers import Response as AnyResponse

from tests.browser.certificate import HERE, own_certificate

CLIENT_ID, CLIENT_SECRET = "lastmile", "known to the two of us"
PAGE = """<!doctype html><html lang="zh-CN"><title>统一身份</title><h1>统一身份</h1>
<form method="post"><label>用户 <input name="user" autofocus></label><button>登录</button></form></html>"""


@dataclass
class OpenIdProvider:
    """A provider that knows some users and one client."""

    issuer: str
    certificate: Path
    redirect_uris: list[str] = field(default_factory=list)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    subjects: HashBasedSubjectIdentifierFactory = field(
        default_factory=lambda: HashBasedSubjectIdentifierFactory("salt of this provider")
    )

    running: Provider | None = None
    told_keys: Any = None

    def subject(self, user: str) -> str:
        """As whom the provider speaks of this user."""
        told: str = self.subjects.create_public_identifier(user)
        return told

    @contextmanager
    def signing_with(self, key: RSAKey) -> Iterator[None]:
        """Sign with this key and go on telling of the first one, as a forger would."""
        assert self.running is not None
        first = self.running.signing_key
        told = self.running.jwks
        self.running.signing_key, self.told_keys = key, told
        yield
        self.running.signing_key, self.told_keys = first, None

    def app(self) -> Flask:
        provider, app = self._provider(), Flask("provider")
        self.running = provider

        @app.get("/.well-known/openid-configuration")
        def configuration() -> Response:
            return jsonify(provider.provider_configuration.to_dict())

        @app.get("/keys")
        def keys() -> Response:
            return jsonify(self.told_keys or provider.jwks)

        @app.route("/authorize", methods=["GET", "POST"])
        def authorize() -> str | AnyResponse:
            asked: AuthorizationRequest = provider.parse_authentication_request(request.query_string.decode())
            if request.method == "GET" or request.form["user"] not in self.users:
                return PAGE
            return redirect(provider.authorize(asked, request.form["user"]).request(asked["redirect_uri"]))

        @app.post("/token")
        def token() -> tuple[Response, int]:
            try:
                given = provider.handle_token_request(request.get_data(as_text=True), request.headers)
            except InvalidAuthorizationCode:
                return jsonify(error="invalid_grant"), 400
            return jsonify(given.to_dict()), 200

        return app

    def _provider(self) -> Provider:
        client = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": self.redirect_uris,
            "response_types": ["code"],
            "token_endpoint_auth_method": "client_secret_basic",
        }
        configuration = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }
        key = RSAKey(key=RSA.generate(2048), alg="RS256", kid="first")
        state = AuthorizationState(self.subjects)
        return Provider(key, configuration, state, {CLIENT_ID: client}, Userinfo(self.users))


@contextmanager
def open_id_provider(directory: Path, *users: str) -> Iterator[OpenIdProvider]:
    """Serve a provider over TLS; its certificate goes into the directory, and it sends people to `redirect_uris`."""
    certificate, key = own_certificate(directory)
    server = make_server(HERE, 0, Flask("not yet"), threaded=True, ssl_context=(str(certificate), str(key)))
    provider = OpenIdProvider(f"https://{HERE}:{server.port}", certificate, users={user: {} for user in users})
    server.app = provider.app()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
