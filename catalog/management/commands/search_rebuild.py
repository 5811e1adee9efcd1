"""`manage.py search_rebuild`: build the title index anew from the database."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from catalog.search import titles_rebuild


class Command(BaseCommand):
    """Needed only after somebody changed the database behind the services' back; otherwise the index follows by itself."""

    help = "Build the title index anew from the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many anime and how long it took."""
        began = time.monotonic()
        count = titles_rebuild()
        self.stdout.write(f"{count} anime indexed in {time.monotonic() - began:.1f} s")
