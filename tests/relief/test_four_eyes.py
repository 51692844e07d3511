"""Whoever tries whatever in whatever order: four eyes on each grant, no fund overspent, vouchers without holes."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.relief import rules
from tests.relief.checks import Check, take_away
from tests.relief.oracle import KIN, SELF, Attempt
from tests.relief.station import Station
from tests.relief.tried import CHOICES, carry, drawn, new_stations

attempts = st.lists(st.builds(Attempt, *(st.sampled_from(choice) for choice in CHOICES)), min_size=60, max_size=120)


@pytest.fixture(scope="module")
def stations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Station]]:
    """One new station after another."""
    made = new_stations(tmp_path_factory.mktemp("relief"))
    yield made
    made.close()  # type: ignore[attr-defined]


# Shrinking a run of a hundred commands on a real database takes minutes; the failing command is named anyway.
@settings(max_examples=20, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(attempts=attempts)
def test_whatever_is_tried_four_eyes_budget_and_vouchers_hold(
    stations: Iterator[Station], attempts: list[Attempt]
) -> None:
    carry(next(stations), attempts)


CHECKS = (
    Check("applying", "apply", "not_too_often"),
    Check("handling", "_free_to_handle", "reviewed_by_another"),
    Check("reviewing", "review_application", "handled_by_another"),
    Check("approval", "_approvable", "prepared_by_others"),
    Check("approval", "_approvable", "terms_set_by_others"),
    Check("approval", "_approvable", "within_ceiling"),
    Check("approval", "_approvable", "within_budget"),
    Check("releasing", "_payable", "granted_by_others"),
    Check("releasing", "release_payment", "entered_by_another"),
)
"""What the runs by lot meet; `test_each_check.py` has the others, and says that none is forgotten."""
RUNS, ATTEMPTS_A_RUN = 10, 160


def carry_by_lot(stations: Iterator[Station]) -> None:
    for run in range(RUNS):
        carry(next(stations), drawn(Random(run), ATTEMPTS_A_RUN))


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_each_check_that_is_removed_is_found(
    stations: Iterator[Station], monkeypatch: pytest.MonkeyPatch, check: Check
) -> None:
    take_away(monkeypatch, check)
    with pytest.raises(AssertionError):
        carry_by_lot(stations)


@pytest.mark.parametrize(
    ("own_aid", "taken_by"),
    [
        (lambda command: frozenset({command.by}), KIN),
        (lambda command: frozenset(command.by_household), SELF),
    ],
    ids=("the household", "oneself"),
)
def test_own_aid_that_is_not_minded_is_found(
    stations: Iterator[Station],
    monkeypatch: pytest.MonkeyPatch,
    own_aid: Callable[[Any], frozenset[str]],
    taken_by: str,
) -> None:
    monkeypatch.setattr(rules, "own_aid", own_aid)
    with pytest.raises(AssertionError, match=f"person='{taken_by}'"):
        carry_by_lot(stations)


def test_with_every_check_in_place_the_same_runs_find_nothing(stations: Iterator[Station]) -> None:
    carry_by_lot(stations)
