"""`make bench-recommendations`: recall@20 of recommendations against most-popular, on held-out ratings of real people.

A fifth of each person's ratings (seed 2026) is hidden; the rest is loaded into an empty database as people of the site, the
nightly work is done, and every person is asked what they are recommended. Recall is the share of the hidden ones among the
first twenty, the mean over people; most-popular offers everybody what most people rated, without what they have.
"""

import csv
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import orjson

from bench.goals import Goal, table
from bench.real_data import data_folder
from bench.report import say

SEED, HIDDEN, SHOWN = 2026, 0.2, 20
LIKED = 70
FACTOR = 1.3
NAME = "recall@20 of recommendations against most-popular"
Line = dict[str, str]


def ratings_file() -> Path | None:
    """The table of ratings, in HIROBA_DATA or ../shared/data beside the repository."""
    folder = data_folder()
    path = folder and folder / "lists" / "user_ratings.csv"
    return path if path and path.is_file() else None


def split(path: Path) -> tuple[list[Line], dict[str, dict[int, int]]]:
    """(lines that are known, per person: hidden MAL id → score 0–100)."""
    by_person: dict[str, list[Line]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            by_person.setdefault(line["user_id"], []).append(line)
    chance = random.Random(SEED)
    known: list[Line] = []
    hidden: dict[str, dict[int, int]] = {}
    for person, own in by_person.items():
        own.sort(key=lambda line: int(line["anime_id"]))
        chance.shuffle(own)
        cut = round(len(own) * HIDDEN)
        hidden[person] = {int(line["anime_id"]): round(float(line["rating"]) * 10) for line in own[:cut]}
        known += own[cut:]
    return known, hidden


def recall(shown: dict[str, list[int]], hidden: dict[str, dict[int, int]], *, least: int = 0) -> float:
    """The mean share of hidden anime (scored at least `least`) among those shown, over people who have some."""
    shares = []
    for person, scores in hidden.items():
        wanted = {anime for anime, score in scores.items() if score >= least}
        if wanted:
            shares.append(len(wanted & set(shown[person][:SHOWN])) / len(wanted))
    return sum(shares) / len(shares)


def popular(known: list[Line], people: list[str]) -> dict[str, list[int]]:
    """What most people rated, without what each has."""
    count = Counter(int(line["anime_id"]) for line in known)
    order = sorted(count, key=lambda anime: (-count[anime], anime))
    own: dict[str, set[int]] = {person: set() for person in people}
    for line in known:
        own[line["user_id"]].add(int(line["anime_id"]))
    return {person: [anime for anime in order if anime not in own[person]][:SHOWN] for person in people}


def recommended(known: list[Line], people: list[str]) -> tuple[dict[str, list[int]], dict[str, float]]:
    """What the site recommends, through its own services, and how long each step took in seconds."""
    from accounts.models import User
    from catalog.facade import Site, external_ids_of
    from lists.recommending.ratings_file import COLUMNS, ratings_read
    from lists.selectors.recommendations import recommendations_of
    from lists.services.neighbours import neighbours_rebuild
    from lists.services.rating_tables import rating_table_load

    took: dict[str, float] = {}
    began = time.perf_counter()
    texts = [",".join(COLUMNS), *(",".join(line[name] for name in COLUMNS) for line in known)]
    rating_table_load(lines=ratings_read(texts))
    took["load"] = time.perf_counter() - began
    began = time.perf_counter()
    neighbours_rebuild()
    took["neighbours"] = time.perf_counter() - began
    began = time.perf_counter()
    users = {user.username: user for user in User.objects.filter(username__startswith="rater_")}
    found = {person: recommendations_of(users[f"rater_{person}"], limit=SHOWN) for person in people}
    took["each person"] = (time.perf_counter() - began) / len(people)
    ids = external_ids_of({item.anime_id for items in found.values() for item in items}, sites=[Site.MAL])
    return {
        person: [int(ids[item.anime_id][Site.MAL][0]) for item in items if item.anime_id in ids]
        for person, items in found.items()
    }, took


def recommendations() -> list[Goal]:
    """Load, compute, ask, compare; prints a table. In a database of its own, gone afterwards."""
    path = ratings_file()
    if path is None:
        return [Goal(NAME, None, FACTOR, "×", is_floor=True, why="HIROBA_DATA has no lists/user_ratings.csv")]
    known, hidden = split(path)
    people = list(hidden)
    usual = popular(known, people)
    ours, took = recommended(known, people)
    rows = [
        [label, f"{recall(usual, hidden, least=least):.4f}", f"{recall(ours, hidden, least=least):.4f}"]
        for label, least in (("all hidden ratings", 0), (f"hidden ratings of {LIKED} and more", LIKED))
    ]
    say(f"{len(known):,} ratings known, {sum(map(len, hidden.values())):,} hidden, {len(people)} people, seed {SEED}")
    say(table(["recall@20", "most popular", "Hiroba"], rows))
    say(", ".join(f"{step} {seconds:.3g} s" for step, seconds in took.items()) + "\n")
    return [Goal(NAME, recall(ours, hidden) / recall(usual, hidden), FACTOR, "×", is_floor=True)]


def main() -> int:
    """Exit code 1 when the goal is missed, 0 when it is met or the data is not there. `--json`: the last line is for `make bench`."""
    with tempfile.TemporaryDirectory(prefix="hiroba-recommendations-") as folder:
        os.environ.update(
            DATA_DIR=folder,
            DATABASE_URL="",
            REDIS_URL="",
            DJANGO_SETTINGS_MODULE="config.settings",
            LOG_LEVEL="WARNING",
        )
        os.environ.setdefault("SECRET_KEY", "only for this measurement, which nobody can reach")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        goals = recommendations()
    if "--json" in sys.argv:
        say(orjson.dumps({"measured": goals[0].measured, "why": goals[0].why}).decode())
        return 0
    for goal in goals:
        say(goal.line())
    return int(any(goal.measured is not None and not goal.is_met for goal in goals))


if __name__ == "__main__":
    sys.exit(main())
