"""ffmpeg is started with what may be, stops when it shall, and leaves nobody behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from downloads.errors import DiskFull, FfmpegMissing, MediaBroken, RemuxFailed
from downloads.media.ffmpeg import FfmpegOutcome, arguments_guarded, ffmpeg_path, ffmpeg_run, file_argument
from downloads.tests.media_files import MediaFiles

pytestmark = pytest.mark.once
OUTPUT = ["-c", "copy", "-f", "matroska", "out.mkv"]
ROOT = Path(__file__).resolve().parents[3]


def test_an_input_names_its_demuxer() -> None:
    for arguments in (
        ["-i", "x.mp4"],
        ["-f", "hls", "-i", "x.m3u8"],
        ["-f", "lavfi", "-i", "testsrc"],
        ["-f", "mov", "-i", "a.mp4", "-i", "b.mp4"],
        ["-f", "image2", "-i", "/etc/%d.png"],
        ["-f", "mov\0", "-i", "x"],
    ):
        with pytest.raises(ValueError, match=r"demuxer|NUL"):
            arguments_guarded(arguments)
    told = arguments_guarded(["-f", "mov", "-i", "x.mp4", *OUTPUT])
    rules = ["-protocol_whitelist", "file,pipe", "-format_whitelist", "mov"]
    assert told == ["-f", "mov", *rules, "-i", "x.mp4", *OUTPUT]


def test_a_run_tells_how_far_it_is(media_files: MediaFiles, tmp_path: Path) -> None:
    told: list[float] = []
    arguments = ["-f", "mov", "-i", file_argument(media_files.mp4), *OUTPUT]
    outcome = ffmpeg_run(arguments, folder=tmp_path, seconds=20, on_progress=told.append)
    assert outcome.is_ok, outcome
    assert told[-1] == pytest.approx(2, abs=0.2)
    assert outcome.cpu_seconds > 0
    assert (tmp_path / "out.mkv").stat().st_size > 1000


def waiting(tmp_path: Path) -> list[str]:
    """Arguments of a run that waits for ever: nobody writes into the pipe."""
    os.mkfifo(tmp_path / "pipe.ts")
    return ["-f", "mpegts", "-i", "pipe.ts", *OUTPUT]


def test_time_runs_out(media_files: MediaFiles, tmp_path: Path) -> None:
    began = time.monotonic()
    outcome = ffmpeg_run(waiting(tmp_path), folder=tmp_path, seconds=0.3)
    assert outcome.is_timed_out
    assert not outcome.is_ok
    assert time.monotonic() - began < 5
    with pytest.raises(RemuxFailed):
        outcome.check()


def test_a_beat_stops_it(media_files: MediaFiles, tmp_path: Path) -> None:
    def stop() -> None:
        raise InterruptedError("stopped")

    with pytest.raises(InterruptedError):
        ffmpeg_run(waiting(tmp_path), folder=tmp_path, seconds=60, beat=stop)
    assert not processes_in(tmp_path)


def processes_in(folder: Path) -> list[str]:
    """Processes whose working folder it is."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if entry.readlink() == folder:
                found.append(entry.parent.name)
        except OSError:
            continue
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent died")
def test_it_dies_with_its_parent(media_files: MediaFiles, tmp_path: Path) -> None:
    arguments = waiting(tmp_path)
    program = f"""
import pathlib, sys
from django.conf import settings
settings.configure(FFMPEG="", USE_I18N=False)
from downloads.media.ffmpeg import ffmpeg_run
ffmpeg_run({arguments!r}, folder=pathlib.Path({str(tmp_path)!r}), seconds=60, beat=lambda: print("runs", flush=True))
"""
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout
    assert parent.stdout.readline() == b"runs\n"
    assert processes_in(tmp_path)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while processes_in(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not processes_in(tmp_path)


def test_what_an_outcome_means() -> None:
    FfmpegOutcome(0, "", 1.0).check()
    for outcome, error in (
        (FfmpegOutcome(1, "av_interleaved_write_frame(): No space left on device", 1.0), DiskFull),
        (FfmpegOutcome(0, "Error writing trailer of out.mp4: No space left on device", 1.0), DiskFull),
        (FfmpegOutcome(0, "Error writing trailer of out.mp4: Invalid argument", 1.0), RemuxFailed),
        (FfmpegOutcome(-11, "", 1.0), MediaBroken),
        (FfmpegOutcome(1, "first\nwhat is wrong\n", 1.0), RemuxFailed),
    ):
        with pytest.raises(error):
            outcome.check()


def test_no_ffmpeg(settings) -> None:  # type: ignore[no-untyped-def]
    settings.FFMPEG = "/nowhere/ffmpeg"
    with pytest.raises(FfmpegMissing):
        ffmpeg_path()


def test_the_log_is_capped(media_files: MediaFiles, tmp_path: Path) -> None:
    arguments = ["-loglevel", "trace", "-f", "mov", "-i", file_argument(media_files.mp4), *OUTPUT]
    outcome = ffmpeg_run(arguments, folder=tmp_path, seconds=20)
    assert outcome.is_ok
    assert 1000 < len(outcome.log) <= 64 * 1024
