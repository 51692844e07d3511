"""The frame around every path: /api/v1, its OpenAPI document and page, its limits and its failures."""

from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint

from services.gateway.api.answers_shown import ShownAnswers
from services.gateway.api.commands import add_commands
from services.gateway.api.declared import declare
from services.gateway.api.limits import limit
from services.gateway.api.logs import add_logs
from services.gateway.api.oauth import add_oauth
from services.gateway.api.page import show_document
from services.gateway.api.papers import PAPERS
from services.gateway.api.papers.paper import add_papers
from services.gateway.api.problems import answer_with_problems
from services.gateway.api.questions import add_questions
from services.gateway.api.schemas_shown import show_patterns
from services.gateway.api.scopes import scopes_of
from services.gateway.api.sessions import add_sessions
from services.gateway.api.stations import know_stations
from services.gateway.parts import Gateway

PREFIX = "/api/v1"
TITLE = "Lastmile"
WORDS = (
    "Every order and question of a station's services. Amounts are integer fen (`_fen`), days are dates, instants "
    "are RFC 3339. Every order carries its own Idempotency-Key; asked again, it is done once."
)


class Routes(Blueprint):  # type: ignore[misc]  # flask-smorest has no types.
    """Paths whose document says just what it is told: no default answer that would allow any."""

    def __init__(self) -> None:
        super().__init__("api", __name__, url_prefix=PREFIX)
        self._prepare_doc_cbks: list[Any] = []


class Described(Api):  # type: ignore[misc]
    """flask-smorest, which describes the paths; failures are answered by `problems`."""

    def _register_error_handlers(self) -> None:
        pass

    def _register_responses(self) -> None:
        pass


def mount_api(app: Flask) -> None:
    """Let the application answer under /api/v1."""
    parts: Gateway = app.extensions["lastmile"]
    app.config.update(API_TITLE=TITLE, API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    answer_with_problems(app)
    api = Described(app, spec_kwargs={"info": {"description": WORDS}})
    know_stations(app, api)
    show_patterns(api.ma_plugin.converter)
    declare(api.spec, scopes_of(parts.catalogue))
    routes = Routes()
    guessing = limit(app, routes, parts.limits)
    add_sessions(routes, api.spec, guessing)
    add_oauth(routes, guessing)
    add_commands(routes, api.spec, parts.catalogue)
    answers = ShownAnswers(api.spec, api.ma_plugin.converter)
    add_questions(routes, api.spec, api.ma_plugin.converter, answers, parts.catalogue)
    add_papers(PAPERS, routes, api.spec, api.ma_plugin.converter, answers)
    add_logs(routes, answers, parts.catalogue)
    app.register_blueprint(routes)
    routes.register_views_in_doc(api, app, api.spec, name=routes.name, parameters=None)
    show_document(app, api, PREFIX)
