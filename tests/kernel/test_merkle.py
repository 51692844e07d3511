"""The log's tree is that of RFC 6962: its roots, and proofs that prove just one leaf at just one place."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastmile.kernel.domain.merkle import (
    Frontier,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_from_inclusion,
    root_of,
)
from tests.kernel import rfc6962

HASHES = [leaf_hash(number.to_bytes(2, "big")) for number in range(300)]


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def leads(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    try:
        return root_from_inclusion(leaf, index, size, path) == root
    except ValueError:
        return False


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_published_vectors(size: int) -> None:
    assert root_of(map(leaf_hash, rfc6962.LEAVES[:size])).hex() == rfc6962.ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert root_of([]).hex() == Frontier().root().hex() == rfc6962.EMPTY_ROOT


@pytest.mark.parametrize(("index", "size"), rfc6962.PATHS)
def test_proofs_are_those_of_the_published_vectors(index: int, size: int) -> None:
    hashes = [leaf_hash(data) for data in rfc6962.LEAVES[:size]]
    assert [node.hex() for node in inclusion_proof(hashes, index)] == rfc6962.PATHS[index, size]


@given(st.integers(0, len(HASHES)))
def test_the_frontier_has_the_root_that_the_definition_gives(size: int) -> None:
    frontier = Frontier()
    for leaf in HASHES[:size]:
        frontier.append(leaf)
    assert (frontier.root(), frontier.size) == (naive_root(HASHES[:size]), size)
    assert root_of(HASHES[:size]) == frontier.root()


@given(st.lists(st.integers(0, 60), max_size=5))
def test_leaves_may_come_in_any_portions_and_the_frontier_may_be_stored_between(portions: list[int]) -> None:
    frontier, start = Frontier(), 0
    for portion in portions:
        frontier = Frontier.from_bytes(frontier.size, frontier.to_bytes())
        frontier.extend(HASHES[start : start + portion])
        start += portion
    assert frontier.root() == naive_root(HASHES[:start])


@given(st.integers(0, 8), st.integers(0, 5))
def test_a_whole_subtree_may_be_appended_where_it_fits(before: int, exponent: int) -> None:
    leaves = 1 << exponent
    frontier = Frontier()
    frontier.extend(HASHES[: before * leaves])
    frontier.append_subtree(naive_root(HASHES[before * leaves : (before + 1) * leaves]), leaves)
    assert frontier.root() == naive_root(HASHES[: (before + 1) * leaves])


def test_a_subtree_that_does_not_fit_is_refused_and_changes_nothing() -> None:
    frontier = Frontier()
    frontier.extend(HASHES[:6])
    before = frontier.root()
    with pytest.raises(ValueError, match="does not fit after 6"):
        frontier.append_subtree(HASHES[6], 4)
    assert (frontier.root(), frontier.size) == (before, 6)


def test_a_copy_of_the_frontier_grows_alone() -> None:
    frontier = Frontier()
    frontier.extend(HASHES[:5])
    frontier.copy().append(HASHES[5])
    assert (frontier.root(), frontier.size) == (naive_root(HASHES[:5]), 5)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31])
def test_the_proof_of_every_leaf_holds_and_no_other_does(size: int) -> None:
    root = naive_root(HASHES[:size])
    for index in range(size):
        path = inclusion_proof(HASHES[:size], index)
        assert leads(HASHES[index], index, size, path, root)
        assert not leads(HASHES[size], index, size, path, root)
        assert not any(leads(HASHES[index], other, size, path, root) for other in range(size) if other != index)
        assert not leads(HASHES[index], index, size, [*path, root], root)
        for level, node in enumerate(path):
            changed = bytes([node[0] ^ 1]) + node[1:]
            assert not leads(HASHES[index], index, size, [*path[:level], changed, *path[level + 1 :]], root)
            assert not leads(HASHES[index], index, size, path[:level] + path[level + 1 :], root)


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0)])
def test_there_is_no_proof_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        inclusion_proof(HASHES[:size], index)
    with pytest.raises(ValueError, match="no leaf"):
        root_from_inclusion(HASHES[0], index, size, [])


def test_a_leaf_is_never_taken_for_a_node() -> None:
    left, right = HASHES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)
