"""Whether a file is what was promised: its length, its streams, and that it decodes at a few places, its end among them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from downloads.errors import MediaBroken
from downloads.fetching.contract import FetchedTrack
from downloads.media.children import children
from downloads.media.info import MediaInfo
from downloads.media.kinds import DEMUXERS
from downloads.media.probing import probe_told
from downloads.media.tracks import tracks_look

SECONDS = 60.0
TOLERANCE = 2.0
"""Seconds that a file may be shorter or longer than promised, or `SHARE` of its length where that is more."""
SHARE = 0.02
END = 6.0
"""So many seconds before the end the last look begins."""


def media_verify(
    path: Path,
    *,
    duration: float | None = None,
    gaps: Sequence[tuple[float, float]] = (),
    needs: Sequence[str] = ("video",),
    points: int = 5,
    seconds: float = SECONDS,
    beat: Callable[[], None] | None = None,
) -> MediaInfo:
    """Look into the file at `points` places (at least its beginning and its end) without reading the whole of it.

    `duration`: seconds that the playlist promised, None checks only that the file is as long as it says itself. `gaps`: spans
    (start, end) that it said it lacks; they may be missing or be silent time. `needs`: kinds of streams that must be there and
    decode; other picture and sound must decode too where it is. Raises `MediaBroken` with what is wrong, `MediaUnsafe`.
    """
    kind, told, info = probe_told(path, seconds=seconds, beat=beat)
    if missing := [need for need in needs if not info.of_kind(need)]:
        raise MediaBroken(_("The file has no %(kind)s.") % {"kind": missing[0]})
    length = _length(told) or info.duration
    if not length:
        raise MediaBroken(_("The file does not say how long it is."))
    if duration is not None:
        _check_length(length, duration, gaps)
    times = points_of(length, max(2, points))
    looked = children().ask(
        "decode", seconds=seconds, beat=beat, path=str(path.absolute()), demuxer=DEMUXERS[kind], points=times
    )
    _check_decoded(info, length, looked, gaps)
    return info


def fetched_verify(tracks: Sequence[FetchedTrack], *, beat: Callable[[], None] | None = None) -> None:
    """Whether fetched tracks are media of their kind and begin with something that decodes, each part of them.

    Before they are joined: a page or a playlist that came in place of a stream is told here. Raises `MediaUnsafe`, `MediaBroken`,
    and `RemuxFailed` where the parts of a track cannot be joined.
    """
    for looked in tracks_look(tracks, beat=beat):
        if looked.is_subtitle:
            continue
        wanted = "audio" if looked.track.kind == "audio" else "video"
        if looked.track.kind != "muxed" and not any(stream.kind == wanted for stream in looked.streams):
            raise MediaBroken(_("The file has no %(kind)s.") % {"kind": wanted})
        for path in looked.track.parts:
            where = str(path.absolute())
            told = children().ask(
                "decode", seconds=SECONDS, beat=beat, path=where, demuxer=looked.demuxer, points=[0.0], is_whole=False
            )
            if not any(told[0]["frames"].values()):
                raise MediaBroken(_("The %(kind)s at %(point)s s does not decode.") % {"kind": wanted, "point": 0.0})


def points_of(length: float, count: int) -> list[float]:
    """Seconds spread over the file, the first 0, the last shortly before the end."""
    last = max(0.0, length - END)
    if last == 0.0:
        return [0.0]
    return [round(last * place / (count - 1), 3) for place in range(count)]


def _length(told: dict[str, Any]) -> float:
    """How long picture and sound last, 0 where they do not say: a text may go on after them."""
    lengths = [stream["duration"] or 0.0 for stream in told["streams"] if stream["kind"] in ("video", "audio")]
    return max(lengths, default=0.0)


def _check_length(length: float, promised: float, gaps: Sequence[tuple[float, float]]) -> None:
    missing = sum(max(0.0, end - start) for start, end in gaps)
    slack = max(TOLERANCE, promised * SHARE)
    if not promised - missing - slack <= length <= promised + slack:
        values = {"length": round(length, 1), "promised": round(promised, 1)}
        raise MediaBroken(_("The file lasts %(length)s s instead of %(promised)s s.") % values)


def _check_decoded(
    info: MediaInfo, length: float, looked: Sequence[dict[str, Any]], gaps: Sequence[tuple[float, float]]
) -> None:
    kinds = {str(stream.index): stream.kind for stream in info.streams}
    for told in looked:
        if _in_gap(told["point"], gaps):
            continue
        dead = {kinds.get(index, "?") for index, frames in told["frames"].items() if not frames}
        # sound may end before the picture does, and a text track's length may be the longest: the end is held by its time
        if "video" in dead or (dead and told is not looked[-1]):
            values = {"kind": "video" if "video" in dead else sorted(dead)[0], "point": round(told["point"], 1)}
            raise MediaBroken(_("The %(kind)s at %(point)s s does not decode.") % values)
        if told["errors"] > 3 * sum(told["frames"].values()):
            raise MediaBroken(_("The file at %(point)s s is damaged.") % {"point": round(told["point"], 1)})
    if not looked:
        raise MediaBroken()
    end = looked[-1]["last"]
    slack = min(max(TOLERANCE, length * SHARE), length / 4)
    if end < length - slack and not _in_gap(end + slack, gaps):
        values = {"end": round(end, 1), "length": round(length, 1)}
        raise MediaBroken(_("The file ends at %(end)s s but says it lasts %(length)s s.") % values)


def _in_gap(point: float, gaps: Sequence[tuple[float, float]]) -> bool:
    """Whether a place lies in a gap or right at its edge."""
    return any(start - 1 <= point <= end + 1 for start, end in gaps)
