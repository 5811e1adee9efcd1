"""What an anime is called on other sites, for apps that exchange lists with them."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from catalog.importing.matching import ids_find
from catalog.importing.precedence import STUB
from catalog.models import Anime, ExternalId, Site

CHUNK = 400


def anime_ids_by_external(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], set[int]]:
    """{(site, id there): our ids}. A query per 400.

    A stub counts only where no other anime carries the id. Shikimori counts as MAL does: who asks for one should ask for
    both. Ids of shows (TVDB, TMDB) may name several seasons.
    """
    asked = sorted(set(pairs))
    found: dict[tuple[str, str], set[int]] = {}
    for start in range(0, len(asked), CHUNK):
        found.update(ids_find(asked[start : start + CHUNK]))
    return found


def external_ids_of(anime_ids: Collection[int], *, sites: Collection[str] = ()) -> dict[int, dict[str, list[str]]]:
    """{our id: {site: [ids there]}}, of `sites` or of all; a query per 400. The demo's own series has none."""
    ids = sorted(anime_ids)
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for start in range(0, len(ids), CHUNK):
        rows = ExternalId.objects.filter(anime_id__in=ids[start : start + CHUNK])
        if sites:
            rows = rows.filter(site__in=list(sites))
        for anime_id, site, value in rows.order_by("pk").values_list("anime_id", "site", "value"):
            found[anime_id][site].append(value)
    return found


def stubs_named(anime_ids: Iterable[int]) -> dict[str, int]:
    """{title: our id} of those of the anime that are still stubs; a query per 400. The caller says whose they are."""
    ids = sorted(anime_ids)
    found: dict[str, int] = {}
    for start in range(0, len(ids), CHUNK):
        rows = Anime.objects.filter(pk__in=ids[start : start + CHUNK], origin=STUB, merged_into=None)
        found.update(rows.values_list("title", "pk"))
    return found


__all__ = ["Site", "anime_ids_by_external", "external_ids_of", "stubs_named"]
