"""The verifier's own cryptography, against published vectors and against another implementation."""

from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel import rfc6962
from verifier.lastmile_verifier import ORDER, Tree, Wrong, leaf_hash, root_by_path, signature_holds

RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032_hold(key: str, message: str, signature: str) -> None:
    assert signature_holds(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
@settings(max_examples=40, deadline=None)
def test_what_another_implementation_signed_holds_and_nothing_else(secret: bytes, message: bytes, bit: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(secret)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert signature_holds(key, message, signature)
    assert not signature_holds(key, message, bytes(flipped))
    assert not signature_holds(key, message + b"\x00", signature)


def test_a_signature_has_one_form() -> None:
    key, message, signature = (bytes.fromhex(part) for part in RFC_8032[1])
    s = int.from_bytes(signature[32:], "little") + ORDER
    assert not signature_holds(key, message, signature[:32] + s.to_bytes(32, "little"))
    assert not signature_holds(key, message, signature[:-1])
    assert not signature_holds(key[:-1], message, signature)


def test_a_key_that_is_no_point_of_the_curve_signs_nothing() -> None:
    _, message, signature = (bytes.fromhex(part) for part in RFC_8032[1])
    for key in ((2).to_bytes(32, "little"), (2**255 - 19).to_bytes(32, "little"), bytes([1, *[0] * 30, 128])):
        assert not signature_holds(key, message, signature)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_rfc_6962(size: int) -> None:
    tree = Tree()
    for data in rfc6962.LEAVES[:size]:
        tree.append(leaf_hash(data))
    assert tree.root().hex() == (rfc6962.ROOTS[size - 1] if size else rfc6962.EMPTY_ROOT)


@pytest.mark.parametrize(("index", "size"), rfc6962.PATHS)
def test_paths_are_those_of_rfc_6962(index: int, size: int) -> None:
    path = [bytes.fromhex(node) for node in rfc6962.PATHS[index, size]]
    assert root_by_path(leaf_hash(rfc6962.LEAVES[index]), index, size, path).hex() == rfc6962.ROOTS[size - 1]
    for wrong in ([*path, bytes(32)], path[:-1]):
        if wrong != path:
            with suppress(Wrong):
                found = root_by_path(leaf_hash(rfc6962.LEAVES[index]), index, size, wrong)
                assert found.hex() != rfc6962.ROOTS[size - 1]
