"""How a file is cut: spans between keyframes, and the playlists that say so. Pure but for reading the plan's file."""

import json
import math
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from django.conf.locale import LANG_INFO

from downloads.media.info import Stream
from downloads.serving.playing import is_copied, sound_codec

VERSION = 2
SPAN_SECONDS = 6.0
SMALL_HEIGHT = 720


@dataclass(frozen=True, slots=True)
class Cut:
    """A file ready to be cut. `index` is what the child found (`media/child/index.py`); `bounds` begin and end spans, in its ticks."""

    demuxer: str
    size: int
    index: dict[str, Any]
    bounds: tuple[int, ...]
    sounds: tuple[Stream, ...]
    texts: tuple[Stream, ...]

    @property
    def count(self) -> int:
        """Spans, and so pieces of each track."""
        return len(self.bounds) - 1

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Cut":
        """The inverse of `as_json`."""
        data = json.loads(text)
        streams = {name: tuple(Stream(**stream) for stream in data[name]) for name in ("sounds", "texts")}
        return cls(**{**data, **streams, "bounds": tuple(data["bounds"])})


def bounds_of(index: dict[str, Any]) -> tuple[int, ...]:
    """Where the spans of at least `SPAN_SECONDS` begin (keyframes all), and where the last one ends."""
    base = index["num"] / index["den"]
    found = [index["ticks"][0]]
    for tick in index["ticks"][1:]:
        if (tick - found[-1]) * base >= SPAN_SECONDS - 0.001:
            found.append(tick)
    end = math.ceil(index["end"] / base) - index["lead"]
    return (*found, max(end, found[-1] + 1))


def tracks_of(cut: Cut) -> dict[str, tuple[int, str]]:
    """Name → the stream and the way in which its pieces are made: `v`, `t` (made anew, smaller), `a0`, `a1`, …

    A transport stream says of its sound only in each packet what an MP4 has to say in its head, so that is made anew.
    """
    is_told = cut.demuxer != "mpegts"
    found = {"v": (cut.index["video"], "video"), "t": (cut.index["video"], "h264")}
    for number, stream in enumerate(cut.sounds):
        found[f"a{number}"] = (stream.index, "audio" if is_told and is_copied(stream, cut.sounds) else "aac")
    return found


def media_playlist(cut: Cut, track: str) -> str:
    """The playlist of one track."""
    base = cut.index["num"] / cut.index["den"]
    spans = [(b - a) * base for a, b in pairwise(cut.bounds)]
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{max(1, math.ceil(max(spans)))}"]
    lines += ["#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD", f'#EXT-X-MAP:URI="{track}-init.mp4"']
    for number, seconds in enumerate(spans):
        lines += [f"#EXTINF:{seconds:.6f},", f"{track}-{number:05d}.m4s"]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def master_playlist(cut: Cut, key: str, *, is_small: bool) -> str:
    """The playlist that names the others, below the folder `key`. `is_small`: with the pictures that are made anew."""
    index = cut.index
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    names = sound_names(cut.sounds)
    default = next((n for n, stream in enumerate(cut.sounds) if stream.is_default), 0)
    for number, stream in enumerate(cut.sounds):
        language = f'LANGUAGE="{_quoted(stream.language)}",' if stream.language else ""
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="{_quoted(names[number])}",{language}'
            f"DEFAULT={'YES' if number == default else 'NO'},AUTOSELECT=YES,"
            f'CHANNELS="{_channels(stream, cut.sounds)}",URI="{key}/a{number}.m3u8"'
        )
    height = min(index["height"], SMALL_HEIGHT) if is_small else index["height"]
    width = round(index["width"] * height / max(1, index["height"]))
    video = "avc1.640028" if is_small else index["codecs"].get(str(index["video"]), "")
    codecs = ",".join(codec for codec in (video, sound_codec(cut.sounds)) if codec)
    rate = 3_000_000 if is_small else max(200_000, index["bit_rate"])
    sound = ',AUDIO="sound"' if cut.sounds else ""
    lines.append(
        f'#EXT-X-STREAM-INF:BANDWIDTH={rate},CODECS="{codecs}",RESOLUTION={width}x{height},FRAME-RATE={index["rate"]:.3f}{sound}'
    )
    return "\n".join([*lines, f"{key}/{'t' if is_small else 'v'}.m3u8", ""])


def sound_names(sounds: tuple[Stream, ...]) -> list[str]:
    """What a menu calls each track: as the file does, else its language in itself; with its number where that is not unique."""
    names = [stream.title or _language_name(stream.language) for stream in sounds]
    return [name if name and names.count(name) == 1 else f"{name} {n + 1}".strip() for n, name in enumerate(names)]


def _language_name(code: str) -> str:
    known = LANG_INFO.get(code.lower()) or LANG_INFO.get(code[:2].lower()) or {}
    return str(known.get("name_local") or code)


def _channels(stream: Stream, sounds: tuple[Stream, ...]) -> int:
    return max(1, stream.channels) if is_copied(stream, sounds) else 2


def _quoted(text: str) -> str:
    """Without what ends a quoted string or a line of a playlist."""
    return "".join(sign for sign in text if sign.isprintable() and sign != '"')[:120]
