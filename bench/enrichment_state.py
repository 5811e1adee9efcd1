"""What enrichments left in a database, without ids and times of its own: two runs are the same when this is.

`python -m bench.enrichment_state` prints {table: its lines, in order} as JSON.
"""

import hashlib
import os
import sys
from collections.abc import Iterable
from typing import Any

import django
import orjson
from django.db.models import BooleanField, ExpressionWrapper, Q

ANIME_LEFT_OUT = {"created_at", "updated_at", "external_scores_synced_at"}


def state() -> dict[str, list[str]]:
    """Lines of every table that enrichments write; a line that is there twice was written twice."""
    from providers.models import MetadataSnapshot, ProviderEpisode, ProviderTitle

    titles = ProviderTitle.objects.values_list(
        "provider__name", "slug", "title", "match_state", "anime", "confidence", "cover_hash", "year", "kind", "status",
        "episode_count", "latest_episode", "genres", _is_none("detail_at"), _is_none("episodes_at"), _is_none("gone_at"),
    )  # fmt: skip
    episodes = ProviderEpisode.objects.values_list(
        "title__provider__name", "title__slug", "url", "first", "last", "places", "rule", "mirrors", _is_none("gone_at")
    )
    links = ProviderEpisode.sources.through.objects.values_list("providerepisode__url", "episodesource__url")
    snapshots = MetadataSnapshot.objects.values_list("source", "external_id", "anime", "is_missing", "payload")
    ids = set(ProviderTitle.objects.exclude(anime=None).values_list("anime", flat=True))
    return {
        "titles": _lines(titles),
        "episodes": _lines(episodes),
        "links": _lines(links),
        "snapshots": sorted(
            f"{source} {own} {anime} {missing} {hashlib.sha256(orjson.dumps(payload)).hexdigest()[:12]}"
            for source, own, anime, missing, payload in snapshots
        ),
        **_catalogue(ids),
        **_told(),
    }


def _is_none(name: str) -> ExpressionWrapper:
    return ExpressionWrapper(Q(**{name: None}), output_field=BooleanField())


def _catalogue(ids: set[int]) -> dict[str, list[str]]:
    from catalog.models import Anime, EpisodeSource, FieldProvenance, Title

    names = [field.attname for field in Anime._meta.concrete_fields if field.attname not in ANIME_LEFT_OUT]
    return {
        "anime": _lines(Anime.objects.filter(pk__in=ids).values_list(*names)),
        "names": _lines(Title.objects.filter(anime__in=ids).values_list("anime", "text", "language", "kind")),
        "provenance": _lines(
            FieldProvenance.objects.filter(anime__in=ids).values_list("anime", "field", "source", "is_locked")
        ),
        "sources": _lines(
            EpisodeSource.objects.values_list(
                "episode__anime", "episode__kind", "episode__number", "translation__kind", "url", "is_enabled", "health"
            )
        ),
    }


def _told() -> dict[str, list[str]]:
    """How often a person was told depends on how many episodes were new together; of what, does not."""
    from providers.models import Enrichment
    from social.models import EpisodeRelease, Notification

    enrichments = Enrichment.objects.values_list("key", "anime", "error_code", "result")
    return {
        "releases": _lines(EpisodeRelease.objects.values_list("anime", "episode_number", "kind", "language")),
        "untold": _lines(EpisodeRelease.objects.filter(told_at=None).values_list("anime", "episode_number")),
        "notices": _lines(Notification.objects.values_list("user__username", "kind", "group")),
        "enrichments": sorted(
            f"{key} {anime} {code!r} {sorted(map(str, result.get('problems', [])))}"
            for key, anime, code, result in enrichments
        ),
    }


def _lines(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    return sorted(" ".join(map(str, row)) for row in rows)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    django.setup()
    sys.stdout.buffer.write(orjson.dumps(state()))
