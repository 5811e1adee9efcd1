"""Item-item similarity over everybody's ratings.

The cosine of two anime over those who rated both, with three changes that each measured better on held-out ratings
(`make bench-recommendations`): somebody with a long list says less about each pair (weight 1/√n), a popular neighbour is
held against the larger part of its fame (exponent 0.65 instead of 0.5), and few raters in common count as none (`DAMPING`).
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator

KEPT = 20
"""Neighbours of one anime that are kept: "similar" shows them; recommendations read the first `VOTING`."""
VOTING = 10
DAMPING = 10.0
FAME = 0.65
LIKED = 60
"""From this score (0–100) on a rating speaks for an anime; below it is counted as `FAINT`: seen, not liked."""
FAINT = 0.2
LIST_LIMIT = 1_000
RATERS_LIMIT = 3_000
"""Bounds of the work for one person and one anime: a list of 20,000 entries must not make the night longer."""

Neighbours = list[tuple[int, float]]


def liking(score: int | None) -> float:
    """How much an anime on somebody's list speaks for its neighbours, 0–1; no score counts as liked."""
    return 1.0 if score is None or score >= LIKED else FAINT


def neighbours_of(
    ratings: Iterable[tuple[Hashable, int, int]], *, between: Callable[[float], None] = lambda share: None
) -> Iterator[tuple[int, Neighbours]]:
    """(anime, [(neighbour, similarity 0–1), …] best first) for all anime with a neighbour; `ratings` are (person, anime, score 0–100).

    Time grows with the squares of the lists' lengths, memory with the ratings: 42,524 took eight seconds.
    `between` is called after each anime with the share done, 0–1.
    """
    lists, raters = _indexed(ratings)
    fame = {anime: sum(weight * weight for weight in likings) for anime, (_people, likings) in raters.items()}
    for done, (anime, (people, likings)) in enumerate(raters.items(), start=1):
        shared: dict[int, float] = defaultdict(float)
        for person, weight in zip(people[-RATERS_LIMIT:], likings[-RATERS_LIMIT:], strict=True):
            others, weights = lists[person]
            pull = weight / math.sqrt(len(others))
            for other, own in zip(others, weights, strict=True):
                shared[other] += pull * own
        del shared[anime]
        near = fame[anime] ** (1 - FAME)
        scored = ((value / (near * fame[other] ** FAME + DAMPING), -other) for other, value in shared.items())
        best = heapq.nlargest(KEPT, scored)
        if best:
            yield anime, [(-other, min(1.0, value)) for value, other in best]
        between(done / len(raters))


def _indexed(
    ratings: Iterable[tuple[Hashable, int, int]],
) -> tuple[list[tuple[array[int], array[float]]], dict[int, tuple[array[int], array[float]]]]:
    """(per person: anime and likings; per anime: people and likings), in compact arrays."""
    numbers: dict[Hashable, int] = {}
    lists: list[tuple[array[int], array[float]]] = []
    for person, anime, score in ratings:
        number = numbers.setdefault(person, len(numbers))
        if number == len(lists):
            lists.append((array("q"), array("f")))
        others, likings = lists[number]
        if len(others) < LIST_LIMIT:
            others.append(anime)
            likings.append(liking(score))
    raters: dict[int, tuple[array[int], array[float]]] = {}
    for number, (others, likings) in enumerate(lists):
        for anime, weight in zip(others, likings, strict=True):
            people, weights = raters.setdefault(anime, (array("q"), array("f")))
            people.append(number)
            weights.append(weight)
    return lists, raters
