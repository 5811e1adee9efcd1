"""A download whose worker is killed with SIGKILL again and again: `python -m bench.download_faults [--kills 20]`.

Real processes (`tests.faults.download_worker`) on a database of their own fetch one stream of many slow segments from a host of this
machine. Each is killed at a random moment after it asked for something new; later ones die between the file's rename and the
commit, and between the commit and the removal of the parts; at last two work at once. What is left must be one file, byte
for byte that of an undisturbed run. A table tells how long each took from its start to the first new segment, and what was
asked for again.
"""

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench.report import say
from downloads.tests.stream_host import StreamHost
from tests.services.databases import FILE, tables_put
from tests.services.processes import ROOT, environment

PROMISED = 30.0
"""Seconds from a worker's start until the download goes on."""
NAME = "cdn.example"
WAIT = 240.0
"""Seconds for a worker that may have to wait until a dead one's longest lease has run out."""


@dataclass(frozen=True, slots=True)
class Kill:
    """`seconds` from the start to the first new segment; `asked` segments of the stream before it; `lived` seconds after."""

    seconds: float
    asked: int
    lived: float


@dataclass
class Scene:
    """A data folder with a queued download, and the host that it comes from. Leases in seconds; `long_lease` 0: the site's own."""

    data: Path
    host: StreamHost
    lease: float
    long_lease: float = 0.0
    kills: list[Kill] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        return environment(
            DATA_DIR=str(self.data), DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="ERROR", PYTHONPATH=str(ROOT)
        )

    def start(self, task: str, *options: str) -> "subprocess.Popen[str]":
        leases = ["--lease", str(self.lease), "--long-lease", str(self.long_lease)]
        command = [sys.executable, "-m", "tests.faults.download_worker", task, *leases, *options]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment(), stdout=subprocess.PIPE, text=True)

    def prepare(self, path: str, parallel: int) -> None:
        """Queue the stream at `path` of the host."""
        tables_put(self.data / FILE)
        url = self.host.url(path).replace(self.host.address, NAME)
        with self.start("prepare", "--url", url, "--parallel", str(parallel)) as process:
            if process.wait(WAIT):
                raise RuntimeError("nothing could be queued")

    def kill_at_random(self, chance: random.Random, longest: float) -> None:
        """Start a worker, wait until it gets on, kill it at most `longest` seconds later."""
        before, began = self.asked().total(), time.monotonic()
        with self.start("work") as process:
            while self.asked().total() == before:
                if process.poll() is not None or time.monotonic() - began > WAIT:
                    raise RuntimeError("the worker does not get on")
                self.host.waited(0.005)
            seconds, lived = time.monotonic() - began, chance.uniform(0, longest)
            self.host.waited(lived)
            process.kill()
        self.kills.append(Kill(seconds, before, lived))

    def killed_at(self, line: str) -> int:
        """The exit code of a worker that dies at a line."""
        with self.start("work", "--die", line, "--until-idle") as process:
            return process.wait(WAIT)

    def finish(self) -> list[str]:
        """Two workers until nothing is left, then the episode anew: what the first said of both (state and hash)."""
        with self.start("work", "--until-idle", "--again") as one, self.start("work", "--until-idle") as two:
            told = one.communicate(timeout=WAIT)[0].splitlines()
            two.communicate(timeout=WAIT)
        return told[1:]

    def asked(self) -> Counter[str]:
        """How often each segment was asked for."""
        return Counter({path: count for path, count in self.host.hits.copy().items() if path.endswith(".ts")})

    def rows(self, query: str) -> list[tuple]:
        with closing(sqlite3.connect(self.data / FILE, timeout=20)) as connection:
            return connection.execute(query).fetchall()

    def files(self, folder: str = "library") -> list[Path]:
        """Visible files of the library (those in the recycle bin are hidden), or all of another folder."""
        root = self.data / folder
        found = [path for path in root.rglob("*") if path.is_file()]
        return [path for path in found if not any(part.startswith(".") for part in path.relative_to(root).parts)]


def stream_make(folder: Path, seconds: int) -> int:
    """A stream of `seconds` in segments of half a second, `list.m3u8`; how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = ["-f", "lavfi", "-i", f"testsrc2=size=64x36:rate=12:duration={seconds}"]
    sound = ["-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=22050:duration={seconds}"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "6", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "32k"]
    cut = ["-f", "hls", "-hls_time", "0.5", "-hls_list_size", "0", "-hls_segment_filename", "segment-%03d.ts"]
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *pictures, *sound, *coded, *cut, "list.m3u8"]
    subprocess.run(command, cwd=folder, check=True)
    return len(list(folder.glob("*.ts")))


def main() -> int:
    """The table, and whether all of it held."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--kills", type=int, default=20)
    reader.add_argument("--lease", type=float, default=12.0, help="seconds; what the site has is 12")
    reader.add_argument("--seed", type=int, default=7)
    given = reader.parse_args()
    if not shutil.which("ffmpeg"):
        say("ffmpeg is not on PATH: there is no stream to fetch")
        return 1
    with tempfile.TemporaryDirectory(prefix="hiroba-faults-") as folder:
        count = stream_make(Path(folder) / "stream", max(30, given.kills * 5))
        latency = 250
        with StreamHost({"s": Path(folder) / "stream"}) as host:
            host.behave(latency=latency)
            scene = Scene(Path(folder) / "data", host, given.lease)
            scene.data.mkdir()
            scene.prepare("s/list.m3u8", parallel=2)
            chance = random.Random(given.seed)
            share = count * latency / 1000 / 2 / max(1, given.kills)
            for _kill in range(given.kills):
                scene.kill_at_random(chance, longest=share * 1.5)
            asked = scene.asked()
            began = time.monotonic()
            codes = [scene.killed_at(line) for line in ("after_rename", "after_commit")]
            late = time.monotonic() - began
            fetched = scene.asked()
            host.behave()
            told = scene.finish()
            say(
                f"from the start of the one that dies after the rename to the death of the next at the commit: {late:.0f} s"
            )
            return _tell(scene, count, asked, fetched, codes, told)


def _tell(
    scene: Scene, count: int, asked: Counter[str], fetched: Counter[str], codes: list[int], told: list[str]
) -> int:
    say("kill  asked before  start to first new segment  lived after it")
    for number, kill in enumerate(scene.kills, 1):
        say(f"{number:>4}  {kill.asked:>12}  {kill.seconds:>22.1f} s  {kill.lived:>12.2f} s")
    slowest = max((kill.seconds for kill in scene.kills), default=0.0)
    again = fetched.total() - count
    states = [state for (state,) in scene.rows("SELECT state FROM downloads_download")]
    files, parts = scene.files(), scene.files("downloads")
    held = {
        f"every worker goes on within {PROMISED:.0f} s (slowest {slowest:.1f} s)": slowest <= PROMISED,
        f"{asked.total()} requests for {count} segments until the last kill, {again} of them again in all": again
        <= 2 * len(scene.kills),
        f"killed between rename and commit, and between commit and parts: {codes}": codes == [-9, -9],
        f"states {states}, one file, no parts": set(states) == {"done"} and len(files) == 1 and not parts,
        f"the same bytes as an undisturbed run: {[line[:17] for line in told]}": len(told) == 2
        and told[0] == told[1]
        and told[0].startswith("done "),
    }
    for text, is_held in held.items():
        say(f"{'held' if is_held else 'NOT held'}: {text}")
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
