"""Whatever is granted, revoked, named and asked in whatever order: an identity carries no role that is not held."""

import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lastmile.kernel.domain.failures import Failure, Forbidden
from services.access.views import roles_held
from tests.access.door import CHAIR, HERE, THERE, Door, oneself
from tests.access.running import access_on, closed

MONEY = {"clerk", "station_head", "chair", "vice_chair", "accountant", "cashier"}
ROLES = ("clerk", "chair", "cashier", "administrator", "community_chair", "district_auditor")
STOOD_IN_FOR = ("clerk", "chair", "cashier")


@dataclass
class Oracle:
    """Its own idea of what one person holds: (station, role) granted, (station, role) with days."""

    granted: set[tuple[str, str]] = field(default_factory=set)
    terms: dict[tuple[str, str], tuple[date, date]] = field(default_factory=dict)

    def held(self, today: date) -> set[tuple[str, str]]:
        return self.granted | {key for key, (first, last) in self.terms.items() if first <= today <= last}

    def lawful(self, today: date) -> bool:
        roles = {role for _, role in self.held(today)}
        return not ("administrator" in roles and roles & MONEY)


steps = st.one_of(
    st.tuples(st.just("grant"), st.sampled_from((HERE, THERE)), st.sampled_from(ROLES)),
    st.tuples(st.just("revoke"), st.sampled_from((HERE, THERE)), st.sampled_from(ROLES)),
    st.tuples(st.just("name"), st.integers(0, 3), st.integers(0, 3), st.sampled_from(STOOD_IN_FOR)),
    st.tuples(st.just("end"), st.sampled_from(STOOD_IN_FOR)),
    st.tuples(st.just("wait"), st.integers(1, 3)),
)


def take(door: Door, oracle: Oracle, step: tuple[Any, ...]) -> None:
    today = door.access.today()
    try:
        match step:
            case ("grant", at, role):
                community = {"community": "nanxianli"} if role == "community_chair" else {}
                on = {"occurred_on": today.isoformat()}
                door.tell("GrantRole", at=at, person_id="li", role=role, **on, **community)
                oracle.granted.add((at, role))
            case ("revoke", at, role):
                door.tell("RevokeRole", at=at, person_id="li", role=role, occurred_on=today.isoformat())
                oracle.granted.discard((at, role))
            case ("name", start, length, role):
                first = today + timedelta(days=start)
                days = (first, first + timedelta(days=length))
                valid = {"valid_from": days[0].isoformat(), "valid_to": days[1].isoformat()}
                door.tell("NameStandIn", CHAIR, person_id="li", role=role, **valid)
                oracle.terms[HERE, role] = days
            case ("end", role):
                door.tell("EndStandIn", CHAIR, person_id="li", role=role)
                if oracle.terms.get((HERE, role), (today, date.min))[1] >= today:
                    oracle.terms.pop((HERE, role), None)
            case ("wait", days):
                door.clock.move(days=days)
    except Failure:
        pass


def identities(door: Door) -> set[tuple[str, str]]:
    """Every (station, role) for which a session of the person gives an identity today."""
    token, found = door.sign_in(), set()
    for station in (HERE, THERE):
        for role in ROLES:
            try:
                identity = door.identity(token, station=station, role=role)
            except Forbidden:
                continue
            assert (identity.person_id, identity.station, identity.role) == ("li", station, role)
            found.add((station, role))
    return found


def law(steps_taken: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        door = Door(*access_on(f"sqlite:///{folder}/access.db", Path(folder)))
        door.register("li", "")
        door.register("li", "", THERE)
        door.open_account("li")
        door.tell("ChangePassword", oneself("li"), old="first-words-here", new="own words, well kept")
        oracle = Oracle()
        for step in steps_taken:
            take(door, oracle, step)
            today = door.access.today()
            assert oracle.lawful(today)
            assert identities(door) == oracle.held(today)
        closed(door.access)


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
)
@given(st.lists(steps, min_size=4, max_size=10))
def test_an_identity_carries_just_the_roles_held_today(steps_taken: list[tuple[Any, ...]]) -> None:
    law(steps_taken)


def test_with_terms_that_never_end_the_law_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles_held, "held_on", roles_held.held_or_named)
    with pytest.raises(AssertionError):
        law([("name", 2, 0, "chair")])
