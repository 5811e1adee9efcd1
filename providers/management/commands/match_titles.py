"""`manage.py match_titles`: say which anime the titles on standard input are."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import orjson
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from catalog.facade import AnimeKind
from providers.matching.matcher import matcher
from providers.matching.queries import Query

MAX_TITLE = 500
MAX_LINE = 64 * 1024
"""Bytes of a line that are read into memory; the rest of a longer one is skipped."""
BATCH = 64
_WHOLE = {"year": (1, 9999), "episodes": (1, 100_000)}


class Command(BaseCommand):
    """Lines `{title, year?, type?, episodes?, provider?}` in, a line of JSON for each out, in the same order.

    A bad line is answered too, a blank one among them, with its `error`, and named on stderr; the exit code is 1 when
    there was one. A line break at the very end begins no line.
    """

    help = (
        "Read JSON lines of titles on standard input; write the anime each of them is, as JSON lines: one for every line, "
        "also for blank and bad ones (with an error), so that line n answers line n. A line break at the end is no line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="lines that are answered at once (default: 64)")

    def handle(self, *args: Any, **options: Any) -> None:
        bad = 0
        numbered = enumerate(lines_read(sys.stdin.buffer), 1)
        while lines := list(islice(numbered, max(1, options["batch"]))):
            asker = matcher()
            for number, line in lines:
                answer = _answer(asker, line)
                if error := answer.get("error"):
                    bad += 1
                    self.stderr.write(_("line %(number)d: %(error)s") % {"number": number, "error": error})
                self.stdout.write(orjson.dumps(answer).decode())
            self.stdout.flush()
        if bad:
            sys.exit(1)


def lines_read(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of at most `MAX_LINE` + 1 bytes: a longer one is cut, so that it is seen to be too long."""
    while line := stream.readline(MAX_LINE + 1):
        rest = line
        while not rest.endswith(b"\n") and len(rest) > MAX_LINE:
            rest = stream.readline(MAX_LINE + 1)
        yield line


def _answer(asker: Any, line: bytes) -> dict[str, Any]:
    title, query, error = line_parse(line)
    found: dict[str, Any] = {"title": title, "mal_id": None, "anime_id": None, "confidence": 0, "decision": "none"}
    if query is None:
        return {**found, "reasons": [], "error": error}
    match = asker.match(query)
    found |= {"confidence": match.confidence, "decision": match.decision, "reasons": list(match.reasons)}
    return found | {"mal_id": match.mal_id, "anime_id": match.anime_id}


def line_parse(line: bytes) -> tuple[str | None, Query | None, str]:
    """(the title as it was given, the query or None, what is wrong with the line)."""
    if len(line) > MAX_LINE:
        return None, None, _("the line is too long")
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None, None, _("not JSON")
    if not isinstance(record, dict):
        return None, None, _("not an object")
    title = record.get("title")
    if not isinstance(title, str) or not title.strip():
        return None, None, _("no title")
    if len(title) > MAX_TITLE:
        return title[:MAX_TITLE], None, _("the title is longer than %d characters") % MAX_TITLE
    for field, (least, most) in _WHOLE.items():
        value = record.get(field)
        if value is not None and (type(value) is not int or not least <= value <= most):
            return title, None, _("“%s” is not a number that can be") % field
    kind, provider = record.get("type") or "", record.get("provider") or ""
    if not isinstance(kind, str) or not isinstance(provider, str):
        return title, None, _("“type” and “provider” are texts")
    kind = kind.strip().lower().replace(" ", "_")
    known = kind if kind in AnimeKind.values else ""
    return title, Query(title, (), record.get("year"), known, record.get("episodes"), provider=provider), ""
