"""Files looked into a second: as the library does it (a kept helper process, PyAV), and by starting ffprobe for each.

`python -m bench.media_probes [--files 200]`: distinct copies of one MP4 and one Matroska file of twenty seconds.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.goals import Goal, goals_tell
from bench.report import say

WANTED = 64.0
FEW = 30
"""So many files are enough for the slow way."""


def main() -> None:
    """Both ways on the same files."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--files", type=int, default=200)
    given = reader.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from downloads.media.children import children
    from downloads.media.probing import probe

    with tempfile.TemporaryDirectory(prefix="hiroba-probes-") as name:
        files = _files(Path(name), given.files)
        probe(files[0])
        ours = _rate(lambda path: probe(path), files)
        children().end()
        other = _rate(_ffprobe, files[:FEW]) if shutil.which("ffprobe") else None
    say(f"{ours:.0f} files a second" + (f", {other:.0f} by ffprobe" if other else ""))
    goals_tell([Goal("files probed", ours, WANTED, "/s", is_floor=True)])


def _files(folder: Path, count: int) -> list[Path]:
    made = []
    pictures = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=24:duration=20", "-f", "lavfi", "-i", "sine=d=20"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"]
    for ending in ("mp4", "mkv"):
        made.append(folder / f"made.{ending}")
        command = ["ffmpeg", "-nostdin", "-v", "error", *pictures, *coded, str(made[-1])]
        subprocess.run(command, check=True)
    return [Path(shutil.copyfile(made[at % 2], folder / f"{at}{made[at % 2].suffix}")) for at in range(count)]


def _ffprobe(path: Path) -> object:
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format", "-show_chapters", str(path)]
    return subprocess.run(command, check=True, capture_output=True)


def _rate(look: Callable[[Path], object], files: list[Path]) -> float:
    began = time.monotonic()
    for path in files:
        look(path)
    return len(files) / (time.monotonic() - began)


if __name__ == "__main__":
    main()
