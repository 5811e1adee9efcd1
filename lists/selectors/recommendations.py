"""What somebody might like, by what those liked who share their taste; and which anime are liked by the same people."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.cache import cache

from accounts.facade import User, sees_adult, sees_hidden
from catalog.facade import anime_cards, anime_ids_popular
from lists.models import AnimeNeighbour, EntryStatus, ListEntry
from lists.recommending.neighbours import FAINT, VOTING, liking

LIMIT = 50
POOL = 200
"""How many are kept for a person for `AGE` seconds, as long as the list does not grow or shrink and no new night was worked."""
NIGHT = "recommendations:night"
"""Where the cache names the night's work (`services.neighbours`) that pools were made of."""
AGE = 3600
BECAUSE = 3
Pooled = tuple[int, float, tuple[int, ...]]
"""(anime, score, what speaks for it)."""
_TASTE = {EntryStatus.DROPPED: FAINT}
"""Entries that speak less than their score says; planned ones say nothing of taste yet."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`card` is the anime's card document, `because` the ids of those on the list that speak for it, the strongest first.

    For somebody whose list says nothing yet `because` is empty: it is what most people watch.
    """

    anime_id: int
    card: dict
    score: float
    because: tuple[int, ...]


def recommendations_of(user: User, *, limit: int = 20) -> list[Recommendation]:
    """The best `limit` (at most 50) that are not on the list, visible to the person, adult ones only if asked for.

    Two queries while the pool is fresh, four when it is made; one more when the list says nothing.
    """
    limit = min(limit, LIMIT)
    mine = set(ListEntry.objects.filter(user=user).values_list("anime_id", flat=True))
    key = f"recommendations:{user.pk}:{cache.get(NIGHT, '')}:{len(mine)}"
    pool = cache.get(key)
    if pool is None:
        pool = pool_of(user)
        cache.set(key, pool, AGE)
    wanted = [item for item in pool if item[0] not in mine]
    found = _shown(user, wanted[: limit * 2], limit)
    if len(found) < limit:
        there = mine | {item.anime_id for item in found}
        popular: list[Pooled] = [(pk, 0.0, ()) for pk in anime_ids_popular(limit * 2 + len(there)) if pk not in there]
        found += _shown(user, popular[: limit * 2], limit - len(found))
    return found


def pool_of(user: User) -> list[Pooled]:
    """(anime, score, because) best first: the sum of similarities to what is on the list, weighed by liking."""
    taste = ListEntry.objects.filter(user=user).exclude(status=EntryStatus.PLANNED).with_score()
    seeds = {
        anime_id: min(liking(score), _TASTE.get(EntryStatus(status), 1.0))
        for anime_id, status, score in taste.values_list("anime_id", "status", "score")  # type: ignore[misc]
    }
    if not seeds:
        return []
    near: dict[int, list[tuple[float, int]]] = defaultdict(list)
    rows = AnimeNeighbour.objects.filter(anime__in=taste.values("anime_id"))
    for anime_id, other, similarity in rows.values_list("anime_id", "neighbour_id", "similarity"):
        near[anime_id].append((similarity, other))
    reasons: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for anime_id, found in near.items():
        for similarity, other in sorted(found, reverse=True)[:VOTING]:
            if other not in seeds:
                reasons[other].append((similarity * seeds.get(anime_id, 0.0), anime_id))
    scored = sorted(((sum(pull for pull, _ in why), other) for other, why in reasons.items()), reverse=True)
    return [
        (other, score, tuple(anime_id for _pull, anime_id in sorted(reasons[other], reverse=True)[:BECAUSE]))
        for score, other in scored[:POOL]
    ]


def _shown(user: User, wanted: list[Pooled], limit: int) -> list[Recommendation]:
    cards = anime_cards(user, [item[0] for item in wanted])
    adult = sees_adult(user) or sees_hidden(user)
    found = [
        Recommendation(anime_id, card, round(score, 4), because)
        for anime_id, score, because in wanted
        if (card := cards.get(anime_id)) is not None and (adult or not card["is_adult"])
    ]
    return found[:limit]


def rated_alike(anime_id: int) -> dict[int, float]:
    """{anime: similarity 0–1} of those that the same people like; the catalogue's "similar" asks for it."""
    found = AnimeNeighbour.objects.filter(anime=anime_id).values_list("neighbour_id", "similarity")
    return dict(found)
