"""Where the player fetches what lies in a library folder."""

from django.urls import reverse

from catalog.models import EpisodeSource, SubtitleTrack


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
