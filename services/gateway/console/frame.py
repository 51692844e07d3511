"""The frame of the console: who is signed in, the menu, languages, headers, the practice mark, failures as pages."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, Response, g, redirect, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from lastmile.kernel.domain.failures import Failure, Forbidden
from services.gateway.console import showing
from services.gateway.console.addresses import own_address
from services.gateway.console.asking import may, names, now
from services.gateway.console.page import Page, all_pages, here, link, menu
from services.gateway.console.texts import LANGUAGES, language, t, t_or
from services.gateway.parts import gateway
from services.gateway.session import Session, current, present

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",  # Bootstrap's arrows and ticks are pictures inside its style sheet.
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
LANGUAGE_COOKIE, TEXT_COOKIE, LARGE = "lastmile_language", "lastmile_text", "large"
WITH_FIRST_PASSWORD = frozenset({"console.first_password", "console.sign_out", "console.preferences"})


def mount_console(app: Flask, more: Sequence[Page] = ()) -> None:
    """Put the console into the application: every page, its words and headers. `more` are pages beside those."""
    pages = (*all_pages(), *more)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # A request that bears its token in a header is no form of ours.
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # A form that lay open over lunch is still good.
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    csrf = CSRFProtect(app)
    console = Blueprint("console", __name__)
    by_endpoint = {page.endpoint: page for page in pages}

    @console.before_request
    def admitted() -> AnyResponse | None:
        csrf.protect()
        page = by_endpoint[request.endpoint or ""]
        if page.public:
            return None
        if turned_away := _signed_in():
            return turned_away
        _allowed(page)
        return None

    @console.after_request
    def with_policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    for page in pages:
        console.add_url_rule(page.rule, page.name, page.view, methods=list(page.methods))
    _know_the_station(console, app)
    _give_words(app, pages)
    app.register_blueprint(console)


def _signed_in() -> AnyResponse | None:
    session = present()
    if session is None:
        return redirect(link("sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None))
    if "station" not in g:
        g.station = session.station
    if session.must_change_password and request.endpoint not in WITH_FIRST_PASSWORD:
        return redirect(link("first_password"))
    return None


def _allowed(page: Page) -> None:
    """Raises Forbidden where the role has no row for what the page is about; the service has the last word."""
    if page.asks and not may(*page.asks):
        raise Forbidden(f"the role {current().role} may not ask {page.asks[1]}", asked=page.asks[1])


def _know_the_station(console: Blueprint, app: Flask) -> None:
    """The station stands in the address: taken off before a page is asked, given where a link leads."""

    @app.before_request
    def language_chosen() -> None:
        chosen = request.cookies.get(LANGUAGE_COOKIE, "zh")
        g.language = chosen if chosen in LANGUAGES else "zh"

    @console.url_value_preprocessor
    def station_taken(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "station" in values:
            g.station = values.pop("station")

    @app.url_defaults
    def station_given(endpoint: str, values: dict[str, Any]) -> None:
        if "station" in g and "station" not in values and app.url_map.is_endpoint_expecting(endpoint, "station"):
            values["station"] = g.station


def _whoever() -> Session | None:
    """Who is signed in, for the frame: a page that says what is away must not need it."""
    try:
        return present()
    except Failure:
        g.session = None
        return None


def _give_words(app: Flask, pages: Sequence[Page]) -> None:
    filters = (showing.shown, showing.yuan, showing.at_station, showing.figure_shown, showing.weight, showing.unit)
    app.jinja_env.filters.update({each.__name__: each for each in (*filters, showing.event_word)})
    app.jinja_env.globals.update(
        t=t, t_or=t_or, link=link, icon=showing.icon, may=may, here=here, names=names, own_address=own_address
    )

    @app.context_processor
    def frame() -> dict[str, Any]:
        session = _whoever()
        if session and "station" not in g:  # What is said of an address that is no page of a station.
            g.station = session.station
        return {
            "session": session,
            "menu": menu(pages) if session and not session.must_change_password else [],
            "station": g.get("station", ""),
            "html_lang": LANGUAGES[language()],
            "colon": "：" if language() == "zh" else ": ",
            "large": request.cookies.get(TEXT_COOKIE) == LARGE,
            "demo": gateway().demo,
            "now": now(),
            "back": request.full_path.rstrip("?") if request.method == "GET" else link("first"),
        }
