"""A checkpoint is believed only as its key signed it."""

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lastmile.kernel.domain.checkpoint import Checkpoint, NotSigned, Signer, Verifier, checkpoint_origin

ORIGIN = checkpoint_origin("110102017/sample", "0190a000-0000-7000-8000-000000000000")
CHECKPOINT = Checkpoint(ORIGIN, 42, bytes(range(32)))
SIGNER = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(32)))
NOTE = SIGNER.sign(CHECKPOINT.body())

PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_signed_checkpoint_opens_to_what_was_signed() -> None:
    assert SIGNER.verifier().open_checkpoint(NOTE) == CHECKPOINT


def test_the_note_has_the_form_of_the_standard() -> None:
    origin, size, root, blank, signature, end = NOTE.split("\n")
    assert (origin, size, root, blank, end) == (ORIGIN, "42", base64.b64encode(bytes(range(32))).decode(), "", "")
    assert signature.startswith(f"— {ORIGIN} ")


def test_notes_of_the_reference_implementation_open() -> None:
    key = Verifier.parse(PUBLISHED_KEY)
    assert str(key) == PUBLISHED_KEY
    assert key.open(PUBLISHED_NOTE) == PUBLISHED_NOTE.partition("\n\n")[0] + "\n"


def test_a_public_key_is_read_back_from_its_text() -> None:
    verifier = SIGNER.verifier()
    assert Verifier.parse(f"{verifier}\n") == verifier


def test_signatures_of_others_beside_ours_do_no_harm() -> None:
    witness = Signer("witness", Ed25519PrivateKey.generate()).sign(CHECKPOINT.body())
    both = NOTE.partition("\n\n")[0] + "\n\n" + witness.partition("\n\n")[2] + NOTE.partition("\n\n")[2]
    assert SIGNER.verifier().open_checkpoint(both) == CHECKPOINT


def test_another_key_of_the_same_name_is_refused() -> None:
    other = Signer(ORIGIN, Ed25519PrivateKey.generate()).verifier()
    with pytest.raises(NotSigned, match="no signature by"):
        other.open(NOTE)


def test_another_name_is_refused() -> None:
    with pytest.raises(NotSigned, match="no signature by other"):
        replace(SIGNER, name="other").verifier().open(NOTE)


def test_a_signature_that_is_moved_to_another_checkpoint_is_false() -> None:
    other = replace(CHECKPOINT, size=43).body()
    with pytest.raises(NotSigned, match="is false"):
        SIGNER.verifier().open(other + "\n" + NOTE.partition("\n\n")[2])


@given(st.integers(0, len(NOTE) - 1), st.sampled_from("0aZ+/ \n"))
def test_no_character_of_a_note_can_be_another(place: int, character: str) -> None:
    changed = NOTE[:place] + character + NOTE[place + 1 :]
    if changed != NOTE:
        with pytest.raises(NotSigned):
            SIGNER.verifier().open_checkpoint(changed)


@pytest.mark.parametrize("length", range(len(NOTE)))
def test_a_note_that_was_cut_is_refused(length: int) -> None:
    with pytest.raises(NotSigned):
        SIGNER.verifier().open_checkpoint(NOTE[:length])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "only a text\n",
        f"{ORIGIN}\n-1\n{base64.b64encode(bytes(32)).decode()}\n",
        f"{ORIGIN}\n042\n{base64.b64encode(bytes(32)).decode()}\n",
        f"{ORIGIN}\n４２\n{base64.b64encode(bytes(32)).decode()}\n",
        f"{ORIGIN}\nmany\n{base64.b64encode(bytes(32)).decode()}\n",
        f"{ORIGIN}\n42\n{base64.b64encode(bytes(31)).decode()}\n",
        f"{ORIGIN}\n42\nno base64!\n",
        f"\n42\n{base64.b64encode(bytes(32)).decode()}\n",
    ],
)
def test_what_is_signed_but_no_checkpoint_is_refused(body: str) -> None:
    with pytest.raises(NotSigned, match="not a checkpoint"):
        Checkpoint.from_body(body)


def test_more_lines_may_follow_the_three_of_a_checkpoint() -> None:
    assert Checkpoint.from_body(CHECKPOINT.body() + "an extension\n") == CHECKPOINT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        str(SIGNER.verifier()).replace("+", "-", 1),
        str(SIGNER.verifier())[:-4],
        str(SIGNER.verifier()).replace(ORIGIN, "other"),
        "name+c74f20a3+ŋ",
    ],
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(NotSigned, match="not a verifier key"):
        Verifier.parse(text)


@pytest.mark.parametrize("note", ["o\n1\né\n", "o\n" + "9" * 5_000 + "\nAAAA\n", "o\n01\nAAAA\n"])
def test_malformed_checkpoints_are_said_to_be_so(note: str) -> None:
    with pytest.raises(NotSigned):
        Checkpoint.from_body(note)


def test_a_signature_that_is_no_base64_is_said_to_be_so() -> None:
    signer = Signer("a/b", Ed25519PrivateKey.generate())
    with pytest.raises(NotSigned):
        signer.verifier().open("x\n\n— a/b é\n")
