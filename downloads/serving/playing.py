"""What browsers play, and what of a file has to be made anew for them. Pure."""

from catalog.facade import MASTER_PLAYLIST, MadeText, Playable
from downloads.media.info import MediaInfo, Stream

TRANSCODED = "transcoded.m3u8"
STYLED = frozenset({"ass", "ssa"})
TEXTS = frozenset({"subrip", "ass", "ssa", "webvtt", "mov_text", "srt", "text"})
_AVC = {"baseline": "42e0", "constrained baseline": "42e0", "main": "4d40", "high": "6400", "high 10": "6e00"}
_WHOLE_VIDEO = {"mp4": frozenset({"h264", "hevc", "av1", "vp9"}), "webm": frozenset({"vp8", "vp9", "av1"})}
_WHOLE_SOUND = {"mp4": frozenset({"aac", "mp3", "opus", "flac"}), "webm": frozenset({"opus", "vorbis"})}
_SOUNDS = {"aac": "mp4a.40.2", "opus": "opus", "flac": "flac", "mp3": "mp3", "vorbis": "vorbis"}
CUT_VIDEO = frozenset({"h264", "hevc", "av1", "vp9"})
"""What pieces can hold as it is; which of it a browser plays, the browser says."""
CUT_SOUND = frozenset({"aac", "opus", "flac"})
CUT_CONTAINERS = frozenset({"matroska", "webm", "mp4", "mpegts"})


def playable_of(info: MediaInfo, *, is_transcoding: bool) -> Playable:
    """How the file of `info` plays. `is_transcoding`: whether the operator lets pictures be made anew."""
    video = next(iter(info.of_kind("video")), None)
    sounds = info.of_kind("audio")
    if video is None:
        return Playable()
    made: list[tuple[str, str]] = []
    if info.container in CUT_CONTAINERS:
        heard = sound_codec(sounds)
        if video.codec in CUT_VIDEO:
            made.append((MASTER_PLAYLIST, _type("mp4", video_codec(video), heard)))
        if is_transcoding:
            made.append((TRANSCODED, _type("mp4", "avc1.640028", heard)))
    texts = [stream for stream in info.of_kind("subtitle") if stream.codec in TEXTS]
    return Playable(
        direct=_direct(info, video, sounds),
        made=tuple(made),
        is_made_better=len(sounds) > 1 and bool(made),
        texts=tuple(text_of(stream) for stream in texts) if info.container in CUT_CONTAINERS else (),
    )


def _direct(info: MediaInfo, video: Stream, sounds: tuple[Stream, ...]) -> str | None:
    container = info.container
    heard = sounds[0].codec if sounds else "aac"
    if video.codec not in _WHOLE_VIDEO.get(container, ()) or heard not in _WHOLE_SOUND[container]:
        return None
    return _type(container, video_codec(video), _SOUNDS[heard] if sounds else "")


def _type(container: str, *codecs: str) -> str:
    return f'video/{container}; codecs="{", ".join(codec for codec in codecs if codec)}"'


def video_codec(stream: Stream) -> str:
    """As browsers call it. The level is a guess on the high side: what decides is the kind and the depth of colour."""
    is_deep = "10" in stream.pixel_format
    level = "33" if stream.height > 1088 else "29"
    if stream.codec == "h264":
        return f"avc1.{_AVC.get(stream.profile.lower(), '6e00' if is_deep else '6400')}{level}"
    if stream.codec == "hevc":
        return f"hvc1.{'2.4' if is_deep else '1.6'}.L{'153' if stream.height > 1088 else '120'}.90"
    if stream.codec == "av1":
        return f"av01.0.08M.{'10' if is_deep else '08'}"
    return f"vp09.{'02' if is_deep else '00'}.40.{'10' if is_deep else '08'}" if stream.codec == "vp9" else stream.codec


def sound_codec(sounds: tuple[Stream, ...]) -> str:
    """Of the pieces of sound: the files' own where all tracks have one that pieces can hold, else AAC; "" without sound."""
    found = {stream.codec for stream in sounds}
    return _SOUNDS[found.pop()] if len(found) == 1 and found <= CUT_SOUND else _SOUNDS["aac"] if sounds else ""


def is_copied(stream: Stream, sounds: tuple[Stream, ...]) -> bool:
    """Whether this track goes into pieces as it is: its codec is what all of them get."""
    return stream.codec in CUT_SOUND and _SOUNDS[stream.codec] == sound_codec(sounds)


def text_of(stream: Stream) -> MadeText:
    """A text of the file as the player is told of it."""
    form = "ass" if stream.codec in STYLED else "vtt"
    label = stream.title or stream.language
    return MadeText(f"s{stream.index}.{form}", form, stream.language or "und", label, stream.is_default)
