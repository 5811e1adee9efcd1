"""`python -m bench.list_import [LINES]`: how long `manage.py import_list` takes for a MyAnimeList file of that many entries.

The file is made of the catalogue's own MAL ids (fixed seed), for a person made for it, in the database that the
environment names. Prints one JSON object: `lines` and seconds of the whole command, the process's start included, for
`new` (into an empty list), `same` (the same file again), `changed` (every entry says something else, rule "theirs"), and
`start` (the command with an empty file).
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import orjson

ROOT = Path(__file__).resolve().parent.parent
LINES = 5_000
SEED = 7
USER = "bench_importer"
_STATUSES = ("Watching", "Completed", "On-Hold", "Dropped", "Plan to Watch")


def import_seconds(lines: int = LINES) -> dict[str, Any]:
    """The figures that the module's docstring names. Django must be set up."""
    from django.contrib.auth import get_user_model

    people = get_user_model().objects
    people.filter(username=USER).delete()
    people.create(username=USER, email=f"{USER}@example.org")
    known = _known(lines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xml"
        path.write_bytes(mal_list([]))
        found: dict[str, Any] = {"lines": len(known), "start": _timed(path)[0]}
        path.write_bytes(mal_list(known, seed=SEED))
        found["new"], new = _timed(path)
        found["same"], same = _timed(path)
        path.write_bytes(mal_list(known, seed=SEED + 1))
        found["changed"], changed = _timed(path, "--rule", "theirs")
    if (new["new"], same["same"], changed["conflicts"] > 0) != (len(known), len(known), True):
        raise RuntimeError(f"not every line came in: {new['new']}, {same['same']} of {len(known)}")
    people.filter(username=USER).delete()
    return found


def _known(lines: int) -> list[tuple[str, str, int]]:
    """(MAL id, title, episodes) of anime that anybody may see."""
    from catalog.models import ExternalId

    rows = ExternalId.objects.filter(site="mal", anime__visibility="public", anime__merged_into=None)
    fields = ("value", "anime__title", "anime__episode_count")
    return [(value, title, count or 12) for value, title, count in rows.order_by("pk").values_list(*fields)[:lines]]


def mal_list(known: Sequence[tuple[str, str, int]], *, seed: int = SEED) -> bytes:
    """An export of MyAnimeList with one entry for each (MAL id, title, episodes)."""
    rng = random.Random(seed)
    pieces = ["<myanimelist><myinfo><user_export_type>1</user_export_type></myinfo>"]
    for value, title, count in known:
        status = rng.choice(_STATUSES)
        seen = count if status == "Completed" else 0 if status == "Plan to Watch" else rng.randint(1, count)
        fields = {
            "series_animedb_id": value,
            "series_title": title,
            "series_type": "TV",
            "series_episodes": count,
            "my_watched_episodes": seen,
            "my_start_date": f"20{rng.randint(10, 24)}-0{rng.randint(1, 9)}-11" if seen else "0000-00-00",
            "my_finish_date": "0000-00-00",
            "my_score": rng.randint(0, 10),
            "my_status": status,
            "my_comments": "",
            "my_times_watched": 0,
            "my_tags": rng.choice(("", "", "", "favourites, to rewatch")),
            "update_on_import": 1,
        }
        pieces.append("<anime>" + "".join(f"<{n}>{escape(str(v))}</{n}>" for n, v in fields.items()) + "</anime>")
    return ("".join(pieces) + "</myanimelist>").encode()


def _timed(path: Path, *options: str) -> tuple[float, dict[str, Any]]:
    began = time.perf_counter()
    command = [sys.executable, str(ROOT / "manage.py"), "import_list", USER, str(path), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-500:])
    return round(time.perf_counter() - began, 2), orjson.loads(done.stdout)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(orjson.dumps(import_seconds(*map(int, sys.argv[1:2]))).decode())
