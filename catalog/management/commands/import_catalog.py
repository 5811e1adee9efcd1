"""`manage.py import_catalog`: take a catalogue file into the database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from catalog.importing.formats import FORMATS
from catalog.importing.reader import UnreadableFile
from catalog.importing.runs import ImportConflict, Importer
from catalog.search import titles_refresh

BAR = 30


class Command(BaseCommand):
    """Prints one JSON line with the counts on stdout; bad records and progress go to stderr."""

    help = "Import anime (and their episodes) from a file, plain or gzipped, JSON or JSON lines. Goes on where it was stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True, choices=FORMATS)
        parser.add_argument("--episodes", type=Path, help="a file of episodes that name their anime by mal_id")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would happen")
        parser.add_argument("--strict", action="store_true", help="exit code 1 when a record was skipped")

    def handle(self, *args: Any, **options: Any) -> None:
        importer = Importer(
            format=options["format"],
            path=options["file"],
            episodes_path=options["episodes"],
            is_dry=options["dry_run"],
            tell=self._tell,
            progress=self._progress,
        )
        try:
            summary = importer.import_all()
        except (UnreadableFile, ImportConflict) as error:
            raise CommandError(str(error)) from error
        finally:
            self._bar_clear()
        if not options["dry_run"]:
            titles_refresh()
        self.stdout.write(json.dumps(summary))
        if options["strict"] and (summary["skipped"] or summary["episodes_skipped"]):
            raise CommandError(_("some records were skipped"))

    def _tell(self, line: str) -> None:
        self._bar_clear()
        self.stderr.write(line)

    def _progress(self, stage: str, done: int, share: float) -> None:
        if self.stderr.isatty():
            filled = int(share * BAR)
            bar = "█" * filled + "·" * (BAR - filled)
            self.stderr.write(f"\r{stage:<10}{bar} {share:>4.0%} {done:,}", ending="")
            self.stderr.flush()

    def _bar_clear(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\x1b[K", ending="")
