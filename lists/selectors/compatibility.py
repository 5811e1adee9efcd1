"""How well the tastes of two people agree, from what both have scored."""

from dataclasses import dataclass, field
from math import sqrt

from django.db.models import F, QuerySet, UUIDField, Value

from accounts.facade import User
from catalog.facade import anime_cards, rating_expression
from lists.models import ListEntry

ENOUGH = 3
"""Shared scores from which on anything is said."""
SHOWN = 5
LOVED = 80
"""From this score (0–100) on somebody loves an anime."""
APART = 25
"""From this difference on two people disagree."""
_FEW = 5.0
"""Shared scores that weigh as much as knowing nothing (which is 50 %)."""
_FARTHEST = 50.0


@dataclass(frozen=True, slots=True)
class SharedAnime:
    """An anime both have scored; scores 0–100; `card` is its document."""

    card: dict
    mine: int
    theirs: int


@dataclass(frozen=True, slots=True)
class Compatibility:
    """`percent` and `mean_difference` (points of 100) are None with fewer than `ENOUGH` shared scores.

    `shared` counts anime on both lists, `scored` those of them that both gave a score.
    """

    shared: int
    scored: int
    percent: int | None = None
    mean_difference: float | None = None
    loved: list[SharedAnime] = field(default_factory=list)
    disputed: list[SharedAnime] = field(default_factory=list)


def compatibility_of(viewer: User, entries: QuerySet[ListEntry]) -> Compatibility:
    """`viewer` against the owner of `entries`, those that the viewer may see (`lists.access.get_list`). Two queries."""
    both = (
        entries.filter(anime_id__in=ListEntry.objects.filter(user=viewer).values("anime_id"))
        .order_by()
        .prefetch_related(None)
        .alias(viewer_id=Value(viewer.pk, output_field=UUIDField()))
        .annotate(theirs=F("score"), mine=rating_expression(user="viewer_id", anime="anime_id"))
        .values_list("anime_id", "mine", "theirs")
    )
    rows = list(both)
    scored = [(anime_id, mine, theirs) for anime_id, mine, theirs in rows if mine is not None and theirs is not None]
    if len(scored) < ENOUGH:
        return Compatibility(shared=len(rows), scored=len(scored))
    loved = sorted((row for row in scored if min(row[1:]) >= LOVED), key=lambda row: (-row[1] - row[2], row[0]))
    disputed = sorted((row for row in scored if _apart(row) >= APART), key=lambda row: (-_apart(row), row[0]))
    top, bottom = loved[: SHOWN * 2], disputed[: SHOWN * 2]
    cards = anime_cards(viewer, sorted({row[0] for row in (*top, *bottom)})) if top or bottom else {}
    return Compatibility(
        shared=len(rows),
        scored=len(scored),
        percent=agreement([(mine, theirs) for _, mine, theirs in scored]),
        mean_difference=sum(map(_apart, scored)) / len(scored),
        loved=[SharedAnime(cards[row[0]], *row[1:]) for row in top if row[0] in cards][:SHOWN],
        disputed=[SharedAnime(cards[row[0]], *row[1:]) for row in bottom if row[0] in cards][:SHOWN],
    )


def agreement(pairs: list[tuple[int, int]]) -> int:
    """0–100 % for pairs of scores: half how alike the ups and downs are (Pearson), half how near the scores lie.

    Few pairs pull it to 50, which is knowing nothing. Who gives everything one score has no ups and downs: then only
    the distance counts.
    """
    count = len(pairs)
    if not count:
        return 50
    near = max(0.0, 1 - sum(abs(a - b) for a, b in pairs) / count / _FARTHEST)
    mean_a, mean_b = sum(a for a, _ in pairs) / count, sum(b for _, b in pairs) / count
    spread = sqrt(sum((a - mean_a) ** 2 for a, _ in pairs) * sum((b - mean_b) ** 2 for _, b in pairs))
    alike = near
    if spread:
        alike = (1 + sum((a - mean_a) * (b - mean_b) for a, b in pairs) / spread) / 2
    weight = count / (count + _FEW)
    return round(100 * (0.5 + weight * ((alike + near) / 2 - 0.5)))


def _apart(row: tuple[int, int, int]) -> int:
    return abs(row[1] - row[2])
