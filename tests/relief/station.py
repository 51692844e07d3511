"""A station that asks relief in words of the domain, each command by the person and role it is for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from lastmile.kernel.domain.entry import Entry
from lastmile.kernel.domain.fields import annotations
from lastmile.kernel.domain.identity import Identity, Role
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import Answer, Order
from lastmile.kernel.store.following import End
from lastmile.kernel.store.service import Resources, Service
from services.relief.api import RELIEF
from tests.keystores import keystore_in

CODE = "110102017"
Body = dict[str, Any]


class NobodyErased:
    """A membership without a log: it tells of no erasure."""

    def ends(self) -> list[End]:
        return []

    def entries(self, log: str, after: int, limit: int) -> list[bytes]:
        return []


NOW = datetime(2017, 12, 31, 2, tzinfo=UTC)
PEOPLE = {
    Role.CLERK: "clerk",
    Role.STATION_HEAD: "head",
    Role.CHAIR: "chair",
    Role.ACCOUNTANT: "accountant",
    Role.CASHIER: "cashier",
    Role.SERVICE: "service:relief",
}
CHAIN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Apply", {"person_id": "zhao", "programme": "warmth", "fund_id": "own", "amount_fen": 300_000, "ground": "病"}),
    ("RecordHomeVisit", {"finding": "in_need"}),
    ("RecordComparison", {"clear": True}),
    ("ReviewApplication", {}),
    ("PublishNotice", {"occurred_on": "2017-01-10"}),
    ("CloseNotice", {"objections": 0, "occurred_on": "2017-01-17"}),
    ("ApproveApplication", {"occurred_on": "2017-01-18"}),
    ("EnterPayment", {"pay_list_id": "list-1", "occurred_on": "2017-01-19"}),
    ("ReleasePayment", {"occurred_on": "2017-01-19"}),
    ("BookBankReturn", {"paid": True, "occurred_on": "2017-01-20"}),
    ("SignForGrant", {"occurred_on": "2017-01-20"}),
)
"""The chain of one grant, from application to signature, with dates that fit."""


class Station:
    """One station's relief."""

    def __init__(self, service: Service, code: str = CODE) -> None:
        self.service, self.code, self.asked = service, code, count(1)
        service.open_station(code)

    def tell(self, command: str, by: str | None = None, lives_with: tuple[str, ...] = (), **body: Any) -> Answer:
        """Ask a command with a new id, dated 5 January unless the body says otherwise.

        `lives_with` are the persons of membership whose aid is the own aid of whoever asks.
        """
        role = next(role for role in PEOPLE if role in RELIEF.permissions[command])
        for_ever = "9999-12-31T00:00:00Z"
        who = by or PEOPLE[role]
        identity = Identity(who, role, self.code, for_ever, confirmed_until=for_ever, household=lives_with)
        dated = {"occurred_on": "2017-01-05"} if "occurred_on" in annotations(self._handled(command)) else {}
        body = {**dated, **body}
        return self.service.command(
            Order(command_id=f"c{next(self.asked)}", station=self.code, name=command, body=body, identity=identity)
        )

    def _handled(self, command: str) -> type:
        return RELIEF.handlers.by_name[command].command

    def ask(self, question: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows that a clerk is answered."""
        identity = Identity("clerk", Role.CLERK, self.code, "9999-12-31T00:00:00Z")
        answer = self._answered(question, identity, parameters)
        rows: list[dict[str, Any]] = answer if isinstance(answer, list) else answer["rows"]
        return rows

    def prepare(self) -> None:
        terms = {"programme": "warmth", "issuer": "区总工会", "document_number": "2016-1", "area": "110102"}
        days = {"valid_from": "2017-01-01", "valid_until": "2017-11-30", "times_a_year": 9}
        self.tell("StatePolicy", policy_id="2017", ceiling_fen=500_000, notice_days=7, confirmed=False, **terms, **days)
        self.tell("OpenFund", fund_id="own", programme="warmth", source="own", budget_fen=1_000_000)
        self.tell("OpenCase", person_id="zhao", category="deep", persons=3, illness="某病")

    def ask_as(
        self, role: Role, question: str, by: str | None = None, lives_with: tuple[str, ...] = (), **parameters: Any
    ) -> Any:
        """The whole answer that somebody gets."""
        who = by or PEOPLE.get(role, role)
        identity = Identity(who, role, self.code, "9999-12-31T00:00:00Z", household=lives_with)
        return self._answered(question, identity, parameters)

    def _answered(self, question: str, identity: Identity, parameters: Mapping[str, Any]) -> Any:
        """The answer, which the door must be able to write down."""
        answer = self.service.ask(question, identity, self.code, parameters)
        assert orjson.loads(orjson.dumps(answer)) == answer
        return answer

    def walk(self, application_id: str, until: str = "SignForGrant", pay_list_id: str = "list-1", **first: Any) -> None:
        """Carry one application along the chain, up to and with the command `until`."""
        for name, body in CHAIN:
            more = {"Apply": first, "EnterPayment": {"pay_list_id": pay_list_id}}.get(name, {})
            self.tell(name, application_id=application_id, **(body | more))
            if name == until:
                return

    def entries(self) -> list[Entry]:
        return [Entry.from_bytes(data) for data in self.service.entries(f"{self.code}/relief", 0, 1_000)]

    def payloads(self, *types: str) -> list[Mapping[str, Any]]:
        """The payloads of the entries of these types, in order."""
        return [entry.payload for entry in self.entries() if entry.type in types]


def fund(station: Station) -> tuple[int, int]:
    """What is left and what was paid of the one fund, in fen."""
    (row,) = station.ask("funds_left")
    return row["left_fen"], row["paid_fen"]


@contextmanager
def relief_at(database_url: str, directory: Path) -> Iterator[Station]:
    """An empty relief at one station."""
    database, keystore = Database(database_url), keystore_in(directory)
    with database.write() as connection:
        RELIEF.tables.create_all(connection)
    resources = Resources(database, keystore, LogKeys(directory), lambda: NOW)
    service = Service(RELIEF, resources)
    service.replay_erasures({"membership": NobodyErased()})
    try:
        yield Station(service)
    finally:
        database.close()
        keystore.database.close()
