"""`python -m bench.matching`: how well and how fast real provider titles find their anime, by title alone.

Needs the records of HIROBA_DATA imported (DATA_DIR or DATABASE_URL say where), after them the ids and names that
`bench.imports.NAMES` lists, and `providers/title-pairs.jsonl.gz`. Weights
were fitted (`bench.matching_fit`) to the half of the pairs that `is_tuning` names; the other half was only ever counted.
Times are CPU seconds of one process.
"""

import gzip
import os
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import orjson

from bench.goals import Goal, goals_tell
from bench.real_data import data_folder
from bench.report import say

Pair = dict[str, str | int]
WARM_UP = 500


def pairs_file() -> Path | None:
    """The pairs, in HIROBA_DATA or ../shared/data beside the repository."""
    folder = data_folder()
    path = folder and folder / "providers" / "title-pairs.jsonl.gz"
    return path if path and path.is_file() else None


def pairs_read(path: Path) -> list[Pair]:
    """Every pair: provider_title and mal_id are what counts."""
    with gzip.open(path) as lines:
        return [orjson.loads(line) for line in lines]


def is_tuning(mal_id: int) -> bool:
    """Whether an anime's pairs belong to the half that weights were fitted to."""
    return (mal_id * 2_654_435_761 >> 7) % 2 == 0


def shares(outcomes: Sequence[tuple[bool, str]]) -> dict[str, float]:
    """Of (was the best candidate right, decision): top1, auto, wrong (of auto), queue, none, all in percent."""
    count = max(1, len(outcomes))
    auto = [is_right for is_right, decision in outcomes if decision == "auto"]
    return {
        "top1": 100 * sum(is_right for is_right, _ in outcomes) / count,
        "auto": 100 * len(auto) / count,
        "wrong": 100 * (len(auto) - sum(auto)) / max(1, len(auto)),
        "queue": 100 * sum(decision == "queue" for _, decision in outcomes) / count,
        "none": 100 * sum(decision == "none" for _, decision in outcomes) / count,
    }


def measure(pairs: list[Pair]) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """(shares by half and of all, {seconds to build, megabytes more, titles a second})."""
    from providers.matching.matcher import matcher
    from providers.matching.queries import Query

    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    asked = matcher()
    costs = {"build": time.process_time() - began}
    costs["megabytes"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    queries = [Query(str(pair["provider_title"])) for pair in pairs]
    asked.match_many(queries[:WARM_UP])
    began = time.process_time()
    matches = asked.match_many(queries)
    costs["speed"] = len(queries) / (time.process_time() - began)
    outcomes = [(match.mal_id == pair["mal_id"], match.decision) for match, pair in zip(matches, pairs, strict=True)]
    tuning = [is_tuning(int(pair["mal_id"])) for pair in pairs]
    halves = {
        "tuned on": shares([one for one, is_own in zip(outcomes, tuning, strict=True) if is_own]),
        "held out": shares([one for one, is_own in zip(outcomes, tuning, strict=True) if not is_own]),
        "all": shares(outcomes),
    }
    return halves, costs


def main() -> int:
    """Print the figures; exit code 2 without the pairs."""
    path = pairs_file()
    if path is None:
        sys.stderr.write("bench.matching needs providers/title-pairs.jsonl.gz in HIROBA_DATA.\n")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    halves, costs = measure(pairs_read(path))
    for name, found in halves.items():
        say(f"{name:<9}" + "  ".join(f"{key} {value:5.2f} %" for key, value in found.items()))
    say(f"index: {costs['build']:.1f} s, {costs['megabytes']:.0f} MB at its highest; {costs['speed']:,.0f} titles/s")
    every = halves["all"]
    goals = [
        Goal("best candidate is right, by title alone", every["top1"], 96, "%", is_floor=True),
        Goal("decided automatically", every["auto"], 85, "%", is_floor=True),
        Goal("of those wrong", every["wrong"], 1.5, "%"),
        Goal("titles matched in a CPU second", costs["speed"], 2_000, "/s", is_floor=True),
    ]
    goals_tell(goals)
    return 0


if __name__ == "__main__":
    sys.exit(main())
