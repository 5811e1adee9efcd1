"""`python -m bench.library_scan [FILES]`: how long a scan of the library takes and how many files it recognises.

Works on a copy of DATA_DIR (a SQLite database with the real catalogue; see `bench.imports`), makes FILES (50,000) sparse files in
a temporary folder, named as people name them from the catalogue's own titles, and scans them twice, probing off. CPU seconds
are of this process. Nothing of DATA_DIR is changed.
"""

import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.goals import Goal, goals_tell
from bench.report import say

FILES = 50_000
SEED = 20_261_124
MOST_OF_ONE = 26
_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f]+')
GROUPS = ("SubsPlease", "Erai-raws", "HorribleSubs", "Coalgirls", "Judas", "EMBER")


@dataclass(frozen=True, slots=True)
class Show:
    """An anime of the catalogue as far as naming its files needs. `seasons`: {number: (season, number in it)} by TheTVDB."""

    id: int
    title: str
    english: str
    kind: str
    year: int | None
    count: int
    named_season: int
    seasons: dict[int, tuple[int, int]]
    episode_titles: dict[int, str]


@dataclass(frozen=True, slots=True)
class Truth:
    anime_id: int
    number: int
    shape: str


def safe(text: str) -> str:
    """A title as a file system takes it."""
    return " ".join(_UNSAFE.sub(" ", text).split()).strip(". ")[:120]


def _fansub(show: Show, number: int, dice: random.Random) -> str:
    group = dice.choice(GROUPS)
    return f"{safe(show.title)}/[{group}] {safe(show.title)} - {number:02} [1080p][{dice.getrandbits(32):08X}].mkv"


def _flat(show: Show, number: int, dice: random.Random) -> str:
    title = safe(show.title).replace(" ", "_")
    return f"Downloads/[{dice.choice(GROUPS)}]_{title}_-_{number:02}_[720p]_[{dice.getrandbits(32):08X}].mkv"


def _ours(show: Show, number: int, dice: random.Random) -> str:
    """The naming scheme of a new installation."""
    season, within = show.seasons.get(number, (show.named_season or 1, number))
    title = safe(show.title)
    year = f" ({show.year})" if show.year else ""
    return f"{title}{year}/Season {season:02}/{title} - S{season:02}E{within:02} [1080p].mp4"


def _english(show: Show, number: int, dice: random.Random) -> str:
    title = safe(show.english or show.title)
    return f"{title}/{title} - {number:02} (1080p).mkv"


def _scene(show: Show, number: int, dice: random.Random) -> str:
    title = re.sub(r"[^\w]+", ".", safe(show.english or show.title)).strip(".")
    season = show.named_season or 1
    return f"{title}/{title}.S{season:02}E{number:02}.1080p.WEB-DL.AAC2.0.H.264-GRP.mkv"


def _titled(show: Show, number: int, dice: random.Random) -> str:
    name = safe(show.episode_titles.get(number, "")) or f"Episode {number}"
    return f"Anime/{safe(show.title)}/{safe(show.title)} - {number:02} - {name[:80]}.mkv"


def _bare(show: Show, number: int, dice: random.Random) -> str:
    return f"{safe(show.title)}/{number:02}.mkv"


def _film(show: Show, number: int, dice: random.Random) -> str:
    title, year = safe(show.title), f" ({show.year})" if show.year else ""
    return f"Movies/{title}{year}/{title}{year} [1080p].mkv"


def _film_fansub(show: Show, number: int, dice: random.Random) -> str:
    return f"Movies/[{dice.choice(GROUPS)}] {safe(show.title)} [BD 1080p][{dice.getrandbits(32):08X}].mkv"


SERIES_SHAPES: tuple[Callable[[Show, int, random.Random], str], ...] = (
    _fansub, _fansub, _flat, _ours, _ours, _english, _scene, _titled, _bare
)  # fmt: skip
FILM_SHAPES = (_film, _film_fansub)


def shows() -> list[Show]:
    """The catalogue's anime with a known number of episodes, those that most people follow first."""
    from catalog.facade import anime_outlines, names_of
    from catalog.models import Episode
    from catalog.search.normalise import fold, season_fold

    names = names_of()
    english = {name.anime_id: name.text for name in names.names if name.kind == "official" and name.language == "en"}
    ranked = sorted(names.anime.values(), key=lambda one: -one.popularity)
    chosen = [one for one in ranked if one.episode_count and one.kind not in ("music", "pv", "cm")][:6000]
    outlines = anime_outlines([one.id for one in chosen])
    seasons: dict[int, dict[int, tuple[int, int]]] = {}
    titles: dict[int, dict[int, str]] = {}
    rows = Episode.objects.filter(kind="regular", anime__in=[one.id for one in chosen[:4000]]).order_by()
    for anime_id, number, season, within, title in rows.values_list(
        "anime", "number", "season__number", "season_number", "title"
    ).iterator():
        if season and within:
            seasons.setdefault(anime_id, {})[number] = (season, within)
        titles.setdefault(anime_id, {})[number] = title
    return [
        Show(
            one.id,
            outlines[one.id].title,
            english.get(one.id, ""),
            one.kind,
            one.year,
            one.episode_count or 1,
            season_fold(fold(outlines[one.id].title)).season,
            seasons.get(one.id, {}),
            titles.get(one.id, {}),
        )
        for one in chosen
    ]


def names_make(found: list[Show], files: int) -> dict[str, Truth]:
    """{relative path: what it is}; a series in one shape, from the most followed anime down."""
    dice = random.Random(SEED)
    made: dict[str, Truth] = {}
    for show in found:
        is_film = show.count == 1
        shape = dice.choice(FILM_SHAPES if is_film else SERIES_SHAPES)
        for number in range(1, min(show.count, MOST_OF_ONE) + 1):
            path = shape(show, number, dice)
            if path not in made and len(path.encode()) < 400:
                made[path] = Truth(show.id, number, shape.__name__.strip("_"))
            if len(made) >= files:
                return made
    return made


def files_make(root: Path, names: dict[str, Truth]) -> None:
    """Sparse files of different sizes, a day old: what was written a moment ago is looked at again."""
    day_ago = time.time() - 86_400
    for place, path in enumerate(names):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as handle:
            handle.truncate(200_000_000 + place)
        os.utime(file, (day_ago, day_ago + place / 1000))


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares in percent: recognised, of these wrong, recognised or the right one among the suggestions."""

    matched: float
    wrong: float
    suggested: float
    by_shape: dict[str, tuple[int, int, int]]


def rates_of(names: dict[str, Truth]) -> tuple[Rates, list[str]]:
    """How many files were recognised, and examples of the wrong and the unmatched."""
    from downloads.models import FileState, LibraryFile

    matched = wrong = suggested = total = 0
    shapes: dict[str, Counter[str]] = {}
    examples: list[str] = []
    for row in LibraryFile.objects.exclude(state=FileState.GONE).iterator(chunk_size=2000):
        truth = names.get(row.path)
        if truth is None:
            continue
        total += 1
        counts = shapes.setdefault(truth.shape, Counter())
        counts["all"] += 1
        if row.state == FileState.MATCHED:
            matched += 1
            counts["matched"] += 1
            if (row.anime_id, row.episode_kind, row.first) == (truth.anime_id, "regular", truth.number):
                suggested += 1
            else:
                wrong += 1
                counts["wrong"] += 1
                examples.append(f"WRONG {row.path} → {row.anime_id} {row.episode_kind} {row.first}, is {truth}")
        else:
            suggested += any(one[0] == truth.anime_id for one in row.suggestions)
            examples.append(f"NONE {row.path} {row.suggestions[:2]} is {truth}")
    by_shape = {name: (one["all"], one["matched"], one["wrong"]) for name, one in shapes.items()}
    return Rates(
        100 * matched / max(1, total), 100 * wrong / max(1, matched), 100 * suggested / max(1, total), by_shape
    ), examples


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(seconds by the clock, CPU seconds of this process)."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _copied(folder: Path) -> Iterator[Path]:
    """The data folder's database and index, copied."""
    source = Path(os.environ.get("DATA_DIR", "data"))
    if os.environ.get("DATABASE_URL") or not (source / "hiroba.sqlite3").is_file():
        raise SystemExit("bench.library_scan needs DATA_DIR with a SQLite database of the real catalogue")
    for name in ("hiroba.sqlite3", "hiroba.sqlite3-wal", "secret_key"):
        if (source / name).is_file():
            yield Path(shutil.copy(source / name, folder / name))
    if (source / "search").is_dir():
        yield Path(shutil.copytree(source / "search", folder / "search"))


def main() -> int:
    """Print the figures and the goals; exit code 2 without a catalogue."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    with tempfile.TemporaryDirectory(prefix="library-scan-", dir=os.environ.get("BENCH_TEMP")) as temporary:
        folder = Path(temporary)
        list(_copied(folder))
        os.environ["DATA_DIR"] = str(folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from downloads.library.scanning import library_scan

        call_command("migrate", verbosity=0)
        names = names_make(shows(), files)
        root = folder / "library"
        root.mkdir()
        files_make(root, names)
        if profile := os.environ.get("BENCH_PROFILE"):
            import cProfile

            profiler = cProfile.Profile()
            profiler.runcall(library_scan, root=root, is_probing=False)
            profiler.dump_stats(profile)
            return 0
        first = timed(lambda: library_scan(root=root, is_probing=False))
        second = timed(lambda: library_scan(root=root, is_probing=False))
        rates, examples = rates_of(names)
        _tell(len(names), first, second, rates)
        if keep := os.environ.get("BENCH_EXAMPLES"):
            Path(keep).write_text("\n".join(examples), encoding="utf-8", errors="backslashreplace")
    return 0


def _tell(count: int, first: tuple[float, float], second: tuple[float, float], rates: Rates) -> None:
    say(
        f"{count:,} files: first {first[0]:.1f} s (CPU {first[1]:.1f} s), second {second[0]:.2f} s (CPU {second[1]:.2f} s)"
    )
    for shape, (every, matched, wrong) in sorted(rates.by_shape.items()):
        say(f"  {shape:<12} {every:>6} files, {100 * matched / every:5.1f} % matched, {wrong} wrong")
    scale = FILES / max(1, count)
    goals_tell(
        [
            Goal("first scan of 50,000 files", first[0] * scale, 60, " s"),
            Goal("second scan of 50,000 files", second[0] * scale, 3, " s"),
            Goal("files recognised", rates.matched, 90, "%", is_floor=True),
            Goal("of those wrong", rates.wrong, 1.5, "%"),
            Goal("recognised or suggested", rates.suggested, 95, "%", is_floor=True),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
