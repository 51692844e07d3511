"""Carries the plan's acts through the services, at the plan's times, and holds each outcome against the plan."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from examples.guangnei_2017.acts import DONE, NOTHING, REPEAT, Act, Ref
from examples.guangnei_2017.grounds import Ground
from examples.guangnei_2017.plan import Plan, Station

OPENED_BEFORE_WORK = timedelta(hours=1)
MIDDLE_OF_THE_MONTH = 15

Outcome = Mapping[str, Any]
Progress = Callable[[str, int], None]
"""Told the month (`2017-03`) and how many acts were just carried through."""


@dataclass(frozen=True)
class Unexpected:
    """An act that came out otherwise than the plan says."""

    act: Act
    came_out: str

    def __str__(self) -> str:
        act = self.act
        return f"{act.command_id} {act.name} on {act.when:%Y-%m-%d}: expected {act.expect}, was {self.came_out}"


def staff_id(station: str, key: str) -> str:
    """The id under which access knows a person of the plan's cast."""
    return f"{station}.{key}"


@dataclass
class Driver:
    """The year on its way: who is who by now, and what came out otherwise than planned."""

    plan: Plan
    ground: Ground
    progress: Progress = lambda _month, _acts: None
    unexpected: list[Unexpected] = field(default_factory=list)
    _persons: dict[str, str] = field(default_factory=dict)
    _answers: dict[str, Any] = field(default_factory=dict)
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    _now: datetime | None = None

    def carry(self) -> None:
        """The whole year. Followers settle after the opening and twice a month."""
        first = self.plan.acts[0].when
        self._at(first - OPENED_BEFORE_WORK)
        for station in self.plan.stations:
            self.ground.open_station(station.code)
            self._engage(station, first)
        day = first.date()
        for group in groups(self.plan.acts):
            when = group[0].when
            if when.date() != day:
                if day == first.date() or _half_month(when.date()) != _half_month(day):
                    self.ground.settle()
                day = when.date()
            self._at(when)
            self._tell(group)
            self.progress(f"{when:%Y-%m}", len(group))
        self.ground.settle()

    def _at(self, moment: datetime) -> None:
        if moment != self._now:
            self._tokens.clear()  # A second factor is good for some minutes.
        self._now = moment
        self.ground.home.set_clock(moment)

    def _engage(self, station: Station, first: datetime) -> None:
        """Register the station's people and give them their roles."""
        token, on = self.ground.operator_token(station.code), first.date().isoformat()
        people, roles = [], []
        for key, held in station.persons.items():
            person = staff_id(station.code, key)
            name = self.plan.people[person].name
            people.append((f"engage:{key}", {"person_id": person, "name": name, "occurred_on": on}))
            for role in held:
                body = {"person_id": person, "role": role, "occurred_on": on}
                if role == "community_chair":
                    body["community"] = station.communities[key]
                roles.append((f"engage:{key}:{role}", body))
        for command, rows in (("RegisterPerson", people), ("GrantRole", roles)):
            for outcome in self.ground.calls.tell("access", station.code, command, rows, token):
                if outcome["status"] != "done":
                    raise RuntimeError(f"{command} {outcome['command_id']}: {outcome['problem']}")

    def _token(self, act: Act) -> str:
        station, _, key = act.by.rpartition("/")
        station = station or act.station
        person = staff_id(station, key)
        if (person, act.role) not in self._tokens:
            asked = {"person_id": person, "role": act.role, "confirmed": True}
            operator = self.ground.operator_token(station)
            answer = self.ground.calls.ask("access", station, "identity", asked, operator)
            self._tokens[person, act.role] = answer["token"]
        return self._tokens[person, act.role]

    def _tell(self, group: list[Act]) -> None:
        act, known = group[0], []
        for one in group:
            unknown = [v.person for v in one.body.values() if isinstance(v, Ref) and v.person not in self._persons]
            if unknown:
                self.unexpected.append(Unexpected(one, f"not asked: {unknown[0]} was never admitted"))
            else:
                known.append(one)
        if not known:
            return
        rows = [(one.command_id, {name: self._meant(value) for name, value in one.body.items()}) for one in known]
        outcomes = self.ground.calls.tell(act.service, act.station, act.name, rows, self._token(act))
        for one, outcome in zip(known, outcomes, strict=True):
            self._check(one, outcome)

    def _meant(self, value: Any) -> Any:
        return self._persons[value.person] if isinstance(value, Ref) else value

    def _check(self, act: Act, outcome: Outcome) -> None:
        came_out = self._came_out(act, outcome)
        if came_out != act.expect:
            self.unexpected.append(Unexpected(act, came_out))
        elif came_out == DONE:
            self._answers[act.command_id] = outcome["answer"]
            if act.admits is not None:
                self._persons[act.admits] = outcome["answer"]["stream"].split("/")[2]

    def _came_out(self, act: Act, outcome: Outcome) -> str:
        if outcome["status"] == "failed":
            problem = outcome["problem"]
            code: str = problem["code"]
            return code if code == act.expect else f"{code} ({problem['detail']})"
        if self._answers.get(act.command_id) == outcome["answer"]:
            return REPEAT
        return DONE if outcome["answer"]["event_ids"] else NOTHING


def _half_month(day: date) -> tuple[int, bool]:
    return day.month, day.day > MIDDLE_OF_THE_MONTH


def groups(acts: tuple[Act, ...]) -> Iterator[list[Act]]:
    """Neighbouring acts of the same moment, command and person, to be told in one call."""
    together = groupby(acts, lambda a: (a.when, a.station, a.service, a.name, a.by, a.role))
    for _, group in together:
        yield list(group)
