"""Stands in for the services: answers what the console asks, and remembers what it told and asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lastmile.kernel.domain.failures import Failure, NotFound
from lastmile.kernel.wire.calls import Outcome, Row

STATION = "110102017"
SESSION: dict[str, Any] = {
    "session_id": "s1",
    "person_id": "p1",
    "account_name": "zhang",
    "name": "张敏",
    "home_station": STATION,
    "station": STATION,
    "role": "clerk",
    "community": "",
    "roles": [{"station": STATION, "role": "clerk", "community": "", "until": ""}],
    "scopes": [],
    "must_change_password": False,
    "has_second_factor": True,
    "confirmed_until": "",
    "identity": "identity of p1",
}

Answer = Callable[[Mapping[str, Any]], Any]


@dataclass
class Answering:
    """Calls whose answers a test sets: `questions` by (service, name), `commands` by name."""

    session: dict[str, Any] = field(default_factory=lambda: dict(SESSION))
    questions: dict[tuple[str, str], Answer] = field(default_factory=dict)
    commands: dict[str, Answer] = field(default_factory=dict)
    told: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    first: dict[str, Outcome] = field(default_factory=dict)

    def tell(
        self,
        service: str,
        station: str,
        name: str,
        rows: Sequence[Row],
        token: str,
        expected_version: int | None = None,
    ) -> list[Outcome]:
        return [self._carried_out(name, command_id, body) for command_id, body in rows]

    def _carried_out(self, name: str, command_id: str, body: Mapping[str, Any]) -> Outcome:
        if command_id in self.first:
            return self.first[command_id]
        try:
            answer = self.commands.get(name, lambda _body: {"event_ids": ["e"], "event_types": ["Done"]})(body)
        except Failure as failure:
            return {"command_id": command_id, "status": "failed", "problem": failure.as_problem()}
        self.told.append((name, command_id, body))
        self.first[command_id] = {"command_id": command_id, "status": "done", "answer": answer}
        return self.first[command_id]

    def ask(self, service: str, station: str, name: str, parameters: Mapping[str, Any], token: str) -> Any:
        if (service, name) == ("access", "session"):
            return self.session
        self.asked.append((name, parameters))
        if (service, name) == ("access", "names"):
            return {"names": {person_id: f"名{person_id}" for person_id in parameters["person_ids"]}}
        if (service, name) not in self.questions:
            raise NotFound(f"no question {name}")
        return self.questions[service, name](parameters)

    def entries(self, *_: Any) -> list[bytes]:
        return []

    def checkpoint(self, *_: Any) -> str:
        return ""
