"""Everything the player needs to know about one episode."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Case, Exists, IntegerField, OuterRef, Value, When

from catalog.models import (
    Anime,
    Episode,
    EpisodeKind,
    EpisodeSource,
    SourceHealth,
    SourceKind,
    SubtitleTrack,
    Timecode,
)
from catalog.streaming.addresses import source_described, source_ways, subtitle_address, text_described
from catalog.streaming.remade import Playable, playables

_HEALTH_ORDER = {SourceHealth.OK: 0, SourceHealth.UNKNOWN: 1, SourceHealth.DEGRADED: 2, SourceHealth.DEAD: 3}


@dataclass(frozen=True, slots=True)
class Playback:
    """One episode ready to play. `sources` are in the order in which the player tries them."""

    anime: Anime
    episode: Episode | None
    number: int
    sources: list[dict[str, Any]] = field(default_factory=list)
    subtitles: list[dict[str, Any]] = field(default_factory=list)
    timecodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    episodes: list[Episode] = field(default_factory=list)

    @property
    def previous(self) -> Episode | None:
        """The regular episode before this one that the catalogue knows."""
        return max((e for e in self.episodes if e.number < self.number), key=lambda e: e.number, default=None)

    @property
    def next(self) -> Episode | None:
        """The regular episode after this one that the catalogue knows."""
        return min((e for e in self.episodes if e.number > self.number), key=lambda e: e.number, default=None)


def playback_of(anime: Anime, number: int) -> Playback:
    """Episode `number` of an anime that the viewer may play (the caller checked). Five queries at most, whatever the counts."""
    episodes = list(_episodes(anime))
    episode = next((e for e in episodes if e.number == number), None)
    if episode is None:
        return Playback(anime, None, number, episodes=episodes)
    sources = [s for s in _sources(episode) if is_offered(s)]
    known = playables([s.path for s in sources if s.kind == SourceKind.LOCAL])
    tracks = list(SubtitleTrack.objects.filter(episode=episode))
    return Playback(
        anime,
        episode,
        number,
        sources=[source_described(s, known.get(s.path)) for s in sources],
        subtitles=[_subtitle(track) for track in tracks] + _texts(sources, known, tracks),
        timecodes={t.translation_id: _timecode(t) for t in Timecode.objects.filter(anime=anime, episode_number=number)},
        episodes=episodes,
    )


def _episodes(anime: Anime) -> Any:
    """Regular episodes with `has_source`, in order; only what the episode panel shows."""
    playable = EpisodeSource.objects.filter(episode=OuterRef("pk"), is_enabled=True).exclude(health=SourceHealth.DEAD)
    return (
        Episode.objects.filter(anime=anime, kind=EpisodeKind.REGULAR)
        .annotate(has_source=Exists(playable))
        .select_related("still")
        .order_by("number")
    )


def _sources(episode: Episode) -> Any:
    """Enabled sources: healthy before doubtful, local before remote, then by the operator's order and quality."""
    health = Case(*[When(health=h, then=Value(n)) for h, n in _HEALTH_ORDER.items()], output_field=IntegerField())
    local = Case(When(kind=SourceKind.LOCAL, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = EpisodeSource.objects.filter(episode=episode, is_enabled=True).select_related("translation")
    return rows.annotate(h=health, l=local).order_by("h", "l", "position", "-quality", "id")


def is_offered(source: EpisodeSource) -> bool:
    """Local files that a browser plays as they are or remade, and remote ones on the operator's allow-list."""
    if source.kind == SourceKind.LOCAL:
        return bool(source_ways(source, None))
    parts = urlsplit(source.url)
    return parts.scheme in ("http", "https") and (parts.hostname or "") in settings.PLAYER_HOSTS


def _subtitle(track: SubtitleTrack) -> dict[str, Any]:
    return {
        "id": track.id,
        "language": track.language,
        "format": track.format,
        "label": track.label,
        "default": track.is_default,
        "url": subtitle_address(track),
    }


def _texts(
    sources: list[EpisodeSource], known: Mapping[str, Playable], tracks: list[SubtitleTrack]
) -> list[dict[str, Any]]:
    """The texts inside of files, but for those that are tracks by now."""
    inside = [(source, known[source.path]) for source in sources if source.path in known]
    return [
        text_described(source, text)
        for source, playable in inside
        if not (playable.texts_kept and any(track.path.startswith(playable.texts_kept) for track in tracks))
        for text in playable.texts
    ]


def _timecode(row: Timecode) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("intro_start", "intro_end", "outro_start", "outro_end")}
