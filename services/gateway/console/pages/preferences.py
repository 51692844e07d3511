"""How the console is shown: its language and the size of its text; and, in a home for practice, its date."""

from collections.abc import Mapping
from datetime import date, datetime, time

from flask import abort, redirect, request
from uuid6 import uuid7
from werkzeug.wrappers import Response

from services.gateway import signing_in
from services.gateway.console.addresses import own_address
from services.gateway.console.frame import LANGUAGE_COOKIE, LARGE, TEXT_COOKIE
from services.gateway.console.page import Page, link
from services.gateway.console.pages.signing_in import DEVICE_COOKIE
from services.gateway.console.showing import STATION_TIME
from services.gateway.console.texts import LANGUAGES
from services.gateway.parts import gateway
from services.gateway.session import COOKIE, present

A_YEAR_SECONDS = 365 * 86_400
MORNING = time(9)


def preferences() -> Response:
    answer = redirect(_back(), 303)
    if request.form.get("language") in LANGUAGES:
        _keep(answer, LANGUAGE_COOKIE, request.form["language"])
    if request.form.get("text") in (LARGE, "normal"):
        _keep(answer, TEXT_COOKIE, request.form["text"])
    return answer


def demo_date() -> Response:
    """Set the clock of a home for practice; no other home has this page."""
    demo = gateway().demo
    if demo is None:
        abort(404)
    try:
        chosen = date.fromisoformat(request.form.get("date", ""))
    except ValueError:
        abort(404)
    session, answer = present(), redirect(_back(), 303)
    demo.set_clock(datetime.combine(chosen, MORNING, STATION_TIME))
    known = {account["account_name"]: account for account in demo.accounts()}
    if session is not None and session.account_name in known:
        _sign_in_again(known[session.account_name], answer)
    return answer


def _sign_in_again(account: Mapping[str, str], answer: Response) -> None:
    """On another day the session is over; nobody should have to type the password for each date they try."""
    device, address = request.cookies.get(DEVICE_COOKIE, ""), request.remote_addr or ""
    words = (account["station"], account["account_name"], account["password"])
    token = signing_in.sign_in(str(uuid7()), *words, address, device)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=gateway().https)


def _back() -> str:
    return own_address(request.form.get("back", "")) or link("first")


def _keep(answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=A_YEAR_SECONDS, httponly=True, samesite="Lax", secure=gateway().https)


PAGES = (
    Page("preferences", "/preferences", preferences, methods=("POST",), of_station=False, public=True),
    Page("demo_date", "/practice-date", demo_date, methods=("POST",), of_station=False, public=True),
)
