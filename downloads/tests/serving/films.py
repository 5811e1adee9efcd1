"""Tiny files as libraries have them, made by ffmpeg."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TEXT = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Default,Arial,24,&H00FFFFFF,2

[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:00.50,0:00:03.50,Default,Good morning
"""


def ffmpeg(*arguments: str) -> None:
    """Run ffmpeg; skip where there is none, fail where there has to be one."""
    binary = shutil.which("ffmpeg")
    if binary is None:
        assert os.environ.get("REQUIRE_SERVICES") != "1", "ffmpeg is not installed"
        pytest.skip("ffmpeg is not installed")
    subprocess.run([binary, "-nostdin", "-v", "error", "-y", *arguments], check=True, timeout=60)


def mkv_make(folder: Path, *, seconds: int = 4, size: str = "64x36", rate: int = 12, is_open: bool = True) -> Path:
    """H.264 with B-frames and a keyframe a second, AC-3 in Japanese, Opus in English, an ASS text.

    `is_open`: pictures before a keyframe lean on it, and it is no place to begin for a browser.
    """
    (folder / "text.ass").write_text(TEXT)
    path = folder / "film.mkv"
    tone = "sine=frequency={}:sample_rate=48000:duration=" + str(seconds)
    ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}"),
        *("-f", "lavfi", "-i", tone.format(440), "-f", "lavfi", "-i", tone.format(880), "-i", str(folder / "text.ass")),
        *("-map", "0", "-map", "1", "-map", "2", "-map", "3", "-c:v", "libx264", "-preset", "veryfast"),
        *("-x264-params", f"bframes=4:b-pyramid=normal:b-adapt=0:open-gop={int(is_open)}"),
        *("-g", str(rate), "-keyint_min", str(rate), "-sc_threshold", "0", "-pix_fmt", "yuv420p"),
        *("-c:a:0", "ac3", "-c:a:1", "libopus", "-c:s", "ass"),
        *("-metadata:s:a:0", "language=jpn", "-metadata:s:a:1", "language=eng", "-metadata:s:s:0", "language=eng"),
        *("-disposition:a:0", "default", "-disposition:s:0", "default", str(path)),
    )
    return path


def ts_make(folder: Path, film: Path) -> Path:
    """The same pictures as broadcasters send them: no index, times that do not begin at 0."""
    path = folder / "film.ts"
    ffmpeg("-i", str(film), "-map", "0:v", "-map", "0:a:0", "-c:v", "copy", "-c:a", "aac", "-f", "mpegts", str(path))
    return path


def mp4_make(folder: Path, film: Path) -> Path:
    """The same pictures with AAC, as most files for phones are."""
    path = folder / "film.mp4"
    ffmpeg(
        "-i",
        str(film),
        "-map",
        "0:v",
        "-map",
        "0:a:0",
        "-c:v",
        "copy",
        "-c:a",
        "aac",
        "-movflags",
        "+faststart",
        str(path),
    )
    return path
