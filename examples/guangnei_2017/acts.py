"""What a plan comes to: acts in the order in which they were written down, each with its expected outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from examples.guangnei_2017.duties import DUTIES, ORDER
from examples.guangnei_2017.people import People
from examples.guangnei_2017.roster import Roster

STATION_TIME = ZoneInfo("Asia/Shanghai")
OFFICE_OPENS = time(9)
LAST_DAY = date(2017, 12, 31)

DONE, NOTHING, REPEAT = "done", "nothing", "repeat"
"""What is expected of an act: it wrote, there was nothing to do, it was asked before under the same id.

Any other expectation is the code of the refusal.
"""


@dataclass(frozen=True)
class Ref:
    """A person by their name in the plan; the id is known only from the answer that admitted them."""

    person: str


@dataclass(frozen=True)
class Act:
    """Something that somebody entered: when, who, at which station, which command."""

    when: datetime
    by: str
    role: str
    station: str
    service: str
    name: str
    command_id: str
    body: Mapping[str, Any]
    expect: str = DONE
    admits: str | None = None
    """The person whose id the answer tells."""


@dataclass
class Book:
    """Collects the acts of a plan while it is expanded, entry by entry."""

    people: People
    roster: Roster
    casts: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Station to its persons, each with their roles."""
    station: str = ""
    source: str = ""
    acts: list[Act] = field(default_factory=list)
    cards: dict[str, int] = field(default_factory=dict)
    """How many cards each person has had."""
    _rows: dict[str, int] = field(default_factory=dict)

    def open_entry(self, source: str, station: str) -> None:
        self.source, self.station = source, station

    def write(
        self,
        name: str,
        body: Mapping[str, Any],
        occurred_on: date | None,
        recorded_on: date | None = None,
        *,
        by: str = "",
        role: str = "",
        station: str = "",
        expect: str = DONE,
        admits: str | None = None,
        hours_later: int = 0,
    ) -> Act:
        """Write one act down. It is recorded on the day it occurred unless said otherwise."""
        duty = DUTIES[name]
        actor = by or duty.by
        at = station or self.station
        recorded_on = recorded_on or occurred_on
        assert recorded_on is not None
        when = datetime.combine(recorded_on, OFFICE_OPENS, STATION_TIME)
        when += timedelta(hours=hours_later, minutes=2 * ORDER[name])
        full = {key: value for key, value in body.items() if value is not None}
        if occurred_on is not None:
            full["occurred_on"] = occurred_on.isoformat()
        act = Act(
            when,
            actor,
            role or self._role(at, actor, duty.role),
            at,
            duty.service,
            name,
            self._id(),
            full,
            expect,
            admits,
        )
        self.acts.append(act)
        return act

    def repeat(self, act: Act, days_later: timedelta, expect: str) -> None:
        """The same act asked once more, with the same command id."""
        self.acts.append(replace(act, when=act.when + days_later, expect=expect, admits=None))

    def next_card(self, person: str) -> int:
        self.cards[person] = self.cards.get(person, 0) + 1
        return self.cards[person]

    def _id(self) -> str:
        row = self._rows[self.source] = self._rows.get(self.source, 0) + 1
        return f"plan:{self.source}:{row}"

    def _role(self, station: str, actor: str, wanted: str) -> str:
        station, _, actor = actor.rpartition("/") if "/" in actor else (station, "", actor)
        roles = self.casts[station][actor]
        return wanted if wanted in roles else roles[0]


def in_order(acts: Iterable[Act]) -> list[Act]:
    """Acts as they were written down; those of one instant stay in the plan's order, one command together."""
    return sorted(acts, key=lambda act: (act.when, act.station, act.service, act.name, act.by, act.role))
