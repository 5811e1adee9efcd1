"""`manage.py load_demo`: the demo catalogue and the demo series."""

from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from catalog.search import titles_refresh
from catalog.services.demo import demo_load
from core.serve.child import LEASH, leash_watch


class Command(BaseCommand):
    """Safe to repeat; a catalogue that is not empty gets the series only."""

    help = "Fills an empty catalogue with the demo data and adds the demo series, which plays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(LEASH, action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, leash: bool = False, **options: Any) -> None:
        if leash:
            leash_watch()
        result = demo_load(progress=self._say)
        titles_refresh()
        self.stdout.write(
            self.style.SUCCESS(f"{result.imported} anime imported; the demo series is anime {result.series_id}.")
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
