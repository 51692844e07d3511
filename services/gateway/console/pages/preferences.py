"""How the console is shown: its language and the size of its text; and, in a home for practice, its date."""

from datetime import date, datetime, time

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from services.gateway.console.addresses import own_address
from services.gateway.console.frame import LANGUAGE_COOKIE, LARGE, TEXT_COOKIE
from services.gateway.console.page import Page, link
from services.gateway.console.showing import STATION_TIME
from services.gateway.console.texts import LANGUAGES
from services.gateway.parts import gateway

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
    demo.set_clock(datetime.combine(chosen, MORNING, STATION_TIME))
    return redirect(_back(), 303)


def _back() -> str:
    return own_address(request.form.get("back", "")) or link("first")


def _keep(answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=A_YEAR_SECONDS, httponly=True, samesite="Lax", secure=gateway().https)


PAGES = (
    Page("preferences", "/preferences", preferences, methods=("POST",), of_station=False, public=True),
    Page("demo_date", "/practice-date", demo_date, methods=("POST",), of_station=False, public=True),
)
