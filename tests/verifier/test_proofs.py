"""One entry is proved to stand in a log; a proof that was changed is refused."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lastmile.kernel.domain.checkpoint import Checkpoint, Signer, Verifier
from lastmile.kernel.domain.entry import entry_hash
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.domain.merkle import inclusion_proof, root_of
from lastmile.kernel.store.exporting import event_proof
from tests.kernel.filled import EVENTS
from tests.kernel.sample import LOG, Sample
from tests.verifier.bundle import Bundle, prove


@pytest.mark.parametrize("position", range(1, EVENTS + 1))
def test_every_event_can_be_proved(bundle: Bundle, sample: Sample, position: int) -> None:
    outcome = prove(bundle, event_proof(sample.database, LOG, position))
    assert outcome.code == 0
    assert f"entry {position} of {LOG} stands in the log of {EVENTS} entries" in outcome.said


def changed_proofs(proof: dict[str, Any], other: dict[str, Any], bundle: Bundle) -> dict[str, dict[str, Any]]:
    path = proof["path"]
    signer = Signer(bundle.signer.name, Ed25519PrivateKey.generate())
    leaves = [entry_hash(line) for line in bundle.lines]
    return {
        "another entry": {**proof, "entry": other["entry"]},
        "another entry and position": {**proof, "entry": other["entry"], "position": other["position"]},
        "one character of the entry": {**proof, "entry": proof["entry"].replace("2017", "2018", 1)},
        "a longer path": {**proof, "path": [*path, path[0]]},
        "a shorter path": {**proof, "path": path[:-1]},
        "no path": {**proof, "path": []},
        "another path": {**proof, "path": other["path"]},
        "another order": {**proof, "path": path[::-1]},
        "another position": {**proof, "position": other["position"]},
        "a position that is none": {**proof, "position": 0},
        "a position that is text": {**proof, "position": "17"},
        "another size": {**proof, "checkpoint": proof["checkpoint"].replace(f"\n{EVENTS}\n", "\n39\n")},
        "another signer": {
            **proof,
            "checkpoint": signer.sign(Checkpoint(signer.name, EVENTS, root_of(leaves)).body()),
        },
        "a checkpoint from before": {
            **proof,
            "checkpoint": bundle.signer.sign(Checkpoint(signer.name, 16, root_of(leaves[:16])).body()),
            "path": [node.hex() for node in inclusion_proof(leaves[:17], 16)],
        },
    }


def test_a_proof_that_was_changed_is_refused(bundle: Bundle, sample: Sample) -> None:
    proof, other = (event_proof(sample.database, LOG, position) for position in (17, 30))
    for what, changed in changed_proofs(proof, other, bundle).items():
        outcome = prove(bundle, changed)
        assert outcome.code == 1, what
        assert f"WRONG {LOG} at {changed['position']}: " in outcome.said, what


def test_a_proof_is_refused_under_the_key_of_another_log(bundle: Bundle, sample: Sample) -> None:
    other = Verifier(bundle.signer.name.replace("sample", "relief"), bundle.signer.verifier().key)
    assert prove(bundle, event_proof(sample.database, LOG, 17), str(other)).code == 1


@pytest.mark.parametrize("proof", [None, [], {}, {"position": 1, "entry": 3}, {"path": ["xyz"]}])
def test_what_is_no_proof_cannot_be_checked(bundle: Bundle, proof: Any) -> None:
    assert prove(bundle, proof).code == 2


def test_there_is_no_proof_of_what_is_not_there_or_not_signed(sample: Sample) -> None:
    for position in (0, EVENTS + 1):
        with pytest.raises(NotFound):
            event_proof(sample.database, LOG, position)
