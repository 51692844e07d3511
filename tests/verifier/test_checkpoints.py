"""An export's checkpoints, and the key that signed them, are checked."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lastmile.kernel.domain.checkpoint import Signer
from tests.kernel.filled import EVENTS
from tests.verifier.bundle import Bundle, check


@pytest.mark.parametrize(("old", "new"), [("\n16\n", "\n17\n"), ("— ", "- "), ("\n\n", "\n"), ("lastmile/", "other/")])
def test_checkpoints_changed(bundle: Bundle, old: str, new: str) -> None:
    path = bundle.directory / "checkpoints.txt"
    path.write_text(path.read_text().replace(old, new, 1))
    outcome = check(bundle)
    assert outcome.code == 1
    assert "checkpoints.txt" in outcome.said


def test_an_export_without_any_checkpoint_proves_nothing(bundle: Bundle) -> None:
    (bundle.directory / "checkpoints.txt").write_text("")
    assert check(bundle).names(EVENTS)


def test_another_key_than_the_published_one(bundle: Bundle) -> None:
    other = Signer(bundle.signer.name, Ed25519PrivateKey.generate())
    bundle.sign_anew(other)
    (bundle.directory / "log.vkey").write_text(f"{other.verifier()}\n")
    outcome = check(bundle)
    assert outcome.code == 1
    assert "another public key than the one given" in outcome.said
