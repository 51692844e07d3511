"""Signing in at an OpenID Connect provider: there and back, its word checked, then let in as whom it speaks of."""

import secrets
from typing import Any, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import current_app, request, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from lastmile.kernel.domain.failures import Failure, NotFound, Unavailable
from services.gateway import signing_in
from services.gateway.console.addresses import own_address
from services.gateway.console.page import Page, link
from services.gateway.console.pages.signing_in import DEVICE_COOKIE, signed_in
from services.gateway.parts import gateway

PROVIDER, GOES_TO = "provider", "single_sign_on_goes_to"
DISCOVERY = "/.well-known/openid-configuration"
SECONDS_TO_ANSWER = 10


class SingleSignOnRefused(Failure):
    """The provider did not vouch for this sign-in, or for nobody who is linked here."""

    code = "single-sign-on-refused"
    status = 403


class ProviderAway(Unavailable):
    """The provider does not answer."""

    code = "single-sign-on-away"


def begin() -> Response:
    """To the provider, with a state, a nonce and a proof key that it must give back."""
    session[GOES_TO] = own_address(request.args.get("next", ""))
    try:
        return cast(Response, _provider().authorize_redirect(_back()))
    except requests.RequestException as error:
        raise ProviderAway(type(error).__name__) from error


def returned() -> Response:
    """Back from the provider: its token is fetched and checked before anybody is let in."""
    try:
        told = _provider().authorize_access_token()["userinfo"]
    except requests.RequestException as error:
        raise ProviderAway(type(error).__name__) from error
    except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
        raise SingleSignOnRefused(type(error).__name__) from error
    device = request.cookies.get(DEVICE_COOKIE) or secrets.token_urlsafe(32)
    try:
        token = signing_in.sign_in_by_subject(told["iss"], told["sub"], request.remote_addr or "", device)
    except signing_in.SignInRefused as refused:
        raise SingleSignOnRefused("nobody here is linked to this subject") from refused
    return signed_in(token, device, session.pop(GOES_TO, ""))


def _back() -> str:
    """The address that the provider knows; never one that a stranger put into the request, where ours is named."""
    asked = gateway().single_sign_on
    assert asked is not None
    address = link("single_sign_on_returned")
    return f"{asked.public_url or request.host_url.rstrip('/')}{address}"


def _provider() -> Any:
    """The client, made when it is first asked for: the provider may be away when the gateway starts."""
    asked = gateway().single_sign_on
    if asked is None:
        raise NotFound("no provider for single sign-on is named in the settings")
    if PROVIDER not in current_app.extensions:
        client = OAuth(current_app).register(
            PROVIDER,
            client_id=asked.client_id,
            client_secret=asked.client_secret,
            server_metadata_url=f"{asked.issuer.rstrip('/')}{DISCOVERY}",
            client_kwargs={
                "scope": "openid",
                "code_challenge_method": "S256",
                "default_timeout": SECONDS_TO_ANSWER,
            },
        )
        current_app.extensions[PROVIDER] = client
    return current_app.extensions[PROVIDER]


PAGES = (
    Page("single_sign_on", "/sign-in/single", begin, of_station=False, public=True),
    Page("single_sign_on_returned", "/sign-in/single/back", returned, of_station=False, public=True),
)
