"""`python -m bench.covers [FOLDER]`: covers hashed per second on one core, and how often the hash is wrong.

A thousand covers are drawn (`providers.tests.covers.pictures`), saved as JPEG, and each is also saved as other sites would
send it. A copy farther than a threshold from its original is a miss; two different covers nearer than it are a false match.
With a folder, the pictures in it are measured besides.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from bench.goals import Goal, goals_tell, table
from bench.report import say

COVERS, WARM = 1_000, 50
THRESHOLDS = (6, 8, 10, 12, 14)
FLOOR = 700


def main() -> int:
    """Print the tables and the goal."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from providers.tests.covers.pictures import cover_draw

    drawn = [cover_draw(seed) for seed in range(COVERS)]
    rate = errors("drawn covers", drawn)
    for folder in sys.argv[1:]:
        errors(folder, pictures_in(Path(folder)))
    goal = Goal("covers hashed on one core", rate, FLOOR, "/s", is_floor=True)
    goals_tell([goal])
    return 0


def errors(name: str, images: list[Image.Image]) -> float:
    """Print the tables of one set of different pictures; how many originals were hashed in a second of processor time."""
    import numpy as np

    from providers.covers.hashing import cover_hash
    from providers.tests.covers.pictures import COPIES, jpeg

    files = [jpeg(image) for image in images]
    for file in files[:WARM]:
        cover_hash(file)
    began = time.process_time()
    found = [cover_hash(file) for file in files]
    rate = len(files) / (time.process_time() - began)
    known = [place for place, value in enumerate(found) if value is not None]
    hashes = np.array([found[place] for place in known], np.int64).view(np.uint64)
    sizes = sum(map(len, files)) / len(files) / 1000
    say(
        f"{name}: {len(images)} of {sizes:.0f} kB on average, {len(images) - len(known)} with nothing on them, {rate:.0f}/s"
    )
    rows = [
        _row(copy, np.bitwise_count(hashes ^ _hashes(images, known, make)), "miss") for copy, make in COPIES.items()
    ]
    pairs = np.triu_indices(len(hashes), 1)
    rows.append(_row(f"{len(pairs[0]):,} pairs", np.bitwise_count(hashes[pairs[0]] ^ hashes[pairs[1]]), "false"))
    say(table(["", "p50", "p99", "least", "most", *(f"wrong at {bound}" for bound in THRESHOLDS)], rows))
    say()
    return rate


def pictures_in(folder: Path) -> list[Image.Image]:
    """Every picture below a folder that is large enough to be one."""
    images = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".avif") and path.stat().st_size > 4_000:
            with Image.open(path) as opened:
                if min(opened.size) >= 100:
                    images.append(opened.convert("RGB"))
    return images


def _hashes(images: list[Image.Image], known: list[int], make: Callable[[Image.Image], bytes]) -> Any:
    import numpy as np

    from providers.covers.hashing import cover_hash

    # A copy that seems to be empty is counted as far away.
    return np.array([cover_hash(make(images[place])) or 0 for place in known], np.int64).view(np.uint64)


def _row(name: str, distances: Any, kind: str) -> list[str]:
    import numpy as np

    far = [np.count_nonzero(distances > bound if kind == "miss" else distances <= bound) for bound in THRESHOLDS]
    shares = [f"{count / len(distances):.2%}" if kind == "miss" else f"{count}" for count in far]
    middle, high = np.percentile(distances, (50, 99))
    return [name, f"{middle:.0f}", f"{high:.0f}", str(distances.min()), str(distances.max()), *shares]


if __name__ == "__main__":
    sys.exit(main())
