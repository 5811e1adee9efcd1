"""Which streams go into the file and how ffmpeg is told: pure, from what is in the tracks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from downloads.errors import MediaBroken, RemuxFailed
from downloads.media.info import Stream
from downloads.media.languages import language_written
from downloads.media.tags import plain
from downloads.media.tracks import LookedTrack

MP4_VIDEO = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video"})
MP4_AUDIO = frozenset({"aac", "mp3", "mp2", "ac3", "eac3", "opus", "alac", "flac", "vorbis"})
TEXTS = frozenset({"webvtt", "subrip", "srt", "ass", "ssa", "mov_text", "text"})
KEPT_TEXTS = frozenset({"ass", "ssa", "subrip"})
PICTURES = frozenset({"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"})
FONTS = {"ttf": "font/ttf", "otf": "font/otf"}
SMALL = 48 * 1024**2
"""Below this the second pass of `+faststart` costs nothing that is felt, and no space is kept for nothing."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A stream on its way out: `source` is the number of its track, `index` its place there."""

    source: int
    index: int
    kind: str
    codec: str
    language: str = ""
    title: str = ""
    is_default: bool = False
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """`duration` in seconds, `size` in bytes as the tracks say; `index_bytes` is kept for the index of an MP4 (0: written twice)."""

    META: ClassVar[str] = "meta.txt"

    container: str
    looked: tuple[LookedTrack, ...]
    chosen: tuple[Chosen, ...]
    has_metadata: bool
    duration: float
    size: int
    index_bytes: int

    @property
    def output(self) -> str:
        return f"joined.{self.container}"

    def part_name(self, number: int, part: int) -> str:
        return f"t{number}-{part}"

    def list_name(self, number: int) -> str:
        return f"t{number}.txt"

    def part_durations(self, number: int) -> tuple[float, ...]:
        """How long each part of a track lasts in the whole: as the longest of the tracks that are cut at the same places.

        So picture and sound that lie apart begin each part together.
        """
        count = len(self.looked[number].durations)
        alike = [track.durations for track in self.looked if len(track.durations) == count and not track.is_subtitle]
        return tuple(max(lengths) for lengths in zip(*alike, strict=True)) if len(alike) > 1 else (0.0,) * count

    def arguments(self, texts: Sequence[str] = (), *, is_two_pass: bool = False) -> list[str]:
        """For `ffmpeg_run` in a folder that holds parts, lists and chapters' times under our names; `texts` are of the whole file."""
        arguments: list[str] = []
        starts = [track.start for track in self.looked if track.start is not None]
        begin = min(starts, default=0.0)
        for number, track in enumerate(self.looked):
            offset = (track.start or begin) - begin
            if offset and len(self.looked) > 1 and not track.is_subtitle:
                arguments += ["-itsoffset", f"{offset:.6f}"]
            is_list = len(track.track.parts) > 1
            name = self.list_name(number) if is_list else self.part_name(number, 0)
            arguments += ["-f", "concat" if is_list else track.demuxer, "-i", name]
        if self.has_metadata:
            arguments += ["-f", "ffmetadata", "-i", self.META]
        for stream in self.chosen:
            arguments += ["-map", f"{stream.source}:{stream.index}"]
        chapters = str(len(self.looked)) if self.has_metadata else "-1"
        arguments += ["-map_metadata", chapters, "-map_chapters", chapters]
        arguments += ["-c", "copy", "-max_muxing_queue_size", "4096"]
        arguments += [*texts, *self._of_streams()]
        return [*arguments, *self._of_container(is_two_pass=is_two_pass), self.output]

    def _of_streams(self) -> list[str]:
        arguments: list[str] = []
        counts = {"video": 0, "audio": 0, "subtitle": 0, "attachment": 0}
        for stream in self.chosen:
            place = f"{stream.kind[0] if stream.kind != 'attachment' else 't'}:{counts[stream.kind]}"
            if stream.kind == "attachment":
                suffix = stream.codec if stream.codec in FONTS else "ttf"
                name = f"font-{counts[stream.kind]:03d}.{suffix}"
                arguments += [
                    f"-metadata:s:{place}",
                    f"filename={name}",
                    f"-metadata:s:{place}",
                    f"mimetype={FONTS[suffix]}",
                ]
                counts[stream.kind] += 1
                continue
            counts[stream.kind] += 1
            flags = [name for name, on in (("default", stream.is_default), ("forced", stream.is_forced)) if on]
            arguments += [f"-disposition:{place}", "+".join(flags) or "0"]
            arguments += [f"-metadata:s:{place}", f"language={language_written(stream.language)}"]
            if stream.title:
                # MP4 has it as the name of the handler; some versions of ffmpeg write no other
                name = "handler_name" if self.container == "mp4" else "title"
                arguments += [f"-metadata:s:{place}", f"{name}={plain(stream.title)[:200]}"]
            if stream.kind == "subtitle" and (codec := text_codec(stream.codec, self.container)):
                arguments += [f"-c:{place}", codec]
            if self.container == "mp4" and stream.codec == "hevc":
                arguments += [f"-tag:{place}", "hvc1"]  # what Apple's players ask for
        return arguments

    def _of_container(self, *, is_two_pass: bool) -> list[str]:
        if self.container == "mkv":
            # the cues in front: players seek without reading the end first
            return ["-f", "matroska", "-reserve_index_space", str(max(8192, int(self.duration * 40)))]
        if is_two_pass or not self.index_bytes:
            return ["-f", "mp4", "-strict", "experimental", "-movflags", "+faststart"]
        return ["-f", "mp4", "-strict", "experimental", "-moov_size", str(self.index_bytes)]


def plan_make(looked: Sequence[LookedTrack], *, container: str, has_metadata: bool) -> Plan:
    """Raises `RemuxFailed` where MP4 cannot hold a stream, `MediaBroken` where there is neither picture nor sound."""
    if container not in ("mp4", "mkv"):
        raise RemuxFailed(_("Files are joined into mp4 or mkv, not into %(container)s.") % {"container": container})
    chosen = _choose(looked, container)
    if not any(stream.kind in ("video", "audio") for stream in chosen):
        raise MediaBroken(_("There is neither picture nor sound."))
    duration = max((sum(track.durations) for track in looked if not track.is_subtitle), default=0.0)
    size = sum(track.size for track in looked)
    index = 0 if container == "mkv" or size < SMALL else index_bytes(looked, duration)
    return Plan(container, tuple(looked), tuple(chosen), has_metadata, duration, size, index)


def index_bytes(looked: Sequence[LookedTrack], duration: float) -> int:
    """An upper estimate of an MP4's index: per sample its size, time, order and, where samples of streams alternate, its place."""
    samples = 0.0
    for track in looked:
        for stream in track.streams:
            if stream.kind == "video":
                samples += duration * min(240.0, stream.frame_rate or 60.0)
            elif stream.kind == "audio":
                samples += duration * (stream.sample_rate or 48_000) / 1000
            else:
                samples += duration
    return int(samples * 36) + 256 * 1024


def text_codec(codec: str, container: str) -> str:
    """What a text becomes: MP4 knows `mov_text` alone; Matroska keeps ASS and SRT, and has the rest as SRT. "" copies."""
    if codec in PICTURES:
        return ""
    if container == "mp4":
        return "" if codec == "mov_text" else "mov_text"
    return "" if codec in KEPT_TEXTS else "srt"


def _choose(looked: Sequence[LookedTrack], container: str) -> list[Chosen]:
    found: dict[str, list[Chosen]] = {"video": [], "audio": [], "subtitle": [], "attachment": []}
    for number, track in enumerate(looked):
        first_of = {"video": True, "audio": True, "subtitle": True, "attachment": True}
        for stream in track.streams:
            if _is_wanted(stream, container):
                found[stream.kind].append(_chosen(number, track, stream, is_first=first_of[stream.kind]))
                first_of[stream.kind] = False
    del found["video"][1:]
    for kind in ("video", "audio"):
        _one_default(found[kind])
    return [stream for kind in found.values() for stream in kind]


def _is_wanted(stream: Stream, container: str) -> bool:
    if stream.kind == "attachment":
        return container == "mkv" and stream.codec in FONTS
    if stream.kind == "subtitle":
        return stream.codec in TEXTS or (container == "mkv" and stream.codec in PICTURES)
    known = {"video": MP4_VIDEO, "audio": MP4_AUDIO}[stream.kind]
    if container == "mp4" and stream.codec not in known:
        raise RemuxFailed(_("MP4 cannot hold %(codec)s; choose mkv.") % {"codec": stream.codec or stream.kind})
    return bool(stream.codec)


def _chosen(number: int, track: LookedTrack, stream: Stream, *, is_first: bool) -> Chosen:
    """What the playlist says counts for the track's own stream, what the file says for all others."""
    said = track.track
    is_own = is_first and (said.kind == stream.kind or (said.kind == "muxed" and stream.kind == "audio"))
    return Chosen(
        source=number,
        index=stream.index,
        kind=stream.kind,
        codec=stream.codec,
        language=(said.language if is_own else "") or stream.language,
        title=(said.name if is_own else "") or stream.title,
        is_default=(is_own and said.is_default) or (stream.is_default and said.kind == "muxed"),
        is_forced=(is_own and said.is_forced) or stream.is_forced,
    )


def _one_default(streams: list[Chosen]) -> None:
    """Of picture and sound exactly one plays by itself: the first that says so, else the first."""
    from dataclasses import replace

    chosen = next((place for place, stream in enumerate(streams) if stream.is_default), 0)
    streams[:] = [replace(stream, is_default=place == chosen) for place, stream in enumerate(streams)]
