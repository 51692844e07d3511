"""Whoever tries whatever in whatever order: four eyes on each grant, no fund overspent, vouchers without holes."""

from collections.abc import Iterator
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.relief import applying, approval, handling, posting, releasing, reviewing, rules, withdrawal
from services.relief.views import pay_lists
from tests.relief.oracle import Attempt
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


CHECKS: tuple[tuple[ModuleType, str], ...] = (
    (applying, "not_for_oneself"),
    (applying, "not_too_often"),
    (handling, "reviewed_by_another"),
    (handling, "not_for_oneself"),
    (reviewing, "handled_by_another"),
    (reviewing, "not_for_oneself"),
    (approval, "prepared_by_others"),
    (approval, "terms_set_by_others"),
    (approval, "not_for_oneself"),
    (approval, "within_ceiling"),
    (approval, "within_budget"),
    (releasing, "granted_by_others"),
    (releasing, "entered_by_another"),
    (releasing, "not_for_oneself"),
    (posting, "not_for_oneself"),
    (withdrawal, "not_for_oneself"),
    (pay_lists, "closed"),
)
RUNS, ATTEMPTS_A_RUN = 25, 160


def carry_by_lot(stations: Iterator[Station], runs: int) -> None:
    for run in range(runs):
        carry(next(stations), drawn(Random(run), ATTEMPTS_A_RUN))


def not_checked(*_asked: Any) -> bool:
    return False


@pytest.mark.parametrize(("module", "check"), CHECKS, ids=lambda part: getattr(part, "__name__", part))
def test_each_check_that_is_removed_is_found(
    stations: Iterator[Station], monkeypatch: pytest.MonkeyPatch, module: ModuleType, check: str
) -> None:
    monkeypatch.setattr(module, check, not_checked)
    with pytest.raises(AssertionError):
        carry_by_lot(stations, RUNS)


def test_a_household_that_is_not_minded_is_found(stations: Iterator[Station], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "own_aid", lambda command: frozenset({command.by}))
    with pytest.raises(AssertionError, match="wei"):
        carry_by_lot(stations, RUNS)


def test_with_every_check_in_place_the_same_runs_find_nothing(stations: Iterator[Station]) -> None:
    carry_by_lot(stations, RUNS // 5)
