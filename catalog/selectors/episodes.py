"""The episodes of an anime with all they play from."""

from collections import defaultdict
from typing import Any

from catalog.documents.cards import image_build
from catalog.documents.facts import IMAGE_FIELDS
from catalog.models import Anime, Episode, EpisodeSource, SubtitleTrack
from catalog.streaming.addresses import source_described, subtitle_address
from core.models import StoredImage


def anime_episodes(anime: Anime) -> list[dict[str, Any]]:
    """All episodes, regular ones first, with sources, translations, subtitles, thumbnails and stills; three queries."""
    sources: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for source in (
        EpisodeSource.objects.filter(episode__anime=anime, is_enabled=True)
        .select_related("translation")
        .order_by("position", "id")
    ):
        sources[source.episode_id].append(source_described(source))
    subtitles: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for track in SubtitleTrack.objects.filter(episode__anime=anime).order_by("language", "format", "id"):
        subtitles[track.episode_id].append(_subtitle(track))
    episodes = Episode.objects.filter(anime=anime).select_related("still", "season")
    ordered = sorted(episodes, key=lambda episode: (episode.kind != "regular", episode.kind, episode.number))
    return [_episode(episode, sources[episode.pk], subtitles[episode.pk]) for episode in ordered]


def _episode(episode: Episode, sources: list[dict[str, Any]], subtitles: list[dict[str, Any]]) -> dict[str, Any]:
    translations = {source["translation"]["id"]: source["translation"] for source in sources if source["translation"]}
    return {
        "id": episode.pk,
        "number": episode.number,
        "kind": episode.kind,
        "season": episode.season.number if episode.season else None,
        "season_number": episode.season_number,
        "absolute_number": episode.absolute_number,
        "title": episode.title,
        "titles": episode.titles,
        "synopsis": episode.synopsis,
        "aired_on": episode.aired_on,
        "duration_seconds": episode.duration_seconds,
        "is_filler": episode.is_filler,
        "is_recap": episode.is_recap,
        "still": _still(episode.still),
        "translations": list(translations.values()),
        "sources": sources,
        "subtitles": subtitles,
    }


def _still(image: StoredImage | None) -> dict[str, Any] | None:
    return image_build({name: getattr(image, name) for name in IMAGE_FIELDS}) if image else None


def _subtitle(track: SubtitleTrack) -> dict[str, Any]:
    return {
        "id": track.pk,
        "language": track.language,
        "format": track.format,
        "label": track.label,
        "default": track.is_default,
        "forced": track.is_forced,
        "url": subtitle_address(track),
    }
