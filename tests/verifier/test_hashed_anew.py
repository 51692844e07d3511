"""An export in which everything was hashed anew, without the key and with it, does not hold."""

import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lastmile.kernel.domain.checkpoint import Signer
from tests.kernel.filled import EVENTS, SIZES
from tests.kernel.tampering import Members, chained, raise_an_amount, turn_time_back
from tests.verifier.bundle import Bundle, check


def test_everything_hashed_anew_without_the_key_is_refused_by_the_checkpoints(bundle: Bundle) -> None:
    bundle.write(chained(bundle.lines, raise_an_amount))
    outcome = check(bundle)
    assert [outcome.names(size) for size in SIZES] == [False, False, True, True, True]
    assert not any(outcome.names(position) for position in range(1, EVENTS) if position not in SIZES)


def test_everything_hashed_anew_and_signed_by_another_key_is_refused(bundle: Bundle) -> None:
    bundle.write(chained(bundle.lines, raise_an_amount))
    bundle.sign_anew(Signer(bundle.signer.name, Ed25519PrivateKey.generate()))
    outcome = check(bundle)
    assert outcome.names(EVENTS)
    assert outcome.said.count("no signature by") == len(SIZES)


def test_everything_signed_anew_with_the_key_is_refused_by_a_kept_checkpoint(bundle: Bundle, original: Bundle) -> None:
    bundle.write(chained(bundle.lines, raise_an_amount))
    bundle.sign_anew(bundle.signer)
    assert check(bundle).code == 0, "nobody can see this without a checkpoint from before"
    assert check(bundle, "--checkpoint", original.directory / "checkpoints.txt").names(24)


def take_a_version_twice(members: list[Members]) -> None:
    members[20]["version"] -= 1


def take_anothers_origin(members: list[Members]) -> None:
    members[20]["origin"] = "another"


def add_a_member(members: list[Members]) -> None:
    members[20]["surprise"] = 1


def write_text_for_a_number(members: list[Members]) -> None:
    members[20]["schema"] = "1"


@pytest.mark.parametrize(
    "change",
    [turn_time_back, take_a_version_twice, take_anothers_origin, add_a_member, write_text_for_a_number],
)
def test_rules_of_the_log_hold_even_for_who_holds_the_key(
    bundle: Bundle, change: Callable[[list[Members]], None]
) -> None:
    bundle.write(chained(bundle.lines, change))
    bundle.sign_anew(bundle.signer)
    assert check(bundle).names(21)


def test_an_entry_has_one_form_even_for_who_holds_the_key(bundle: Bundle) -> None:
    last = json.loads(bundle.lines[-1])
    bundle.write([*bundle.lines[:-1], json.dumps(last).encode()])
    bundle.sign_anew(bundle.signer)
    outcome = check(bundle)
    assert outcome.names(EVENTS)
    assert "not written in canonical form" in outcome.said
