"""How a source is told to players, and where they fetch what lies in a library folder."""

from pathlib import PurePosixPath
from typing import Any

from django.urls import reverse

from catalog.models import EpisodeSource, SourceKind, SubtitleTrack

PLAYS_AS = {".m3u8": "hls", ".mp4": "mp4", ".m4v": "mp4", ".webm": "mp4"}
"""How browsers play a file of the library, by its ending; others have to be made playable first."""


def source_described(source: EpisodeSource) -> dict[str, Any]:
    """What the API and the player say of a source, `translation` loaded: a local file no browser plays is `local`."""
    is_local = source.kind == SourceKind.LOCAL
    translation = source.translation
    return {
        "id": source.pk,
        "kind": PLAYS_AS.get(PurePosixPath(source.path).suffix.lower(), "local") if is_local else source.kind,
        "url": source_address(source) if is_local else source.url,
        "quality": source.quality or None,
        "label": source.label,
        "audio": source.audio_languages,
        "thumbnails": thumbnails_address(source),
        "health": source.health,
        "translation": translation
        and {
            "id": translation.code,
            "kind": translation.kind,
            "language": translation.language,
            "team": translation.team,
        },
    }


def _name(stored: str) -> str:
    """The file's name in a stored path ("demo:episode-1/sub.m3u8" → "sub.m3u8")."""
    return stored.rpartition("/")[2].rpartition(":")[2]


def source_address(source: EpisodeSource) -> str:
    """The address of a local source's file; what it names relatively lies beside it."""
    return reverse("stream-source", args=[source.id, _name(source.path)])


def thumbnails_address(source: EpisodeSource) -> str | None:
    """The address of a source's seek thumbnails, None when it has none."""
    return (
        reverse("stream-thumbnails", args=[source.id, _name(source.thumbnails_path)])
        if source.thumbnails_path
        else None
    )


def subtitle_address(track: SubtitleTrack) -> str:
    """The address of a subtitle track."""
    return reverse("stream-subtitle", args=[track.id])
