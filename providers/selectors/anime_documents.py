"""What is known of an anime from providers, as the API tells it: mapping, metadata in MAL's shape, episode lists."""

from collections.abc import Iterable
from typing import Any

from core.generation_memo import GenerationMemo
from providers.models import CoverHash, MetadataSnapshot, ProviderEpisode, ProviderTitle
from providers.numbering.places import Places
from providers.selectors.anime import Known

_BITS = 0xFFFFFFFFFFFFFFFF
_KINDS = {"tv": "TV", "ova": "OVA", "ona": "ONA", "pv": "PV", "cm": "CM", "tv_special": "TV Special"}
_STATUSES = {"airing": "Currently Airing", "finished": "Finished Airing", "upcoming": "Not yet aired"}
_episodes_memo: GenerationMemo[list[dict[str, Any]]] = GenerationMemo(size=256)


def known_document(known: Known) -> dict[str, Any]:
    """`{mapping, metadata, episodes}`. Two queries, and up to ten for each episode list that was not placed yet."""
    lists: dict[str, list[dict[str, Any]] | None] = {row.name: None for row in known.providers}
    for title in known.titles:
        name = title.provider.name
        if title.episodes_at is not None:
            lists[name] = [*(lists.get(name) or []), *episodes_placed(title)]
    return {"mapping": _mapping(known), "metadata": _metadata(known), "episodes": lists}


def _mapping(known: Known) -> dict[str, Any]:
    detail, asked = known.detail or {}, known.asked
    slugs: dict[str, str] = {}
    for title in known.titles:
        slugs.setdefault(title.provider.name, title.slug)
    return {
        "id": known.anime_id,
        "mal_id": known.mal_id,
        "title_main": detail.get("title") or (asked.title if asked else None),
        "slugs": slugs,
        "phash": _hash_text(known),
        "release_year": detail.get("year") or (asked.year if asked else None),
        "total_episodes": detail.get("episode_count") or (asked.episode_count if asked else None),
        "last_sync": known.looked_at,
        "confidence": asked.confidence if asked else None,
        "match": asked.match_state if asked else None,
    }


def _hash_text(known: Known) -> str | None:
    """The hash of the anime's cover, else of the title's: 16 hexadecimal digits."""
    stored = CoverHash.objects.filter(anime=known.anime_id).values_list("value", flat=True) if known.detail else []
    value = next(iter(stored), known.asked.cover_hash if known.asked else None)
    return None if value is None else f"{value & _BITS:016x}"


def _metadata(known: Known) -> dict[str, Any] | None:
    """What MAL says, as it says it; what the catalogue says in MAL's shape where that is not kept."""
    if known.detail is None:
        return None
    if known.mal_id is not None:
        kept = MetadataSnapshot.objects.filter(source="jikan", external_id=str(known.mal_id), is_missing=False)
        payload = kept.values_list("payload", flat=True).first()
        if payload:
            return payload
    return mal_shaped(known.detail)


def mal_shaped(detail: dict[str, Any]) -> dict[str, Any]:
    """The catalogue's record with the names and units of MAL: scores 0–10, lengths as words."""
    seconds, score, poster = detail["duration_seconds"], detail["score"], detail["poster_url"]
    kind = detail["type"]
    return {
        "mal_id": detail["mal_id"],
        "title": detail["title"],
        "title_english": detail["title_english"],
        "title_japanese": detail["title_native"],
        "synopsis": detail["synopsis"],
        "type": None if kind == "unknown" else _KINDS.get(kind, kind.replace("_", " ").title()),
        "episodes": detail["episode_count"],
        "status": _STATUSES.get(detail["status"]),
        "duration": f"{max(1, round(seconds / 60))} min per ep" if seconds else None,
        "score": None if score is None else round(score / 10, 2),
        "scored_by": detail["votes"],
        "members": detail["popularity"],
        "year": detail["year"],
        "season": detail["season"] or None,
        "genres": [{"name": genre["name"]} for genre in detail["genres"]],
        "studios": [{"name": studio["name"]} for studio in detail["studios"] if studio["role"] == "studio"],
        "images": {"jpg": {"image_url": poster, "large_image_url": poster}},
    }


def episodes_placed(title: ProviderTitle) -> list[dict[str, Any]]:
    """The episode list of a title with the episodes of ours that its entries are; worked out once for a reading of it."""
    key = (title.pk, title.anime_id, title.episodes_at)
    return _episodes_memo.get(key, lambda: list(_placed(title, title.episodes.all())))


def _placed(title: ProviderTitle, rows: Iterable[ProviderEpisode]) -> Iterable[dict[str, Any]]:
    places = Places.of(title) if title.anime_id is not None else None
    for row in rows:
        found = places.of_episode(row).places if places else ()
        yield {
            "label": row.label,
            "episodeStart": row.first,
            "episodeEnd": row.last if row.last is not None else row.first,
            "url": row.url,
            "anime_id": found[0].anime_id if found else None,
            "number": found[0].number if found else None,
        }
