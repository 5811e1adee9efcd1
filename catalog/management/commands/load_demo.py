"""`manage.py load_demo`: the demo catalogue and the demo series."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.services.demo import demo_load


class Command(BaseCommand):
    """Safe to repeat; a catalogue that is not empty gets the series only."""

    help = "Fills an empty catalogue with the demo data and adds the demo series, which plays."

    def handle(self, *args: Any, **options: Any) -> None:
        result = demo_load(progress=self.stdout.write)
        self.stdout.write(
            self.style.SUCCESS(f"{result.imported} anime imported; the demo series is anime {result.series_id}.")
        )
