"""`manage.py search_evaluate`: how often the title search finds what was meant, by script and kind of slip, and how fast."""

from __future__ import annotations

import random
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalog.models import ExternalId, Site, Title
from catalog.search import titles_search
from catalog.search.evaluation import RECIPES, Names, Outcome, evaluate, specimens_read, summarise

QUERIES = Path(settings.BASE_DIR) / "bench" / "search" / "queries.csv"


class Command(BaseCommand):
    """Reads the committed query set, takes the titles' text from the database, asks `titles_search` in this process."""

    help = "Measure the recall and the speed of the title search on the committed query set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--sample` takes that many rows of the set at random (the same ones every time)."""
        parser.add_argument("--sample", type=int, default=0, help="use only this many rows of the query set")
        parser.add_argument("--queries", type=Path, default=QUERIES, help="another query set (see bench/search/)")
        parser.add_argument("--json", type=Path, help="also write the figures to this file")
        parser.add_argument("--misses", type=int, default=0, help="show this many queries that were not answered")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the table, then the same as JSON on one line."""
        specimens = specimens_read(options["queries"])
        if options["sample"]:
            specimens = random.Random(1).sample(specimens, min(options["sample"], len(specimens)))  # noqa: S311
        mal_ids = mal_ids_by_anime()
        titles = Title.objects.values_list("anime_id", "text").iterator()
        names = Names((mal_ids[anime_id], text) for anime_id, text in titles if anime_id in mal_ids)
        known = sum(names.text_of(specimen) is not None for specimen in specimens)
        if not known:
            raise CommandError("The database has none of the query set's titles: import the Jikan records first.")

        def search(query: str) -> list[int]:
            return [mal_ids.get(hit.anime_id, 0) for hit in titles_search(query, include_adult=True)]

        search("warm up")
        outcomes = list(evaluate(specimens, names=names, search=search))
        figures = summarise(outcomes) | {"titles": len(specimens), "titles_in_database": known}
        self._print(figures)
        self._print_misses([outcome for outcome in outcomes if not 1 <= outcome.rank <= 5][: options["misses"]])
        text = orjson.dumps(figures).decode()
        self.stdout.write(text)
        if options["json"]:
            options["json"].write_text(text + "\n", encoding="utf-8")

    def _print(self, figures: dict[str, Any]) -> None:
        self.stdout.write(
            f"{figures['titles_in_database']} of the set's {figures['titles']} titles are in the database"
        )
        self.stdout.write("recall@5 in % (first place in brackets), number of queries\n")
        self.stdout.write(f"{'':10}" + "".join(f"{recipe:>22}" for recipe in RECIPES))
        for script, row in figures["recall"].items():
            cells = (
                f"{cell['at_5'] * 100:.1f} ({cell['at_1'] * 100:.1f}) {cell['n']:5}"
                if (cell := row.get(recipe))
                else "–"
                for recipe in RECIPES
            )
            self.stdout.write(f"{script:10}" + "".join(f"{cell:>22}" for cell in cells))
        times = "  ".join(f"{name} {value:.1f}" for name, value in figures["milliseconds"].items())
        self.stdout.write(f"milliseconds for one search: {times}\n")

    def _print_misses(self, missed: list[Outcome]) -> None:
        for outcome in missed:
            self.stdout.write(
                f"{outcome.script} {outcome.recipe} {outcome.rank}: {outcome.query!r} for {outcome.title!r}"
            )


def mal_ids_by_anime() -> dict[int, int]:
    """Anime id → MAL id."""
    rows = ExternalId.objects.filter(site=Site.MAL).values_list("anime_id", "value")
    return {anime_id: int(value) for anime_id, value in rows if value.isdigit()}
