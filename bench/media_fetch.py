"""A stream of 200 segments from a host that is 50 ms away, fetched and joined: ours beside `yt-dlp -N 8` and ffmpeg's own fetch.

`python -m bench.media_fetch [--megabytes 470] [--rounds 3]`. Ours is a whole download in a worker as `compose.yaml` has it
(Celery's modules are loaded, a row in the queue, verify, place and index too), from the tick that starts it to `done`; the others
are whole commands, `yt-dlp` with and without the time that it takes to say its version. All take turns in each round. Then the same
without latency, and the worker's resident memory before and at its highest. YT_DLP names the program, if it is not on PATH.
"""

import argparse
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.accounting import cpu_seconds, family
from bench.goals import Goal, goals_tell, table
from bench.report import say
from tests.services.databases import FILE, tables_put
from tests.services.instances import free_port
from tests.services.processes import ROOT, environment

SEGMENTS, LATENCY = 200, 50
NAME = "cdn.example"
MEMORY = 80.0
WAIT = 600.0


@dataclass(frozen=True, slots=True)
class Way:
    """How a stream is got: `run` gives the seconds that counted, the processor's seconds and the size of the file in bytes."""

    name: str
    run: Callable[[], tuple[float, float, int]]


def stream_make(folder: Path, megabytes: int) -> None:
    """`list.m3u8` of 200 segments of two seconds, together about so many megabytes: ten that are coded, then repeated in time."""
    folder.mkdir()
    seconds, rate = SEGMENTS * 2, megabytes * 8e6 / (SEGMENTS * 2)
    pictures = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=24:duration=20", "-f", "lavfi", "-i", "sine=d=20"]
    noise = ["-vf", "noise=alls=40:allf=t"]
    held = ["-b:v", f"{rate:.0f}", "-minrate", f"{rate:.0f}", "-maxrate", f"{rate:.0f}", "-bufsize", f"{rate:.0f}"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "48", *held, "-c:a", "aac"]
    _ffmpeg([*pictures, *noise, *coded, "-f", "mpegts", "piece.ts"], folder)
    cut = ["-f", "hls", "-hls_time", "2", "-hls_list_size", "0", "-hls_segment_filename", "segment-%03d.ts"]
    looped = ["-stream_loop", str(seconds // 20 - 1), "-i", "piece.ts", "-t", str(seconds), "-c", "copy"]
    _ffmpeg([*looped, *cut, "list.m3u8"], folder)
    (folder / "piece.ts").unlink()


def _ffmpeg(arguments: list[str], folder: Path) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments], cwd=folder, check=True)


@contextlib.contextmanager
def host(folder: Path) -> Iterator[int]:
    """The port of a host of the stream in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "downloads.tests.stream_host", "--port", str(port), f"s={folder}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline(), "the host did not start"
            yield port
        finally:
            process.terminate()


class Worker:
    """A process that does one download for each address it is told."""

    def __init__(self, data: Path) -> None:
        data.mkdir()
        tables_put(data / FILE)
        given = environment(DATA_DIR=str(data), LOG_LEVEL="ERROR", PYTHONPATH=str(ROOT))
        command = [sys.executable, "-m", "bench.media_worker"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._answer()

    def fetch(self, url: str) -> tuple[float, float, int]:
        """Seconds from the start of a download to its end, the processor's seconds of all its processes, the file's size."""
        before = self._cpu()
        self._say(url)
        state, seconds, size = self._answer().split()
        assert state == "done", state
        return float(seconds), self._cpu() - before, int(size)

    def memory(self) -> dict[str, float]:
        """Resident megabytes now, and the most since the last time this was asked."""
        told = _status(self.process.pid)
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", encoding="ascii")
        return told

    def children_memory(self) -> float:
        """The most that all helper processes of the worker together have had resident, in megabytes."""
        return sum(_status(pid)["most"] for pid in family(self.process.pid) if pid != self.process.pid)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()

    def _cpu(self) -> float:
        return cpu_seconds(family(self.process.pid))

    def _say(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def _answer(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        if not line:
            raise RuntimeError("the worker ended")
        return line


def _status(pid: int) -> dict[str, float]:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
        found = {line.partition(":")[0]: line.split()[1] for line in lines if line.startswith(("VmRSS", "VmHWM"))}
        return {"now": int(found["VmRSS"]) / 1024, "most": int(found["VmHWM"]) / 1024}
    return {"now": 0.0, "most": 0.0}


def command_run(command: list[str], made: Path) -> tuple[float, float, int]:
    """Seconds of a command, those of the processor, the size of what it made."""
    made.unlink(missing_ok=True)
    before, began = os.times(), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=WAIT)
    seconds, after = time.monotonic() - began, os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    size = made.stat().st_size
    made.unlink()
    return seconds, cpu, size


def main() -> None:
    """Measure and tell."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--megabytes", type=int, default=470)
    reader.add_argument("--rounds", type=int, default=3)
    given = reader.parse_args()
    with tempfile.TemporaryDirectory(prefix="hiroba-fetch-") as name:
        folder = Path(name)
        stream_make(folder / "stream", given.megabytes)
        worker = Worker(folder / "data")
        try:
            with host(folder / "stream") as port:
                _measure(folder, worker, port, given.rounds)
        finally:
            worker.end()


def _ways(folder: Path, worker: Worker, port: int) -> list[Way]:
    slow, quick = f"~latency={LATENCY}/s/list.m3u8", "s/list.m3u8"
    made = folder / "made.mp4"
    there = f"http://127.0.0.1:{port}"
    ways = [
        Way("ours", lambda: worker.fetch(f"http://{NAME}:{port}/{slow}")),
        Way("ours, no latency", lambda: worker.fetch(f"http://{NAME}:{port}/{quick}")),
    ]
    if shutil.which("ffmpeg"):
        copied = ["ffmpeg", "-nostdin", "-y", "-i", f"{there}/{slow}", "-c", "copy", str(made)]
        ways.append(Way("ffmpeg", lambda: command_run(copied, made)))
    if program := yt_dlp():
        quiet = [program, "--ignore-config", "--no-cache-dir", "-q", "-N", "8", "-o", str(made)]
        ways.append(Way("yt-dlp -N 8", lambda: command_run([*quiet, f"{there}/{slow}"], made)))
    return ways


def yt_dlp() -> str | None:
    """Where it is."""
    return shutil.which(os.environ.get("YT_DLP", "yt-dlp"))


def _measure(folder: Path, worker: Worker, port: int, rounds: int) -> None:
    loaded = worker.memory()["now"]
    worker.fetch(f"http://{NAME}:{port}/s/list.m3u8")  # what is imported and started with the first is not counted
    before = worker.memory()
    ways = _ways(folder, worker, port)
    seconds: dict[str, list[float]] = {way.name: [] for way in ways}
    cpu: dict[str, list[float]] = {way.name: [] for way in ways}
    sizes: dict[str, int] = {}
    for _round in range(rounds):
        for way in ways:
            os.sync()
            took, spent, sizes[way.name] = way.run()
            seconds[way.name].append(took)
            cpu[way.name].append(spent)
    during = worker.memory()
    ours = min(seconds["ours"])
    rows = [
        [name, f"{min(seconds[name]):.2f}", f"{statistics.median(seconds[name]):.2f}", f"{statistics.median(cpu[name]):.2f}",
         f"{sizes[name] / 1e6:.0f}", f"{min(seconds[name]) / ours:.2f}"]
        for name in seconds
    ]  # fmt: skip
    say(f"{SEGMENTS} segments, {LATENCY} ms each, best of {rounds} rounds in turn")
    say(table(["", "seconds", "median", "processor s", "MB", "to ours"], rows))
    say(
        f"memory of the worker: {loaded:.0f} MB loaded, {before['now']:.0f} MB after a first download (most {before['most']:.0f}),"
    )
    say(
        f"  {during['most']:.0f} MB at most during the others; its helper processes {worker.children_memory():.0f} MB together"
    )
    _goals(seconds, max(before["most"], during["most"]))


def _goals(seconds: dict[str, list[float]], memory: float) -> None:
    best = {name: min(times) for name, times in seconds.items()}
    ours = best["ours"]
    if program := yt_dlp():
        start, _cpu, _size = _version(program)
        say(
            f"yt-dlp takes {start:.2f} s to say its version; without that it is {(best['yt-dlp -N 8'] - start) / ours:.2f} × ours"
        )
    goals_tell(
        [
            Goal("fetch against yt-dlp -N 8", best["yt-dlp -N 8"] / ours if yt_dlp() else None, 2.5, "×", True,
                 "yt-dlp is not on PATH; YT_DLP names it"),
            Goal("fetch against ffmpeg", best["ffmpeg"] / ours if "ffmpeg" in best else None, 5.0, "×", True, "no ffmpeg"),
            Goal("latency costs", ours / best["ours, no latency"], 1.2, "×"),
            Goal("memory of the worker", memory, MEMORY, " MB"),
        ]
    )  # fmt: skip


def _version(program: str) -> tuple[float, float, int]:
    began = time.monotonic()
    subprocess.run([program, "--ignore-config", "--version"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began, 0.0, 0


if __name__ == "__main__":
    main()
