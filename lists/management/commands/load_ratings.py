"""`manage.py load_ratings FILE [--prefix rater]`: many people's MAL ratings as people of this site, then their neighbours."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from lists.recommending.ratings_file import ratings_read
from lists.services.neighbours import neighbours_rebuild
from lists.services.rating_tables import rating_table_load


class Command(BaseCommand):
    help = (
        "Load a CSV of ratings (user_id, anime_id, rating, watching_status, watched_episodes; MAL's ids and numbers)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--prefix", default="rater", help="people are called <prefix>_<user_id>")

    def handle(self, *args: Any, file: Path, prefix: str, **options: Any) -> None:
        """Prints {"people", "entries", "stubs", "anime_with_neighbours"}."""
        try:
            with file.open(encoding="utf-8", newline="") as lines:
                done = rating_table_load(lines=list(ratings_read(lines)), prefix=prefix)
        except (OSError, ValueError) as error:
            raise CommandError(f"{file}: {error}") from error
        done["anime_with_neighbours"] = neighbours_rebuild()
        self.stdout.write(orjson.dumps(done).decode())
