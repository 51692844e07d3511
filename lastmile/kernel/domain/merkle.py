"""The log as a Merkle tree: roots and proofs as in RFC 6962, section 2.1."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: enough to append leaves and to tell the root, O(log n) in size.

    `peaks` are the roots of the perfect subtrees, largest first; `size` is the number of leaves.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)

    def append(self, leaf: bytes) -> None:
        self.append_subtree(leaf, 1)

    def append_subtree(self, root: bytes, leaves: int) -> None:
        """Append a perfect subtree. `leaves` is a power of two that divides the present size."""
        if self.size % leaves:
            raise ValueError(f"a subtree of {leaves} leaves does not fit after {self.size}")
        step, peaks = self.size // leaves, self.peaks
        while step & 1:
            root = sha256(b"\x01" + peaks.pop() + root).digest()
            step >>= 1
        peaks.append(root)
        self.size += leaves

    def extend(self, leaves: Iterable[bytes]) -> None:
        peaks, size = self.peaks, self.size
        for leaf in leaves:
            step, root = size, leaf
            while step & 1:
                root = sha256(b"\x01" + peaks.pop() + root).digest()
                step >>= 1
            peaks.append(root)
            size += 1
        self.size = size

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def copy(self) -> "Frontier":
        return Frontier(self.size, self.peaks)

    def to_bytes(self) -> bytes:
        return b"".join(self.peaks)

    @staticmethod
    def from_bytes(size: int, data: bytes) -> "Frontier":
        return Frontier(size, [data[start : start + 32] for start in range(0, len(data), 32)])


def root_of(leaves: Iterable[bytes]) -> bytes:
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of the leaf at `index` (from 0) in the tree of all `leaves` (PATH of RFC 6962)."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} in a tree of {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root_of(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root_of(leaves[:split])]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that `path` leads to. Raises ValueError if the path has a wrong length."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    node, last, root, steps = index, size - 1, leaf, iter(path)
    try:
        while last:
            if node & 1:
                root = node_hash(next(steps), root)
            elif node < last:
                root = node_hash(root, next(steps))
            node, last = node >> 1, last >> 1
    except StopIteration:
        raise ValueError("the proof is too short") from None
    if next(steps, None) is not None:
        raise ValueError("the proof is too long")
    return root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
