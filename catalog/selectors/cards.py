"""Card documents by id, for rows and lists that other apps put together."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import orjson

from accounts.facade import sees_hidden
from catalog.access import anime_visible_filter
from catalog.models import Anime, AnimeDocument, Episode, EpisodeKind, Visibility

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User


def anime_cards(user: "User | AnonymousUser", anime_ids: Sequence[int]) -> dict[int, dict]:
    """{anime id: card} of those the user may see, one query; hidden and merged anime are left out."""
    documents = AnimeDocument.objects.filter(anime_id__in=list(anime_ids), anime__merged_into__isnull=True)
    if not sees_hidden(user):
        documents = documents.exclude(anime__visibility=Visibility.HIDDEN)
    return {anime_id: orjson.loads(card) for anime_id, card in documents.values_list("anime_id", "card")}


def episodes_existing(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those (anime id, episode number) that have a row, so that a link to their watch page leads somewhere; one query."""
    wanted = set(pairs)
    if not wanted:
        return set()
    rows = Episode.objects.filter(
        kind=EpisodeKind.REGULAR, anime_id__in={a for a, _ in wanted}, number__in={n for _, n in wanted}
    )
    return wanted & set(rows.values_list("anime_id", "number"))


def anime_ids_existing(anime_ids: Iterable[int]) -> set[int]:
    """Those of the ids that the catalogue has; one query per 500."""
    ids = sorted(anime_ids)
    found: set[int] = set()
    for start in range(0, len(ids), 500):
        found.update(Anime.objects.filter(id__in=ids[start : start + 500]).values_list("id", flat=True))
    return found


def anime_ids_current(anime_ids: Iterable[int]) -> dict[int, int]:
    """{asked id: the id that stands for it now} of those that exist: an anime that was merged away leads to the one it is
    part of. Whoever may see them; one query per 500.
    """
    ids = sorted(anime_ids)
    found: dict[int, int] = {}
    for start in range(0, len(ids), 500):
        rows = Anime.objects.filter(id__in=ids[start : start + 500]).values_list("id", "merged_into_id")
        found.update({asked: merged or asked for asked, merged in rows})
    return found


def anime_ids_popular(limit: int) -> list[int]:
    """Ids of what most people watch elsewhere, the best rated of equals; public and not adult."""
    rows = Anime.objects.public().filter(is_adult=False).order_by("-popularity", "-score", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def anime_ids_visible(user: "User | AnonymousUser", anime_ids: Iterable[int]) -> set[int]:
    """Those of the ids that `user` may have on a list: not hidden, not merged away; one query per 500. Stubs are among
    them: they are what a list knows and public pages do not.
    """
    ids = sorted(anime_ids)
    found: set[int] = set()
    for start in range(0, len(ids), 500):
        rows = Anime.objects.filter(anime_visible_filter(user), id__in=ids[start : start + 500])
        found.update(rows.values_list("id", flat=True))
    return found
