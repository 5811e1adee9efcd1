"""Joining a fetched stream into an MP4: ours against bare `ffmpeg -c copy`, in turn, on the same file.

`python -m bench.media_remux [--megabytes 400] [--rounds 5]` prints seconds by the clock and of the processor, and their ratios; ours
looks at the file first, writes its index in front, names and flags its streams, and has the result on the disk when it is done.
"""

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.goals import Goal, goals_tell
from bench.report import say

PROMISED = 0.9


def main() -> None:
    """Each round measures all ways, so that a busy machine is busy for all."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=int, default=400)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    with tempfile.TemporaryDirectory(prefix="hiroba-remux-") as folder:
        _measure(_source(Path(folder), given.megabytes), given.rounds)


def _source(folder: Path, megabytes: int) -> Path:
    """An MPEG-TS of 720p with sound, of about so many megabytes."""
    piece, whole = folder / "piece.ts", folder / "whole.ts"
    pictures = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=24:duration=60", "-f", "lavfi", "-i", "sine=d=60"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "6M", "-g", "48", "-c:a", "aac", "-b:a", "128k"]
    _ffmpeg(*pictures, *coded, "-f", "mpegts", str(piece))
    turns = max(1, round(megabytes * 1e6 / piece.stat().st_size)) - 1
    _ffmpeg("-stream_loop", str(turns), "-i", str(piece), "-c", "copy", "-f", "mpegts", str(whole))
    piece.unlink()
    return whole


def _ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments], check=True)


def _measure(source: Path, rounds: int) -> None:
    from downloads.fetching.contract import FetchedTrack
    from downloads.media.children import children
    from downloads.media.remuxing import remux

    target = source.parent / "made.mp4"
    track = FetchedTrack("muxed", "mpegts", (source,))
    copy = ["-i", str(source), "-c", "copy"]
    ways: dict[str, Callable[[], None]] = {
        "ours": lambda: remux([track], target),
        "ffmpeg -c copy": lambda: _ffmpeg(*copy, str(target)),
        "and +faststart": lambda: _ffmpeg(*copy, "-movflags", "+faststart", str(target)),
    }
    clock: dict[str, list[float]] = {name: [] for name in ways}
    processor: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            target.unlink(missing_ok=True)
            os.sync()
            before, began = _cpu(), time.monotonic()
            way()
            seconds, cpu = time.monotonic() - began, _cpu() - before
            if turn:
                clock[name].append(seconds)
                processor[name].append(cpu)
    children().end()
    size = source.stat().st_size / 1e6
    for name in ways:
        say(
            f"{name:>15}: {size / min(clock[name]):6.0f} MB/s (median {size / statistics.median(clock[name]):.0f}), "
            f"processor {statistics.median(processor[name]):.2f} s for {size:.0f} MB"
        )
    for name in list(ways)[1:]:
        ratio = min(clock[name]) / min(clock["ours"])
        spent = statistics.median(processor[name]) / statistics.median(processor["ours"])
        say(f"ours to {name}: {ratio:.2f} by the clock (promised {PROMISED} of -c copy), {spent:.2f} by the processor")
    ratio = min(clock["ffmpeg -c copy"]) / min(clock["ours"])
    goals_tell([Goal("joining against ffmpeg -c copy", ratio, PROMISED, "×", is_floor=True)])


def _cpu() -> float:
    """Of this process and of all its children that have ended."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in found)


if __name__ == "__main__":
    main()
