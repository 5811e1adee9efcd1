"""The fingerprint of a file's sound: 32 bits sixteen times a second that stay nearly the same through other encodings."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

from downloads.errors import MediaBroken
from downloads.media.ffmpeg import ffmpeg_run, file_argument
from downloads.media.info import MediaInfo
from downloads.media.kinds import DEMUXERS, media_kind
from downloads.media.probing import probe

SAMPLE_RATE = 8000
HOP = 500
"""Samples from one value to the next: 1/16 s."""
WINDOW = 4096
PER_SECOND = SAMPLE_RATE / HOP
BANDS = 33
LOWEST, HIGHEST = 200.0, 3000.0
"""Hz: what every encoder keeps."""
SILENCE = 1e-5
"""Mean power below which nothing is heard: such a moment is like every other and says nothing."""
MAX_SECONDS = 4 * 3600
SECONDS = 60.0
BYTES_A_SECOND = 2 * 1024**2
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`bits`: one uint32 per 1/16 s; `heard`: whether anything was to be heard there. Value n is of the sound around n/16 s."""

    bits: np.ndarray
    heard: np.ndarray

    @property
    def seconds(self) -> float:
        return len(self.bits) / PER_SECOND

    def to_bytes(self) -> bytes:
        """For a file; the inverse of `from_bytes`."""
        return self.bits.astype("<u4").tobytes() + self.heard.astype("u1").tobytes()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Fingerprint":
        """Raises `ValueError` for what is none."""
        if len(content) % 5:
            raise ValueError("no fingerprint")
        count = len(content) // 5
        return cls(np.frombuffer(content, "<u4", count).copy(), np.frombuffer(content, "u1", count, 4 * count) > 0)


def sound_fingerprint(
    path: Path,
    *,
    info: MediaInfo | None = None,
    folder: Path | None = None,
    on_progress: Callable[[float], None] | None = None,
    beat: Callable[[], None] | None = None,
) -> Fingerprint:
    """Of the first sound in the file, at most of four hours. `on_progress` hears percent.

    Its samples lie in `folder` meanwhile (16 kB a second of it; None: the system's folder for such).

    Raises `MediaBroken` (no sound, or none that decodes), `MediaUnsafe`, `FfmpegMissing`, `DiskFull`.
    """
    demuxer = DEMUXERS[media_kind(path)]
    info = info or probe(path, beat=beat)
    sounds = info.of_kind("audio")
    if not sounds:
        raise MediaBroken(_("The file has no %(kind)s.") % {"kind": "audio"})

    def percent(seconds: float) -> None:
        if on_progress and info.duration:
            on_progress(min(100.0, 100 * seconds / info.duration))

    with tempfile.TemporaryDirectory(prefix="hiroba-sound-", dir=folder) as place:
        arguments = ["-threads", "1", "-f", demuxer, "-i", file_argument(path), "-map", f"0:{sounds[0].index}"]
        arguments += ["-t", str(MAX_SECONDS), "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "s16le", "sound.raw"]
        limit = SECONDS + info.size / BYTES_A_SECOND
        ffmpeg_run(arguments, folder=Path(place), seconds=limit, on_progress=percent, beat=beat).check(MediaBroken)
        raw = Path(place) / "sound.raw"
        if not raw.is_file() or raw.stat().st_size < 2 * WINDOW:
            raise MediaBroken(_("The file has no %(kind)s.") % {"kind": "audio"})
        return samples_fingerprint(np.memmap(raw, dtype="<i2", mode="r"), beat=beat)


def samples_fingerprint(samples: np.ndarray, *, beat: Callable[[], None] | None = None) -> Fingerprint:
    """Of 16-bit samples at `SAMPLE_RATE`, after Haitsma and Kalker: whether the difference of neighbouring bands grows or shrinks."""
    window = np.hanning(WINDOW).astype(np.float32)
    edges = np.geomspace(LOWEST, HIGHEST, BANDS + 1) * WINDOW / SAMPLE_RATE
    starts = np.unique(edges.astype(int))[:-1]
    if len(starts) != BANDS:
        raise ValueError("the bands are narrower than the window tells apart")
    last = int(edges[-1])
    count = max(0, (len(samples) - WINDOW) // HOP + 1)
    bands = np.empty((count, BANDS), dtype=np.float32)
    for first in range(0, count, _BLOCK):
        size = min(_BLOCK, count - first)
        part = np.asarray(samples[first * HOP : (first + size - 1) * HOP + WINDOW], dtype=np.float32) / 32768
        frames = np.lib.stride_tricks.sliding_window_view(part, WINDOW)[::HOP] * window
        power = np.abs(np.fft.rfft(frames, axis=1)[:, :last]) ** 2
        bands[first : first + size] = np.add.reduceat(power, starts, axis=1)
        if beat:
            beat()
    heard = bands.sum(axis=1) / (WINDOW**2) > SILENCE
    level = np.log(bands + 1e-9)
    slope = level[:, :-1] - level[:, 1:]
    bits = np.zeros(count, dtype=np.uint32)
    if count > 2:
        change = slope[2:] - slope[:-2]
        bits[1:-1] = (change > 0).astype(np.uint32) @ (np.uint32(1) << np.arange(BANDS - 1, dtype=np.uint32))
        heard[:-2] &= heard[2:]
    # a window's value is of its middle
    lead = round(WINDOW / 2 / HOP)
    return Fingerprint(np.concatenate([np.zeros(lead, np.uint32), bits]), np.concatenate([np.zeros(lead, bool), heard]))
