"""Signing in with a password, then with a second factor where one is enrolled; and signing out."""

import secrets

from flask import Response, redirect, render_template, request
from uuid6 import uuid7
from werkzeug.wrappers import Response as AnyResponse

from lastmile.kernel.domain.failures import Failure
from services.gateway import signing_in
from services.gateway.console.addresses import own_address
from services.gateway.console.asking import code_of
from services.gateway.console.errors import words_of
from services.gateway.console.page import Page, link
from services.gateway.console.texts import t
from services.gateway.parts import gateway
from services.gateway.session import COOKIE, ROLE_COOKIE, current, present

DEVICE_COOKIE = "lastmile_device"
A_YEAR_SECONDS = 365 * 86_400
EXPECTED = frozenset({"sign-in-refused", "slow-down", "invalid", "unauthenticated", "not-found"})
"""Failures that stand on the sign-in page itself."""


def sign_in() -> AnyResponse:
    if request.method != "POST":
        return redirect(link("first")) if present() else _form({}, 200)
    typed = {name: request.form.get(name, "").strip() for name in ("station", "account_name", "next", "command_id")}
    device = request.cookies.get(DEVICE_COOKIE) or secrets.token_urlsafe(32)
    try:
        token = signing_in.sign_in(
            typed["command_id"] or str(uuid7()),
            typed["station"] or _stations()[0],
            typed["account_name"],
            request.form.get("password", ""),
            request.remote_addr or "",
            device,
        )
    except Failure as failure:
        if code_of(failure) not in EXPECTED:
            raise
        return _refused(typed, failure)
    return signed_in(token, device, typed["next"])


def signed_in(token: str, device: str, goes_to: str) -> AnyResponse:
    """On to the second step, with the session's secret in the browser."""
    answer = redirect(link("second_step", next=own_address(goes_to)), 303)
    _keep(answer, COOKIE, token, None)
    _keep(answer, DEVICE_COOKIE, device, A_YEAR_SECONDS)
    answer.delete_cookie(ROLE_COOKIE)
    return answer


def _refused(typed: dict[str, str], failure: Failure) -> Response:
    problem = failure.as_problem()
    said = words_of(problem)
    if problem.get("code") == "slow-down":
        said = t("sign_in.slow_down", seconds=problem.get("where", {}).get("wait_seconds", ""))
    elif problem.get("code") in ("invalid", "unauthenticated", "not-found"):
        said = t("problem.sign-in-refused")
    return _form(typed | {"said": said}, int(problem.get("status", 401)))


def _form(typed: dict[str, str], status: int) -> Response:
    page = render_template(
        "sign_in.html",
        typed=typed,
        stations=_stations(),
        goes_to=own_address(request.values.get("next", "")),
        single_sign_on=gateway().single_sign_on is not None,
        command_id=str(uuid7()),
    )
    return Response(page, status, mimetype="text/html")


def _stations() -> list[str]:
    return list(gateway().stations()) or [""]


def second_step() -> AnyResponse:
    """The second factor at sign-in; who has none that counts, or gives it later, goes on."""
    goes_to = own_address(request.values.get("next", "")) or link("first")
    if not current().has_second_factor or current().recovery_waits:
        return redirect(goes_to, 303)
    said = ""
    if request.method == "POST":
        try:
            signing_in.confirm(current(), "".join(request.form.get("code", "").split()), request.form["command_id"])
            return redirect(goes_to, 303)
        except Failure as failure:
            if code_of(failure) not in (*EXPECTED, "second-factor-refused"):
                raise
            said = t("wrong.code")
    page = render_template("second_step.html", said=said, goes_to=goes_to, command_id=str(uuid7()))
    return Response(page, 422 if said else 200, mimetype="text/html")


def sign_out() -> AnyResponse:
    signing_in.sign_out(current(), str(uuid7()))
    answer = redirect(link("sign_in"), 303)
    answer.delete_cookie(COOKIE)
    answer.delete_cookie(ROLE_COOKIE)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _keep(answer: AnyResponse, name: str, value: str, seconds: int | None) -> None:
    secure = gateway().https
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="Lax", secure=secure, path="/")


BOTH = ("GET", "POST")
PAGES = (
    Page("sign_in", "/sign-in", sign_in, methods=BOTH, of_station=False, public=True),
    Page("second_step", "/sign-in/second-factor", second_step, methods=BOTH, of_station=False),
    Page("sign_out", "/sign-out", sign_out, methods=("POST",), of_station=False),
)
