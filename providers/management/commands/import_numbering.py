"""`manage.py import_numbering`: how episode numbers of one site stand for those of another."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from providers.numbering.anime_list import AnimeListRead, anime_list_read
from providers.numbering.reading import NumberingUnreadable, file_read
from providers.numbering.relations import RelationsRead, relations_read
from providers.services.numbering import numbering_replace


class Command(BaseCommand):
    """Prints one JSON line with the counts on stdout, what it does on stderr. Exit code 2: a file cannot be read, 1: a line
    of it cannot; nothing is stored then.
    """

    help = "Replace the mapping of episode numbers by what these files say (plain or gzip)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--relations", type=Path, help="anime-relations.txt: episodes that are those of another anime"
        )
        parser.add_argument("--anidb", type=Path, help="anime-list-master.xml: AniDB's numbers at TheTVDB")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["relations"] and not options["anidb"]:
            raise CommandError(_("Name a file: --relations, --anidb or both."), returncode=2)
        counts: dict[str, int] = {}
        redirects = series = None
        if options["relations"]:
            relations: RelationsRead = self._read(options["relations"], lambda data: relations_read(data.decode()))
            redirects = relations.redirects
            counts |= {"redirects": len(redirects), "unknown": relations.unknown, "repeated": relations.repeated}
        if options["anidb"]:
            listed: AnimeListRead = self._read(options["anidb"], anime_list_read)
            series = listed.series
            counts |= {"series": len(series), "elsewhere": listed.elsewhere}
        self.stderr.write(_("Storing…"))
        numbering_replace(redirects=redirects, series=series)
        self.stdout.write(json.dumps(counts))

    def _read(self, path: Path, parse: Any) -> Any:
        self.stderr.write(_("Reading {path}…").format(path=path))
        try:
            return parse(file_read(path))
        except UnicodeDecodeError as error:
            raise CommandError(_("{path} is no text.").format(path=path), returncode=2) from error
        except NumberingUnreadable as error:
            if error.place:
                words = _("{path}, entry or line {place}: {reason}")
                words = words.format(path=path, place=error.place, reason=error.reason)
                raise CommandError(words, returncode=1) from error
            words = _("{path} cannot be read: {reason}").format(path=path, reason=error.reason)
            raise CommandError(words, returncode=2) from error
