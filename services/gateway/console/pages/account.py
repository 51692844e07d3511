"""One's own account: the roles that may be taken up, the password, the second factor, the sessions that are open."""

import base64
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import segno
from flask import redirect, render_template, request
from markupsafe import Markup
from uuid6 import uuid7
from werkzeug.wrappers import Response

from services.gateway.console.addresses import own_address
from services.gateway.console.asking import ask, tell
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.page import Page, link
from services.gateway.console.texts import t
from services.gateway.parts import gateway
from services.gateway.session import ROLE_COOKIE, current

SECRET_BYTES = 20


def account() -> str:
    return render_template("account.html", sessions=ask("access", "sessions")["sessions"])


def take_up_role() -> Response:
    """Go on in another of one's roles; access has the last word on which they are."""
    chosen = request.form.get("role", "")
    station = chosen.partition(":")[0]
    answer = redirect(link("work", station=station or current().station), 303)
    answer.set_cookie(ROLE_COOKIE, chosen, httponly=True, samesite="Lax", secure=gateway().https)
    return answer


def end_session() -> Response:
    body = {"session_id": request.form.get("session_id", "")}
    tell("access", "EndSession", body, str(uuid7()), station=_home())
    return redirect(own_address(request.form.get("back", "")) or link("account"), 303)


def _home() -> str:
    """Where the account is kept: what changes it is told there."""
    return current().home_station


def _same_twice(body: Mapping[str, Any]) -> dict[str, Any]:
    return {} if body.get("new") == body.get("again") else {"again": [t("wrong.again")]}


def _password_form(name: str, path: str, title: str, hint: str) -> CommandForm:
    return CommandForm(
        name=name,
        path=path,
        service="access",
        command="ChangePassword",
        title=title,
        hint=hint,
        inputs=(
            Input("old", "password", "account.old_password", required=True, autocomplete="current-password"),
            Input(
                "new",
                "password",
                "account.new_password",
                "account.password_hint",
                required=True,
                autocomplete="new-password",
            ),
            Input("again", "password", "account.again", required=True, autocomplete="new-password", sent=False),
        ),
        check=_same_twice,
        refused={"PasswordChangeRefused": ("old", "problem.wrong-password")},
        fixed=lambda: {"session_id": current().session_id},
        station=_home,
        done=lambda _body, _answer: link("work" if name == "first_password" else "account"),
        said="account.password_changed",
    )


def _secret() -> str:
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _begun_second_factor() -> dict[str, Any]:
    return {"secret": _secret()}


def _about_second_factor() -> dict[str, Any]:
    """The picture that an authenticator reads, of the secret that stands in the form."""
    return {"picture": picture}


def picture(secret: str) -> Markup:
    issuer = t("frame.product")
    label = quote(f"{issuer}:{current().account_name}")
    address = f"otpauth://totp/{label}?secret={quote(secret)}&issuer={quote(issuer)}"
    drawn = segno.make_qr(address, error="m")
    return Markup(drawn.svg_inline(scale=5, border=2, title=t("account.picture")))  # noqa: S704  # Drawn, not typed.


ENROL = CommandForm(
    name="second_factor",
    path="/account/second-factor",
    service="access",
    command="EnrolSecondFactor",
    title="account.enrol",
    hint="account.enrol_hint",
    inputs=(Input("secret", "hidden"), Input("code", "code", "form.second_factor", required=True)),
    begun=_begun_second_factor,
    fixed=lambda: {"person_id": current().person_id},
    station=_home,
    about=_about_second_factor,
    done=lambda _body, _answer: link("account"),
    said="account.enrolled",
    template="second_factor.html",
)
REMOVE = CommandForm(
    name="remove_second_factor",
    path="/account/second-factor/remove",
    service="access",
    command="RemoveSecondFactor",
    title="account.remove",
    hint="account.remove_hint",
    inputs=(),
    submit="account.remove",
    station=_home,
    done=lambda _body, _answer: link("second_factor"),
    said="account.removed",
    serious=True,
)
CHANGE = _password_form("password", "/account/password", "account.change_password", "")
FIRST = _password_form("first_password", "/account/first-password", "account.first_password", "account.first_hint")

PAGES = (
    Page("account", "/account", account),
    Page("take_up_role", "/account/role", take_up_role, methods=("POST",)),
    Page("end_session", "/account/end-session", end_session, methods=("POST",)),
    form_page(CHANGE),
    form_page(FIRST),
    form_page(ENROL),
    form_page(REMOVE),
)
