"""Two stations with two communities each, and the same kinds of records in every one of the four."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from lastmile.embedded import Embedded
from lastmile.kernel.domain.fields import annotations
from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from tests.gateway.api.conftest import ELSEWHERE, STATION
from tests.gateway.api.people import FOR_EVER
from tests.membership.station import identity_number
from tests.relief.station import CHAIN, PEOPLE

DAY, MONTH = "2017-01-05", "2017-01"
SURNAMES = {"c1": "甲", "c2": "乙"}
MEMBERS = 2


@dataclass(frozen=True)
class Place:
    """A community of a station, and what is found by whom or what there."""

    station: str
    community: str
    persons: list[str] = field(default_factory=list)
    cursors: dict[str, str] = field(default_factory=dict)
    """List to the cursor behind the first row that somebody of the place saw."""

    @property
    def mark(self) -> str:
        """Stands in the ids of the place's records."""
        return f"{self.station}-{self.community}"

    @property
    def waiting(self) -> str:
        """The application that waits for approval; the one under the mark stands in a pay list."""
        return f"{self.mark}-2"

    @property
    def member(self) -> str:
        return self.persons[0]

    def name(self, number: int) -> str:
        return f"{SURNAMES[self.community]}{self.station[-2:]}之{'一二'[number]}"

    def number(self, number: int) -> str:
        return identity_number(100 * int(self.station[-2:]) % 900 + 10 * int(self.community[1:]) + number)

    @property
    def card(self) -> str:
        return f"62100{self.station}{self.community[1:]}"

    def told_in(self, text: str, asked: str = "") -> bool:
        """Whether an answer tells anything of the place, beyond what was asked."""
        known = [self.mark, self.card, self.name(0), self.name(1), self.number(0), self.number(1), *self.persons]
        return any(word in text for word in known if word not in asked)


def furnished(home: Embedded) -> list[Place]:
    """The four places, with their records."""
    found = []
    for station in (STATION, ELSEWHERE):
        home.open_station(station)
        for community in SURNAMES:
            place = Place(station, community)
            Office(home, place).furnish()
            found.append(place)
    home.settle()
    return found


_NUMBERS = count(1)


@dataclass(frozen=True)
class Office:
    """Whoever enters the records of a place, each in the first role that may."""

    home: Embedded
    place: Place

    def tell(self, service: str, command: str, **body: Any) -> Mapping[str, Any]:
        definition = self.home.services[service].definition
        dated = (
            {"occurred_on": DAY} if "occurred_on" in annotations(definition.handlers.by_name[command].command) else {}
        )
        role = next(iter(definition.permissions[command]))
        token = self.token(role)
        row = (f"furnished-{next(_NUMBERS)}", {**dated, **body})
        (outcome,) = self.home.calls.tell(service, self.place.station, command, [row], token)
        assert outcome["status"] == "done", (command, outcome)
        answer: Mapping[str, Any] = outcome["answer"]
        return answer

    def token(self, role: Role) -> str:
        identity = Identity(PEOPLE.get(role, role), role, self.place.station, FOR_EVER, confirmed_until=FOR_EVER)
        return sign_identity(identity, self.home.home.identity_key())

    def furnish(self) -> None:
        mark = self.place.mark
        for service, command, body in self._standing():
            self.tell(service, command, **body)
        for number in range(MEMBERS):
            self._member(number)
        self.tell("membership", "IssueCard", person_id=self.place.member, card_number=self.place.card)
        self.tell("membership", "ApplyForCard", person_id=self.place.persons[1])
        self.tell("membership", "SendCardApplications", list_id=mark)
        for person_id, application, last in zip(self.place.persons, (mark, self.place.waiting), (8, 6), strict=True):
            self.tell("relief", "OpenCase", person_id=person_id, category="deep", persons=3, illness=mark)
            more = {"Apply": {"person_id": person_id, "fund_id": mark}, "EnterPayment": {"pay_list_id": mark}}
            for name, body in CHAIN[:last]:
                self.tell("relief", name, application_id=application, **(body | more.get(name, {})))
        for question in ("members", "unions"):
            asked = {"community": self.place.community} if question == "members" else {}
            token, station = self.token(Role.CLERK), self.place.station
            told = self.home.calls.ask("membership", station, question, {"size": 1, **asked}, token)
            if told["next"]:
                self.place.cursors[question] = told["next"]

    def _member(self, number: int) -> None:
        body = {"name": self.place.name(number), "identity_number": self.place.number(number)}
        answer = self.tell("membership", "JoinMember", union_id=self.place.mark, **body)
        self.place.persons.append(str(answer["stream"]).rpartition("/")[2])

    def _standing(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """What is there before the members."""
        mark, community = self.place.mark, self.place.community
        yield "access", "RegisterPerson", {"person_id": mark, "name": f"{mark}员"}
        yield "access", "GrantRole", {"person_id": mark, "role": "clerk"}
        days = {"valid_from": "2017-12-01", "valid_to": "2018-04-30"}
        yield "access", "NameStandIn", {"person_id": mark, "role": "station_head", **days}
        system = {"client_id": f"{mark}-city", "name": mark, "secret_hash": "0" * 64, "scopes": "membership.read"}
        yield "access", "RegisterSystem", system
        yield "membership", "ListCommunity", {"community": community, "name": f"{mark}社区"}
        union = {"union_id": mark, "name": f"{mark}联合工会", "kind": "joint", "community": community}
        yield "membership", "RegisterUnion", union
        yield "membership", "OpenImport", {"import_id": mark, "file_sha256": "0" * 64, "rows": 1}
        activity = {"title": f"{mark}讲座", "kind": "lecture", "theme": "health", "community": community}
        yield (
            "activities",
            "PlanActivity",
            {"activity_id": mark, **activity, "planned_on": DAY, "by_card": True, "places": 9},
        )
        terms = {"programme": "warmth", "issuer": mark, "document_number": mark, "area": "110102"}
        limits = {
            "ceiling_fen": 500_000,
            "notice_days": 7,
            "confirmed": False,
            "times_a_year": 9,
            "valid_from": f"2017-01-0{community[1:]}",
        }
        yield "relief", "StatePolicy", {"policy_id": mark, **terms, **limits, "occurred_on": "2017-01-01"}
        yield "relief", "OpenFund", {"fund_id": mark, "programme": "warmth", "source": "own", "budget_fen": 1_000_000}
        yield "relief", "PrepareConsolationList", {"list_id": mark, "occasion": "new_year", "fund_id": mark}
