"""Everybody asks about every place over REST; what they are answered beside what the rows say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson
from flask import Flask
from werkzeug.test import TestResponse

from lastmile.kernel.domain.failures import Forbidden
from lastmile.kernel.domain.identity import Permissions
from services.gateway.api.commands import path_of
from services.gateway.api.questions import ways_of
from services.gateway.api.scopes import scope_of
from services.gateway.catalogue import Catalogue
from services.gateway.sealing import sealed
from tests.gateway.api.conftest import ELSEWHERE, STATION
from tests.gateway.api.people import FOR_EVER, StandInAccess
from tests.gateway.matrix.oracle import Who, everybody, reached
from tests.gateway.matrix.places import Place
from tests.gateway.matrix.ways import COMMANDS, QUESTIONS, Name, Way

NOBODY = "no-such-record"
NEVER = {"If-Match": '"999"'}
"""No record stands at this version: whoever may give the order is told so, and nothing is written."""


@dataclass(frozen=True)
class Matrix:
    """The gateway, its places, and the sessions in which people ask."""

    app: Flask
    access: StandInAccess
    catalogue: Catalogue
    places: Sequence[Place]
    keys: Iterator[int] = field(default_factory=count)

    def rows(self, name: Name) -> Permissions:
        return self.catalogue.services[name[0]].permissions

    def session(self, who: Who, scope: str) -> dict[str, str]:
        more = {"community": who.community, "confirmed_until": FOR_EVER, "scopes": [scope]}
        return self.access.let_in("matrix", who.role, STATION, **more)

    def asked(self, name: Name, who: Who, at: str, parameters: Mapping[str, Any]) -> TestResponse:
        offered = self.catalogue.services[name[0]].questions[name[1]]
        if "after" in parameters:  # The places keep cursors as membership gave them, REST gives them sealed.
            with self.app.app_context():
                parameters = {**parameters, "after": sealed(parameters["after"])}
        by_body = -1 if offered.personal & parameters.keys() else 0
        method, path = ways_of(offered)[by_body]
        sent = {"json": parameters} if method == "POST" else {"query_string": parameters}
        headers = self.session(who, scope_of(name[0], "read"))
        path = f"/api/v1{path}".replace("<area:station>", at)
        return self.app.test_client().open(path, method=method, headers=headers, **sent)  # type: ignore[arg-type]

    def ordered(self, name: Name, who: Who, at: str, body: Mapping[str, Any], batch: bool) -> TestResponse:
        path = path_of(self.catalogue.services[name[0]].commands[name[1]])
        path = f"/api/v1{path}".replace("<station:station>", at) + ("/batch" if batch else "")
        headers = self.session(who, scope_of(name[0], "write")) | {"Idempotency-Key": f"matrix-{next(self.keys)}"}
        sent: Any = {"rows": [{"command_id": headers["Idempotency-Key"], "body": body}]} if batch else body
        return self.app.test_client().post(path, json=sent, headers=headers if batch else headers | NEVER)


def otherwise(matrix: Matrix, name: Name) -> list[Any]:
    """Where a question is answered otherwise than the rows say: refused or not, and of which places it tells."""
    found: list[Any] = []
    for who in everybody():
        for at in (STATION, ELSEWHERE):
            may_see = reached(matrix.rows(name)[name[1]], who, at, matrix.places)
            for about in matrix.places:
                for way in QUESTIONS[name](about):
                    answer = matrix.asked(name, who, at, way.parameters)
                    if wrong := _wrong(matrix, name, way, about, may_see, answer, who, at):
                        found.append((wrong, who, at, about.mark, way.parameters, answer.text[:300]))
    return found


def _wrong(
    matrix: Matrix,
    name: Name,
    way: Way,
    about: Place,
    may_see: list[Place] | None,
    answer: TestResponse,
    who: Who,
    at: str,
) -> str:
    if is_forbidden(answer) is not (may_see is None):
        return "let in or refused against the rows"
    asked = orjson.dumps(way.parameters).decode()
    if any(place.told_in(answer.text, asked) for place in matrix.places if place not in (may_see or ())):
        return "tells of a place that is out of reach"
    if may_see is None:
        return ""
    if about in may_see:
        silent = answer.status_code != 200 or (way.tells and not about.told_in(answer.text))
        return "says nothing of a place within reach" if silent else ""
    if way.by_address:
        nobodys = matrix.asked(name, who, at, _of_nobody(way, about))
        if _without(about, answer) != (nobodys.status_code, nobodys.text):
            return "answers otherwise than of a record that is not there"
    return ""


def _of_nobody(way: Way, about: Place) -> dict[str, Any]:
    return orjson.loads(_renamed(about, orjson.dumps(way.parameters).decode()))  # type: ignore[no-any-return]


def _without(about: Place, answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, _renamed(about, answer.text)


def _renamed(about: Place, text: str) -> str:
    for key in (about.waiting, about.mark, about.member):
        text = text.replace(f"{key}", NOBODY)
    return text


def ordered_otherwise(matrix: Matrix, name: Name) -> list[Any]:
    """Where a command about a place is refused or not against the rows."""
    found = []
    for who in everybody():
        for at in (STATION, ELSEWHERE):
            may_see = reached(matrix.rows(name)[name[1]], who, at, matrix.places)
            for about in matrix.places:
                out_of_reach = may_see is None or (bool(who.community) and about not in may_see)
                for batch in (False, True):
                    answer = matrix.ordered(name, who, at, COMMANDS[name](about), batch)
                    if is_forbidden(answer) is not out_of_reach or answer.status_code >= 500:
                        found.append((who, at, about.mark, batch, answer.text[:300]))
    return found


def is_forbidden(response: TestResponse) -> bool:
    answer = response.get_json(force=True, silent=True)
    if isinstance(answer, dict) and "outcomes" in answer:
        answer = answer["outcomes"][0].get("problem")
    return isinstance(answer, dict) and answer.get("code") == Forbidden.code
