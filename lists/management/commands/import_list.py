"""`manage.py import_list`: bring a list of another site onto somebody's list, from a shell."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from accounts.facade import User
from core.errors import DomainError
from lists.exporting import FORMATS
from lists.models import ImportRule
from lists.selectors.imports import import_report
from lists.services.import_shell import list_bring


class Command(BaseCommand):
    """Prints one JSON object: `{total, new, changed, same, conflicts, unknown: [...], errors: [...]}`.

    A file that cannot be read, or is refused, changes nothing: exit code 1 and `{error, detail}` on stderr. Nobody of that
    name: exit code 2.
    """

    help = "Import a list (MyAnimeList, AniList, Kitsu, Shikimori, Yamtrack, Hiroba) for a person and print the report as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="whose list it joins: a username, in any case")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format",
            default="auto",
            choices=["auto", *FORMATS],
            help="the file's format; “auto” finds it out",
        )
        parser.add_argument("--rule", choices=ImportRule.values, default=ImportRule.NEWEST.value)
        parser.add_argument("--dry-run", action="store_true", help="change nothing, say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["user"]).first()
        if user is None:
            self._refuse(2, "user_unknown", f"There is nobody called {options['user']}.")
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                list_bring(
                    user=user,
                    file=file,
                    file_name=path.name,
                    format=options["format"],
                    rule=options["rule"],
                    is_dry=options["dry_run"],
                    report=lambda found: self.stdout.write(json.dumps(import_report(found), ensure_ascii=False)),
                )
        except OSError as error:
            self._refuse(1, "file_unreadable", str(error.strerror or error))
        except DomainError as error:
            self._refuse(1, error.code, str(error.detail or error.title))

    def _refuse(self, code: int, error: str, detail: str) -> NoReturn:
        self.stderr.write(json.dumps({"error": error, "detail": detail}, ensure_ascii=False))
        sys.exit(code)
