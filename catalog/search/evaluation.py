"""Measures the title search: repeatable slips of the keyboard made of real titles, and how often the anime is still found.

A committed row names a title without containing it: MAL id, digest of the title's text, seed. Text comes from the
catalogue in the database, the slips from the seed, so the query set is the same everywhere and holds nobody's data.
"""

from __future__ import annotations

import csv
import hashlib
import random
import statistics
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.search.normalise import fold, script_of, season_fold

SCRIPTS = ("latin", "cyrillic", "cjk")
RECIPES = ("exact", "one_typo", "two_typos", "prefix_typo", "shared_prefix", "no_punctuation", "word_order")
PREFIX_SHARE = 0.6
TOP = 5

_ALPHABETS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    # Kana and the kanji of everyday words: what an input method might have put there instead.
    "cjk": (
        "あいうえおかきくけこさしすせそたちつてとなにのはまみもらりるれんアイウエオカキクラリルレロンー"
        "日月人大小中上下年時分子女男水火木金土山川田花空海心手目口耳"
    ),
}


@dataclass(frozen=True, slots=True)
class Specimen:
    """One row of the query set. `digest` is the first 8 hex digits of the SHA-256 of the title's
    UTF-8 text, single-spaced."""

    mal_id: int
    digest: str
    seed: int
    script: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one query. `rank` counts from 1; 0 means not among the first 20. `milliseconds` is wall time."""

    script: str
    recipe: str
    rank: int
    milliseconds: float
    query: str
    title: str


def single_spaced(title: str) -> str:
    """A title without the stray spaces that importers clean away, so that a row means the same in file and database."""
    return " ".join(title.split())


def title_digest(title: str) -> str:
    """How a row of the query set names a title."""
    return hashlib.sha256(single_spaced(title).encode()).hexdigest()[:8]


def specimens_read(path: Path) -> list[Specimen]:
    """The committed query set. Raises OSError when the file is missing."""
    with path.open(newline="") as file:
        return [Specimen(int(r["mal_id"]), r["digest"], int(r["seed"]), r["script"]) for r in csv.DictReader(file)]


def _compact(text: str) -> str:
    return fold(text).replace(" ", "")


def beginning(title: str) -> str:
    """The first 60 % of a title's characters."""
    return title[: max(1, round(len(title) * PREFIX_SHARE))].rstrip()


class Names:
    """All names of a catalogue, to tell which anime a text could mean. Holds every title: for measuring only."""

    def __init__(self, titles: Iterable[tuple[int, str]]) -> None:
        """`titles` are (MAL id, title) pairs."""
        self._texts: dict[tuple[int, str], str] = {}
        self._named: dict[str, set[int]] = defaultdict(set)
        for mal_id, title in titles:
            self._texts[mal_id, title_digest(title)] = single_spaced(title)
            self._named[name_key(title)].add(mal_id)
            self._named[_compact(title)].add(mal_id)
        self._sorted = sorted(self._named)

    def text_of(self, specimen: Specimen) -> str | None:
        """The title that a row means; None when this catalogue does not have it."""
        return self._texts.get((specimen.mal_id, specimen.digest))

    def named(self, title: str) -> set[int]:
        """The anime that have the very same (folded) name: nobody could tell which is meant."""
        return self._named[name_key(title)]

    def sharing(self, text: str) -> set[int]:
        """The anime with a name that begins like `text`."""
        prefix = _compact(text)
        found: set[int] = set()
        for name in self._sorted[bisect_left(self._sorted, prefix) :]:
            if not name.startswith(prefix):
                break
            found |= self._named[name]
        return found

    def recipes(self, script: str, title: str) -> Iterator[str]:
        """The recipes that are fair for a title. A beginning that more than five anime share cannot name one of them."""
        is_shared = len(self.sharing(beginning(title))) > TOP
        for recipe in RECIPES:
            if recipe == ("prefix_typo" if is_shared else "shared_prefix"):
                continue
            if is_long_enough(recipe, script, title):
                yield recipe


def is_long_enough(recipe: str, script: str, title: str) -> bool:
    """Whether a slip leaves enough of the title to be meant by it.

    Letters that must be there: one typo 4 (CJK 3), two typos 6 (CJK 4), and 4 (CJK 3) in a beginning with a typo. A
    shorter title with a slip is simply another word. Word order asks for two words of two letters.
    """
    length = len(_compact(title))
    short = script == "cjk"
    if recipe == "one_typo":
        return length >= (3 if short else 4)
    if recipe == "two_typos":
        return length >= (4 if short else 6)
    if recipe in ("prefix_typo", "shared_prefix"):
        return len(_compact(beginning(title))) >= (3 if short else 4)
    if recipe == "word_order":
        words = fold(title).split()
        return len(words) > 1 and all(len(word) > 1 for word in words)
    return length >= 1


def mutate(recipe: str, script: str, title: str, seed: int) -> str:
    """The query that `recipe` makes of a title. The same arguments always give the same text."""
    rng = random.Random(f"{seed}:{recipe}")  # noqa: S311 - a repeatable choice, no secret
    if recipe == "one_typo":
        return _slip(rng, script, title)
    if recipe == "two_typos":
        return _slip(rng, script, _slip(rng, script, title))
    if recipe in ("prefix_typo", "shared_prefix"):
        return _slip(rng, script, beginning(title))
    if recipe == "no_punctuation":
        return "".join(c for c in title.lower() if c.isalnum() or c == " ")
    if recipe == "word_order":
        words = title.split()
        rng.shuffle(words)
        return " ".join(words)
    return title


def _slip(rng: random.Random, script: str, text: str) -> str:
    """One edit at a letter or digit: a wrong character, a missing one, one too many, or two swapped."""
    places = [i for i, character in enumerate(text) if character.isalnum()]
    at = rng.choice(places or [0])
    kind = rng.choice(("replace", "delete", "insert", "swap"))
    other = rng.choice([letter for letter in _ALPHABETS[script] if text[at : at + 1].casefold() != letter])
    if kind == "swap" and at + 1 < len(text) and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == "insert":
        return text[:at] + other + text[at:]
    if kind == "delete":
        return text[:at] + text[at + 1 :]
    return text[:at] + other + text[at + 1 :]


def specimens_choose(titles: Iterable[tuple[int, str]], *, per_script: int, seed: int) -> Iterator[Specimen]:
    """Draw titles at random, the same number of each script, from (MAL id, title) pairs in any order."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable choice, no secret
    by_script: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for mal_id, title in sorted({(mal_id, single_spaced(title)) for mal_id, title in titles}):
        if fold(title):
            by_script[script_of(title)].append((mal_id, title))
    for script in SCRIPTS:
        pool = by_script[script]
        for mal_id, title in sorted(rng.sample(pool, min(per_script, len(pool)))):
            yield Specimen(mal_id, title_digest(title), rng.randrange(1_000_000), script)


def evaluate(specimens: Iterable[Specimen], *, names: Names, search: Callable[[str], list[int]]) -> Iterator[Outcome]:
    """Ask every query of the set. `search` gives MAL ids, best first; a hit is any anime of the very same name."""
    for specimen in specimens:
        title = names.text_of(specimen)
        if title is None:
            continue
        wanted = names.named(title)
        for recipe in names.recipes(specimen.script, title):
            query = mutate(recipe, specimen.script, title, specimen.seed)
            began = time.perf_counter()
            found = search(query)
            elapsed = (time.perf_counter() - began) * 1000
            rank = next((place for place, mal_id in enumerate(found, 1) if mal_id in wanted), 0)
            yield Outcome(specimen.script, recipe, rank, elapsed, query, title)


def name_key(title: str) -> str:
    """Two titles with the same key are the same name to everybody who types it."""
    return season_fold(fold(title)).compact


def summarise(outcomes: list[Outcome]) -> dict[str, dict]:
    """`recall`: script → recipe → {n, at_1, at_5}; `milliseconds`: p50, p95, p99 and max of one search, in process."""
    table: dict[str, dict[str, dict[str, float]]] = {}
    for script in (*SCRIPTS, "all"):
        row = {}
        for recipe in RECIPES:
            ranks = [o.rank for o in outcomes if o.recipe == recipe and script in (o.script, "all")]
            if ranks:
                row[recipe] = {
                    "n": len(ranks),
                    "at_1": round(sum(rank == 1 for rank in ranks) / len(ranks), 4),
                    "at_5": round(sum(1 <= rank <= 5 for rank in ranks) / len(ranks), 4),
                }
        if row:
            table[script] = row
    times = sorted(o.milliseconds for o in outcomes)
    cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    spread = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": times[-1]} if times else {}
    return {"recall": table, "milliseconds": {name: round(value, 2) for name, value in spread.items()}}
