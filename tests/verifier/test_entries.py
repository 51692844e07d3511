"""An export whose entries were changed, removed, swapped or cut off does not hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.filled import EVENTS, POSITIONS, SIGNED_EVERY
from tests.verifier.bundle import Bundle, check, copy_of


@given(POSITIONS, st.integers(0, 2000), st.integers(1, 255))
@settings(deadline=None)
def test_one_byte_of_any_entry_changed(original: Bundle, position: int, place: int, by: int) -> None:
    bundle = copy_of(original)
    lines = bundle.lines
    changed = bytearray(lines[position - 1])
    changed[place % len(changed)] ^= by
    lines[position - 1] = bytes(changed)
    bundle.write(lines)
    outcome = check(bundle)
    # A byte that became a line's end makes two lines of one, and one more entry than there should be.
    assert outcome.names(position) or outcome.names(position + 1)
    assert outcome.names(-(-position // SIGNED_EVERY) * SIGNED_EVERY)


@given(POSITIONS)
@settings(deadline=None, max_examples=EVENTS)
def test_an_entry_removed(original: Bundle, position: int) -> None:
    bundle = copy_of(original)
    lines = bundle.lines
    del lines[position - 1]
    bundle.write(lines)
    assert check(bundle).names(position)


@given(st.lists(POSITIONS, min_size=2, max_size=2, unique=True))
@settings(deadline=None, max_examples=30)
def test_two_entries_swapped(original: Bundle, positions: list[int]) -> None:
    bundle = copy_of(original)
    lines = bundle.lines
    one, other = (position - 1 for position in positions)
    lines[one], lines[other] = lines[other], lines[one]
    bundle.write(lines)
    outcome = check(bundle)
    assert all(outcome.names(position) for position in positions)


@pytest.mark.parametrize("last", [0, 1, 20, EVENTS - 1])
def test_the_tail_cut(bundle: Bundle, last: int) -> None:
    bundle.write(bundle.lines[:last])
    outcome = check(bundle)
    assert outcome.names(EVENTS)
    assert f"the log ends at {last}" in outcome.said


def test_the_tail_cut_with_its_checkpoints_is_shown_by_a_kept_one(bundle: Bundle, original: Bundle) -> None:
    bundle.write(bundle.lines[:20])
    bundle.sign_anew(bundle.signer)
    assert check(bundle).code == 0
    assert check(bundle, "--checkpoint", original.directory / "checkpoints.txt").names(EVENTS)
