"""`manage.py parse_names`: file names on standard input, a line each, to JSON lines on standard output."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import orjson
from django.core.management.base import BaseCommand

from downloads.names.known import KnownTitles
from downloads.names.parsed import ParsedName
from downloads.names.parser import name_parse

FIELDS: Final = (
    "name",
    "title",
    "season",
    "episodes",
    "absolute",
    "year",
    "group",
    "resolution",
    "crc",
    "version",
    "kind",
)
# A line longer than this, in bytes, is cut: no file system holds such a name.
LINE_MAX: Final = 64 * 1024


class Command(BaseCommand):
    """Answers each line as soon as it has come; the memory does not grow with the input."""

    help = "Read file names from standard input, a line each, and write what they say as JSON lines."
    requires_system_checks: Final = []  # type: ignore[misc]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--catalogue` needs a database with titles; without it none is asked."""
        parser.add_argument(
            "--catalogue",
            action="store_true",
            help="tell titles that hold numbers from episodes by the titles of the database",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends quietly when the reader of its output goes away."""
        known = catalogue_titles() if options["catalogue"] else None
        out = sys.stdout.buffer if hasattr(sys.stdout, "buffer") else None
        for line in _lines(sys.stdin.buffer):
            row = row_of(name_parse(line, known))
            if out is None:
                self.stdout.write(row.decode())
                continue
            try:
                out.write(row + b"\n")
                out.flush()
            except BrokenPipeError:
                return


def catalogue_titles() -> KnownTitles:
    """The titles of every anime of the database, in every language it has them in."""
    from catalog.facade import names_of

    return KnownTitles(name.text for name in names_of().names)


def row_of(parsed: ParsedName) -> bytes:
    """One line of the output. Half a character (a lone surrogate) is written as a question mark."""
    fields = parsed.as_json()
    row = {field: fields[field] for field in FIELDS}
    if "." in parsed.number:
        row["episodes"] = [float(parsed.number)] * 2
    try:
        return orjson.dumps(row)
    except TypeError:
        texts = {
            key: value.encode(errors="replace").decode() if isinstance(value, str) else value
            for key, value in row.items()
        }
        return orjson.dumps(texts)


def _lines(source: BinaryIO) -> Iterator[str]:
    """Lines without their ends; bytes that are no UTF-8 become replacement signs, the rest of too long a line is passed over."""
    while line := source.readline(LINE_MAX):
        tail = line
        while not tail.endswith(b"\n") and (tail := source.readline(LINE_MAX)):
            pass
        yield line.rstrip(b"\r\n").decode(errors="replace")


__all__ = ["Command", "catalogue_titles", "row_of"]
