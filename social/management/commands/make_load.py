"""`manage.py make_load [--scale 1.0] [--texts FOLDER] [--seed 5]`: a site as large as a large one, to measure on."""

import random
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from accounts.facade import User
from catalog.facade import anime_ids_popular
from social.loading.people import people_load, relations_load
from social.loading.plan import PREFIX, Plan
from social.loading.streams import feed_load, notifications_load
from social.loading.texts import texts_read
from social.loading.threads import posts_load, threads_load
from social.models import Category

OTHERS = 1
"""The operator who tries it may have an account; with more people a site is somebody's, not a place to measure on."""


class Command(BaseCommand):
    help = "Fill an empty site with people who talk: 20,000 people, 500,000 comments and 1,000,000 votes at scale 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=float, default=1.0, help="of all numbers; 1 is the large site")
        parser.add_argument("--texts", type=Path, help="a folder with dialogues/*/*.yml and reviews.jsonl")
        parser.add_argument("--seed", type=int, default=5)
        parser.add_argument("--force", action="store_true", help="also where people are at home")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the numbers of rows that were made and the seconds that it took, as JSON. All of it, or nothing."""
        if not 0 < options["scale"] <= 10:
            raise CommandError("--scale is more than 0 and at most 10")
        plan, began = Plan().scaled(options["scale"]), time.monotonic()
        rng = random.Random(options["seed"])  # noqa: S311 — the same seed makes the same site
        anime = anime_ids_popular(plan.threads)
        self._check(anime, force=options["force"])
        try:
            said = texts_read(options["texts"], rng)
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['texts']}: {error}") from error
        done: dict[str, float] = {}
        with transaction.atomic():
            people = people_load(plan, rng)
            done |= {"people": len(people), **relations_load(plan, people, rng)}
            posts = posts_load(plan, people, said, rng)
            done |= {"posts": len(posts), **threads_load(plan, people, anime, posts, said, rng)}
            done["notifications"] = notifications_load(plan, people, rng)
            done["feed_items"] = feed_load(plan, people, anime, rng)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        done["seconds"] = round(time.monotonic() - began, 1)
        self.stdout.write(orjson.dumps(done).decode())

    def _check(self, anime: list[int], *, force: bool) -> None:
        if not anime:
            raise CommandError("the catalogue is empty: run load_demo or import_catalog first")
        if not Category.objects.filter(is_staff_only=False).exists():
            raise CommandError("there is no category that everybody may post in")
        if User.objects.filter(username__startswith=PREFIX).exists():
            raise CommandError("there is a load already; it is made once, in a database of its own")
        others = User.objects.count()
        if others > OTHERS and not force:
            raise CommandError(f"{others} people are at home here: --force loads beside them, for good")
