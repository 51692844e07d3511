"""Whoever may at the demo's station, asked and told by the services' own commands, without a browser."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from examples.guangnei_2017.accounts import HOLDERS
from examples.guangnei_2017.driver import staff_id
from lastmile.catalogue import catalogue
from lastmile.embedded import Embedded
from tests.browser.site import STATION


@dataclass(frozen=True)
class Desk:
    """The station's people, each command on one day by the first of HOLDERS with a role for it."""

    home: Embedded
    on: str
    _keys: "count[int]" = field(default_factory=lambda: count(1))

    def tell(self, service: str, command: str, by: str = "", **body: Any) -> Mapping[str, Any]:
        """Give a command, dated `on` unless the body says otherwise; `by` gives it as whom, if not by whoever may."""
        offered = catalogue().services[service].commands[command]
        dated = {"occurred_on": self.on} if "occurred_on" in offered.schema.fields else {}
        row = (f"desk-{next(self._keys)}", {**dated, **body})
        (outcome,) = self.home.calls.tell(service, STATION, command, [row], by or self._who_may(service, command))
        assert outcome["status"] == "done", (command, outcome)
        answer: Mapping[str, Any] = outcome["answer"]
        return answer

    def ask(self, service: str, question: str, **parameters: Any) -> Any:
        return self.home.calls.ask(service, STATION, question, parameters, self._who_may(service, question))

    def identity(self, person_id: str, role: str) -> str:
        """Somebody's own, with the second factor given."""
        wanted = {"person_id": person_id, "role": role, "confirmed": True}
        operator = self.home.operator_token(STATION)
        token: str = self.home.calls.ask("access", STATION, "identity", wanted, operator)["token"]
        return token

    def _who_may(self, service: str, asked: str) -> str:
        roles = catalogue().services[service].permissions[asked]
        key, role = next((key, role) for key, role in HOLDERS.items() if role in roles)
        return self.identity(staff_id(STATION, key), role)
