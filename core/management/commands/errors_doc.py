"""`manage.py errors_doc [--check]`: writes docs/errors.md, or says that it is out of date."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from core.error_docs import errors_markdown


class Command(BaseCommand):
    help = "Write docs/errors.md from the error classes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Fail when the file differs instead of writing it.")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "errors.md"
        with translation.override("en"):
            text = errors_markdown()
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            raise CommandError("docs/errors.md is out of date: run `manage.py errors_doc`")
        if not check:
            path.write_text(text, encoding="utf-8")
