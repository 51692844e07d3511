"""What a paper is: made of what services answer. It changes nothing; what is recorded first, a command records."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apispec import APISpec
from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema, validate

from lastmile.kernel.domain.answers import answer_field
from lastmile.kernel.domain.failures import Forbidden
from services.gateway.api import asked
from services.gateway.api.answers_shown import ShownAnswers
from services.gateway.api.commands import json_answer
from services.gateway.api.declared import answer, failures
from services.gateway.api.questions import OF_A_QUESTION
from services.gateway.api.scopes import let_in, scope_of, secured_by
from services.gateway.api.stations import STATION
from services.gateway.parts import gateway

READ = scope_of("relief", "read")
ID = validate.Length(1, 80)


@dataclass(frozen=True)
class Asker:
    """Who wants a paper, of which station."""

    station: str
    identity: str

    def ask(self, service: str, question: str, **given: Any) -> Any:
        """What a service answers them. Raises what it refuses with."""
        return gateway().calls.ask(service, self.station, question, given, self.identity)


@dataclass(frozen=True)
class Paper:
    """One paper: its path, the row of relief's permissions under which it stands, what is given, what comes of it."""

    path: str
    row: str
    given: Schema
    made: Callable[[Asker, Mapping[str, Any]], Mapping[str, Any]]
    answered: type
    in_body: bool = False

    @property
    def method(self) -> str:
        return "POST" if self.in_body else "GET"


def add_papers(
    papers: Iterable[Paper], routes: Blueprint, spec: APISpec, converter: Any, answers: ShownAnswers
) -> None:
    """A path for each paper."""
    for paper in papers:
        view = _giving(paper)
        view.__name__ = paper.made.__name__
        documented = routes.doc(**_documented(paper, spec, converter, answers))(view)
        where = f"/stations/{STATION}/relief/{paper.path}"
        routes.add_url_rule(where, view.__name__, documented, methods=[paper.method], tags=["relief"])


def _giving(paper: Paper) -> Callable[..., Response]:
    def give(station: str) -> Response:
        session = let_in(READ)
        # Who may not have it is told so before what was given is looked at.
        if not session.may(paper.row, station, gateway().catalogue.services["relief"].permissions):
            raise Forbidden(asked=paper.row)
        given = asked.body() if paper.in_body else asked.parameters(paper.given, request.args)
        return json_answer(paper.made(Asker(station, session.identity), asked.checked(paper.given, given)))

    return give


def _documented(paper: Paper, spec: APISpec, converter: Any, answers: ShownAnswers) -> dict[str, Any]:
    return {
        "operationId": f"relief.{paper.made.__name__}",
        "summary": " ".join((paper.made.__doc__ or "").split()),
        "responses": {
            "200": answer("The answer.", answers.of("relief", answer_field(paper.answered))),
            **OF_A_QUESTION,
            **(failures(413, 415) if paper.in_body else {}),
        },
        "security": secured_by(READ),
        **(_body(paper, spec) if paper.in_body else _parameters(paper, converter)),
    }


def _parameters(paper: Paper, converter: Any) -> Mapping[str, Any]:
    return {"parameters": [*converter.schema2parameters(paper.given, location="query"), "ActingAs"]}


def _body(paper: Paper, spec: APISpec) -> Mapping[str, Any]:
    name = f"relief.{type(paper.given).__name__}"
    spec.components.schema(name, schema=paper.given)
    return {
        "parameters": ["ActingAs"],
        "requestBody": {"required": True, "content": {"application/json": {"schema": name}}},
    }
