"""Tiny real media files, made by ffmpeg once a process, for every test that needs one (see `media_files` in the conftest)."""

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import pytest

PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=64x36:rate=12:duration={seconds}"]
SOUND = ["-f", "lavfi", "-i", "sine=frequency={tone}:sample_rate=22050:duration={seconds}"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "6", "-pix_fmt", "yuv420p"]
AAC = ["-c:a", "aac", "-b:a", "32k"]
VTT = "WEBVTT\n\n00:00:00.200 --> 00:00:00.900\nHallo <i>Welt</i>\n\n00:01.000 --> 00:01.900\nZweite Zeile\n"
ASS = """[Script Info]
ScriptType: v4.00+
PlayResX: 64
PlayResY: 36

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Default,Tiny,12,&H00FFFFFF,2

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.20,0:00:00.90,Default,,0,0,0,,{\\b1}Fett{\\b0} und, Komma
"""
FONT = b"\0\1\0\0" + bytes(60)
"""As much of a font as a container asks for."""


class MediaFiles:
    """Files of two seconds, 64 × 36, made when first asked for. Nobody may change them: copy one to spoil it."""

    def __init__(self, folder: Path, ffmpeg: str) -> None:
        self.folder = folder
        self._ffmpeg = ffmpeg

    def make(self, name: str, *arguments: str, seconds: float = 2, tone: int = 440) -> Path:
        """ffmpeg with these arguments and `name` as the last, in the folder; `{seconds}` and `{tone}` are filled in."""
        filled = [part.replace("{seconds}", str(seconds)).replace("{tone}", str(tone)) for part in arguments]
        command = [self._ffmpeg, "-nostdin", "-v", "error", "-y", *filled, "-fflags", "+bitexact", name]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return self.folder / name

    def write(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    @cached_property
    def mp4(self) -> Path:
        """H.264 and AAC, the index in front."""
        return self.make("plain.mp4", *PICTURE, *SOUND, *H264, *AAC, "-movflags", "+faststart")

    @cached_property
    def fragmented(self) -> Path:
        """The same as HLS's fMP4 pieces appended to their beginning."""
        flags = "+frag_keyframe+empty_moov+default_base_moof"
        return self.make("fragmented.mp4", "-i", str(self.mp4), "-c", "copy", "-movflags", flags)

    @cached_property
    def ts(self) -> Path:
        """The same as MPEG-TS."""
        return self.make("plain.ts", "-i", str(self.mp4), "-c", "copy", "-f", "mpegts")

    @cached_property
    def ts_later(self) -> Path:
        """The same again, its clock 100 seconds on: what follows a discontinuity."""
        return self.make("later.ts", "-i", str(self.mp4), "-c", "copy", "-output_ts_offset", "100", "-f", "mpegts")

    @cached_property
    def video(self) -> Path:
        """Picture alone, as MPEG-TS, beginning at 10 s of its clock."""
        return self.make(
            "video.ts", "-i", str(self.mp4), "-map", "0:v", "-c", "copy", "-output_ts_offset", "10", "-f", "mpegts"
        )

    @cached_property
    def audio(self) -> Path:
        """Another sound alone, as MPEG-TS, beginning at 10.5 s of the same clock."""
        return self.make("audio.ts", *SOUND, *AAC, "-output_ts_offset", "10.5", "-f", "mpegts", tone=880)

    @cached_property
    def aac(self) -> Path:
        """Raw ADTS."""
        return self.make("plain.aac", *SOUND, *AAC, "-f", "adts")

    @cached_property
    def vtt(self) -> Path:
        return self.write("plain.vtt", VTT)

    @cached_property
    def ass(self) -> Path:
        return self.write("plain.ass", ASS)

    @cached_property
    def mkv(self) -> Path:
        """Japanese and German sound, German ASS (default) and English SRT (forced), a font that is named to harm, chapters."""
        meta = ";FFMETADATA1\ntitle=Folge\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=Opening\n"
        self.write("meta.txt", meta + "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=Teil A\n")
        font = self.write("tiny.ttf", FONT)
        inputs = [
            "-i",
            str(self.mp4),
            "-i",
            str(self.audio),
            "-i",
            str(self.ass),
            "-i",
            str(self.vtt),
            "-i",
            "meta.txt",
        ]
        maps = [part for place in ("0:v", "0:a", "1:a", "2:s", "3:s") for part in ("-map", place)]
        names = [
            "-metadata:s:a:0",
            "language=jpn",
            "-metadata:s:a:1",
            "language=ger",
            "-metadata:s:a:1",
            "title=Deutsch",
        ]
        names += ["-metadata:s:s:0", "language=ger", "-metadata:s:s:1", "language=eng"]
        names += ["-disposition:s:0", "default", "-disposition:s:1", "forced"]
        names += ["-attach", str(font), "-metadata:s:t", "mimetype=font/ttf", "-metadata:s:t", "filename=../../x.ttf"]
        codecs = ["-c", "copy", "-c:s:1", "srt", "-map_metadata", "4", "-map_chapters", "4"]
        return self.make("full.mkv", *inputs, *maps, *codecs, *names, "-f", "matroska")

    @cached_property
    def truncated(self) -> Path:
        """The MP4, half of it."""
        return self.write("truncated.mp4", self.mp4.read_bytes()[: self.mp4.stat().st_size // 2])

    @cached_property
    def garbage(self) -> Path:
        """The MP4 with its pictures and sounds overwritten, its index whole."""
        content = self.mp4.read_bytes()
        start = content.index(b"mdat") + 4
        return self.write("garbage.mp4", content[:start] + bytes(i * 37 % 251 for i in range(len(content) - start)))

    @cached_property
    def disguised(self) -> Path:
        """A playlist called `.mp4` that names a file of this machine (threat 7)."""
        return self.write(
            "disguised.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/etc/passwd\n#EXT-X-ENDLIST\n"
        )


def media_files_made(make_folder: Callable[[str], Path]) -> MediaFiles:
    """Skip where there is no ffmpeg, unless services are required."""
    ffmpeg = shutil.which("ffmpeg")
    if not ffmpeg:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail("ffmpeg is not on PATH")
        pytest.skip("ffmpeg is not on PATH")
    return MediaFiles(make_folder("media"), ffmpeg)


@pytest.fixture(scope="session")
def media_files(tmp_path_factory: pytest.TempPathFactory) -> MediaFiles:
    """Tiny media files; each is made when it is first asked for."""
    return media_files_made(tmp_path_factory.mktemp)
