"""How a source is told to players, and where they fetch what lies in a library folder."""

from pathlib import PurePosixPath
from typing import Any

from django.urls import reverse

from catalog.models import EpisodeSource, SourceKind, SubtitleTrack
from catalog.streaming.remade import MASTER, MadeText, Playable, is_remade

PLAYS_AS = {".m3u8": "hls", ".mp4": "mp4", ".m4v": "mp4", ".webm": "mp4"}
"""How browsers play a file of the library, by its ending; others have to be made playable first."""


def source_described(source: EpisodeSource, playable: Playable | None = None) -> dict[str, Any]:
    """What the API and the player say of a source, `translation` loaded: a local file no browser plays is `local`.

    `kind` and `url` are the way that most browsers play. `ways` has all of a local file in the order in which a player asks its
    browser for the first that it plays (`type`, "" for what is not known).
    """
    translation = source.translation
    ways = source_ways(source, playable) if source.kind == SourceKind.LOCAL else []
    return {
        "id": source.pk,
        "kind": _kind(source, ways),
        "url": ways[0]["url"] if ways else source.url or source_address(source),
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
    } | ({"ways": ways} if playable is not None else {})


def _kind(source: EpisodeSource, ways: list[dict[str, str]]) -> str:
    if source.kind != SourceKind.LOCAL:
        return source.kind
    return ways[0]["kind"] if ways else "local"


def source_ways(source: EpisodeSource, playable: Playable | None) -> list[dict[str, str]]:
    """The ways to play a local file: `kind`, `url`, `type`. By its ending alone where nothing is known of it."""
    suffix = PurePosixPath(source.path).suffix.lower()
    if suffix == ".m3u8" or (playable is None and not is_remade(suffix)):
        kind = PLAYS_AS.get(suffix)
        return [{"kind": kind, "url": source_address(source), "type": ""}] if kind else []
    if playable is None:
        playable = Playable(direct="" if suffix in PLAYS_AS else None, made=((MASTER, ""),))
    direct = [] if playable.direct is None else [_way("mp4", source_address(source), playable.direct)]
    made = [_way("hls", made_address(source, name), media_type) for name, media_type in playable.made]
    return made[:1] + direct + made[1:] if playable.is_made_better else direct + made


def _way(kind: str, url: str, media_type: str) -> dict[str, str]:
    return {"kind": kind, "url": url, "type": media_type}


def _name(stored: str) -> str:
    """The file's name in a stored path ("demo:episode-1/sub.m3u8" → "sub.m3u8")."""
    return stored.rpartition("/")[2].rpartition(":")[2]


def source_address(source: EpisodeSource) -> str:
    """The address of a local source's file; what it names relatively lies beside it."""
    return reverse("stream-source", args=[source.id, _name(source.path)])


def made_address(source: EpisodeSource, name: str) -> str:
    """The address of what is made of a local source's file."""
    return reverse("stream-made", args=[source.id, name])


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


def text_described(source: EpisodeSource, text: MadeText) -> dict[str, Any]:
    """What the player is told of a text inside of a file, as of any other subtitle track; it belongs to that source alone."""
    return {
        "id": f"{source.pk}-{text.name}",
        "language": text.language,
        "format": text.format,
        "label": text.label,
        "default": text.is_default,
        "url": made_address(source, text.name),
        "source": source.pk,
    }
