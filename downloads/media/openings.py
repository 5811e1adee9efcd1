"""Where opening and ending of episodes are: the same sound in neighbours of a season, wherever in them it lies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from downloads.media.sound import PER_SECOND, Fingerprint

SHORTEST, LONGEST = 20.0, 150.0
TYPICAL = 90.0
OPENING_PART = 0.5
"""Openings begin in this part of an episode, endings after it."""
NEIGHBOURS = 3
PEAKS = 6
AGREEING = 0.70
"""Bits that agree in the same sound after two encodings; of other sounds half do."""
SMOOTH = 9
MERGE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds of the episode; `confidence` 0–100."""

    start: float
    end: float
    confidence: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What was found in one episode."""

    opening: Span | None = None
    ending: Span | None = None


@dataclass(frozen=True, slots=True)
class Common:
    """The same sound in two episodes, from `first` in one and `second` in the other, `seconds` long; `agreement` 0–1."""

    first: float
    second: float
    seconds: float
    agreement: float


def openings_find(episodes: Sequence[Fingerprint], *, beat: Callable[[], None] | None = None) -> list[Marks]:
    """Opening and ending of each of `episodes`, which stand in their order in the season.

    Each is compared with the next `NEIGHBOURS`. Where an opening changes in mid-season, those with the same one find each other.
    An edge is right to about a quarter of a second. Confidence grows with agreement and with the neighbours that have it too.
    """
    openings: list[list[Span]] = [[] for _episode in episodes]
    endings: list[list[Span]] = [[] for _episode in episodes]
    for one in range(len(episodes)):
        for other in range(one + 1, min(len(episodes), one + 1 + NEIGHBOURS)):
            for is_ending, found in ((False, openings), (True, endings)):
                common = common_best(episodes[one], episodes[other], is_ending=is_ending)
                if common:
                    found[one].append(_span(common.first, common))
                    found[other].append(_span(common.second, common))
            if beat:
                beat()
    return [Marks(_agreed(o), _agreed(e)) for o, e in zip(openings, endings, strict=True)]


def common_best(one: Fingerprint, other: Fingerprint, *, is_ending: bool) -> Common | None:
    """The sound that both have in their first halves (`is_ending`: second), the likeliest one to be an opening; None for none."""
    begin_one, end_one = _part(one, is_ending)
    begin_other, end_other = _part(other, is_ending)
    signs_one, signs_other = _signs(one, begin_one, end_one), _signs(other, begin_other, end_other)
    if min(len(signs_one), len(signs_other)) < SHORTEST * PER_SECOND:
        return None
    best: Common | None = None
    for lag in _lags(signs_one, signs_other):
        found = _run(signs_one, signs_other, lag)
        if found is None:
            continue
        start, end, agreement = found
        seconds = (end - start) / PER_SECOND
        common = Common((begin_one + start) / PER_SECOND, (begin_other + start - lag) / PER_SECOND, seconds, agreement)
        is_placed = _is_late(one, common.first, seconds) is is_ending is _is_late(other, common.second, seconds)
        if is_placed and SHORTEST <= seconds <= LONGEST and (best is None or _weight(common) > _weight(best)):
            best = common
    return best


def _part(episode: Fingerprint, is_ending: bool) -> tuple[int, int]:
    middle = int(len(episode.bits) * OPENING_PART)
    # a span that lies over the middle belongs to neither half, so each half takes a little of the other
    slack = int(LONGEST / 2 * PER_SECOND)
    return (max(0, middle - slack), len(episode.bits)) if is_ending else (0, min(len(episode.bits), middle + slack))


def _is_late(episode: Fingerprint, start: float, seconds: float) -> bool:
    return start + seconds / 2 > episode.seconds * OPENING_PART


def _signs(episode: Fingerprint, begin: int, end: int) -> np.ndarray:
    """Per value 32 signs (+1, -1), 0 where nothing was heard."""
    bits = episode.bits[begin:end, None] >> np.arange(32, dtype=np.uint32) & np.uint32(1)
    return (bits.astype(np.int8) * 2 - 1) * episode.heard[begin:end, None].astype(np.int8)


def _lags(one: np.ndarray, other: np.ndarray) -> list[int]:
    """By how much `other` has to be moved for the most to agree: the highest peaks of the correlation of all signs."""
    size = 1 << (len(one) + len(other) - 1).bit_length()
    total = np.zeros(size // 2 + 1, dtype=np.complex128)
    for bit in range(32):
        total += np.fft.rfft(one[:, bit].astype(np.float32), size) * np.conj(
            np.fft.rfft(other[:, bit].astype(np.float32), size)
        )
    correlation = np.fft.irfft(total, size)
    lags = []
    for _peak in range(PEAKS):
        place = int(correlation.argmax())
        lags.append(place if place < len(one) else place - size)
        for near in range(place - 3, place + 4):
            correlation[near % size] = -np.inf
    return lags


def _run(one: np.ndarray, other: np.ndarray, lag: int) -> tuple[int, int, float] | None:
    """The stretch in which both agree best at this lag: start and end in `one`, share of bits that agree."""
    start, end = max(0, lag), min(len(one), len(other) + lag)
    if end - start < SHORTEST * PER_SECOND:
        return None
    product = one[start:end].astype(np.int16) * other[start - lag : end - lag]
    agreement = (product.sum(axis=1) / 32 + 1) / 2
    smooth = np.convolve(agreement, np.ones(SMOOTH) / SMOOTH, mode="same")
    first, last = _heaviest(smooth - (AGREEING + 0.5) / 2)
    if last - first < SHORTEST * PER_SECOND:
        return None
    mean = float(agreement[first:last].mean())
    # chance carries the sum a little past an edge; the edge is where agreement is half of what it is inside
    inside = np.flatnonzero(smooth[first:last] >= (mean + 0.5) / 2)
    if len(inside):
        first, last = first + int(inside[0]), first + int(inside[-1]) + 1
    return (start + first, start + last, mean) if mean >= AGREEING else None


def _heaviest(values: np.ndarray) -> tuple[int, int]:
    """The span with the greatest sum (Kadane), by prefix sums."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    lowest = np.minimum.accumulate(sums)
    last = int((sums - lowest).argmax())
    return int(sums[: last + 1].argmin()), last


def _weight(common: Common) -> float:
    """What speaks for an opening: much agreement, about a minute and a half long."""
    return (common.agreement - 0.5) * min(common.seconds, TYPICAL)


def _span(start: float, common: Common) -> Span:
    confidence = 100 * (common.agreement - AGREEING) / (0.95 - AGREEING)
    return Span(start, start + common.seconds, round(min(100.0, max(0.0, confidence))))


def _agreed(spans: list[Span]) -> Span | None:
    """What most neighbours say, in the middle of what they say; alone it counts half."""
    if not spans:
        return None
    groups = [[s for s in spans if abs(s.start - span.start) < MERGE_SECONDS] for span in spans]
    group = max(groups, key=lambda found: (len(found), max(span.confidence for span in found)))
    start = float(np.median([span.start for span in group]))
    end = float(np.median([span.end for span in group]))
    share = 0.5 + 0.5 * min(1.0, (len(group) - 1) / 2)
    return Span(round(start, 2), round(end, 2), round(max(span.confidence for span in group) * share))
