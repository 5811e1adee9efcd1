"""Draws the query set of the title search: `python bench/search/make_queries.py JIKAN.jsonl.gz`, always the same rows.

The rows name titles by MAL id and digest, never by text; catalog/search/evaluation.py turns them into queries again.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

PER_SCRIPT = 600
SEED = 20_261


def jikan_titles(path: Path) -> Iterator[tuple[int, str]]:
    """(MAL id, title) pairs of a file with one Jikan record a line, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            for title in record["titles"]:
                yield record["mal_id"], title["title"]


def main() -> None:
    """Write the rows to queries.csv beside this script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from catalog.search.evaluation import specimens_choose

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("--per-script", type=int, default=PER_SCRIPT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("queries.csv"))
    arguments = parser.parse_args()
    titles = jikan_titles(arguments.records)
    count = 0
    with arguments.output.open("w", newline="", encoding="ascii") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["mal_id", "digest", "seed", "script"])
        for row in specimens_choose(titles, per_script=arguments.per_script, seed=arguments.seed):
            writer.writerow([row.mal_id, row.digest, row.seed, row.script])
            count += 1
    print(f"{count} titles in {arguments.output}")


if __name__ == "__main__":
    main()
