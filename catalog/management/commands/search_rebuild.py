"""`manage.py search_rebuild`: build the title index anew from the database."""

import time
from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from catalog.search import titles_rebuild
from core.serve.child import LEASH, leash_watch


class Command(BaseCommand):
    """Needed only after somebody changed the database behind the services' back; otherwise the index follows by itself."""

    help = "Build the title index anew from the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(LEASH, action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, leash: bool = False, **options: Any) -> None:
        """Say how many anime and how long it took."""
        if leash:
            leash_watch()
        began = time.monotonic()
        count = titles_rebuild()
        self.stdout.write(f"{count} anime indexed in {time.monotonic() - began:.1f} s")
