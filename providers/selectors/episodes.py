"""Episode lists as providers number them, with the episodes of ours that they are."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from providers.models import ProviderEpisode


def provider_episodes(title_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """{title id: its list as it is now, oldest first}; an empty one for titles without. One query.

    An entry has `label`, `episodeStart`, `episodeEnd` (the provider's own numbers, None where it gives none), `url`,
    `season` (None: it counts in none), `is_batch`; `anime_id`, `kind` and `number` of the first episode of ours that it is
    (None: none), all of them in `places` as [anime id, kind, number], and the `rule` that says why.
    """
    rows = ProviderEpisode.objects.filter(title__in=list(title_ids), gone_at=None).order_by("title", "position", "pk")
    fields = ("title_id", "label", "first", "last", "url", "season", "is_batch", "places", "rule")
    found: dict[int, list[dict[str, Any]]] = defaultdict(list, {key: [] for key in title_ids})
    for title_id, label, first, last, url, season, is_batch, places, rule in rows.values_list(*fields):
        anime_id, kind, number = places[0] if places else (None, None, None)
        found[title_id].append(
            {
                "label": label,
                "episodeStart": first,
                "episodeEnd": last,
                "url": url,
                "season": season,
                "is_batch": is_batch,
                "anime_id": anime_id,
                "kind": kind,
                "number": number,
                "places": places,
                "rule": rule,
            }
        )
    return dict(found)
