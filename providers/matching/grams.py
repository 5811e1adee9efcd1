"""Texts that share rare n-grams: the candidates of a title that nothing equals."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_BITS = 18
_POSTINGS = 8_000
"""Postings that one search adds up at most: the rarest n-grams first."""


class Grams:
    """Distinct texts by their n-grams: three letters each, the beginning counts as a letter. `texts` without repetition."""

    def __init__(self, texts: list[str]) -> None:
        """`texts` by name; equal ones form a group."""
        self.texts = list(dict.fromkeys(texts))
        groups = {text: number for number, text in enumerate(self.texts)}
        members = np.array([groups[text] for text in texts], dtype=np.int64)
        order = np.argsort(members, kind="stable")
        self._members = order.astype(np.int32)
        self._member_starts = np.searchsorted(members[order], np.arange(len(self.texts) + 1)).astype(np.int32)
        codes = _codes("\0".join(self.texts))
        owners = np.cumsum(codes == 0) - 1
        buckets, is_inside = _buckets(codes)
        buckets, owners = buckets[is_inside], owners[: len(is_inside)][is_inside]
        order = np.argsort(buckets, kind="stable")
        self._postings = owners[order].astype(np.int32)
        self._starts = np.searchsorted(buckets[order], np.arange((1 << _BITS) + 1)).astype(np.int32)

    def members(self, group: int) -> list[int]:
        """The names whose text is `texts[group]`."""
        return self._members[self._member_starts[group] : self._member_starts[group + 1]].tolist()

    def near(self, text: str, *, limit: int) -> list[int]:
        """At most `limit` groups that share most of the rarest n-grams of `text`, in no order."""
        buckets, is_inside = _buckets(_codes(text))
        buckets = np.unique(buckets[is_inside])
        starts, ends = self._starts[buckets], self._starts[buckets + 1]
        lengths = ends - starts
        order = np.argsort(lengths, kind="stable")
        rare = order[: max(3, int(np.searchsorted(np.cumsum(lengths[order]), _POSTINGS)))]
        parts = [self._postings[starts[at] : ends[at]] for at in rare if lengths[at]]
        if not parts:
            return []
        counts = np.bincount(np.concatenate(parts), minlength=len(self.texts))
        found = np.flatnonzero(counts >= max(1, int(counts.max()) // 3))
        if len(found) > limit:
            found = found[np.argpartition(-counts[found], limit)[:limit]]
        return found.tolist()


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(f"\0{text}\0\0".encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _buckets(codes: NDArray[np.uint32]) -> tuple[Ints, NDArray[np.bool_]]:
    """The bucket of each three code points, and whether they stay inside one text (its beginning may be the first)."""
    wide = codes.astype(np.uint64)
    mixed = wide[:-2] * np.uint64(0x9E3779B1) + wide[1:-1] * np.uint64(0x85EBCA77) + wide[2:] * np.uint64(0xC2B2AE3D)
    buckets = (mixed * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _BITS)
    return buckets.astype(np.int64), (codes[1:-1] != 0) & (codes[2:] != 0)
