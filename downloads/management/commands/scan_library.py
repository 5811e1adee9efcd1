"""`manage.py scan_library [--no-probe] [--rematch] [--sure] [--json]`: looks at the library's folders now, in this process."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from downloads.library.running import ScanLost
from downloads.library.scanning import library_scan
from downloads.models import LibraryScan, ScanState

_COUNTS = (
    "seen", "skipped", "added", "changed", "moved", "gone", "matched", "unmatched", "new_series", "new_episodes"
)  # fmt: skip


class Command(BaseCommand):
    """Exit code 1 and one line when the root is not there; while another scan runs its counts so far are told instead."""

    help = "Scan the library: new, changed, moved and vanished files; nothing is ever deleted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-probe", action="store_true", help="Do not look into new files afterwards.")
        parser.add_argument("--rematch", action="store_true", help="Try all files again that were not recognised.")
        parser.add_argument("--json", action="store_true", help="One line of JSON instead of words.")
        parser.add_argument("--sure", action="store_true", help="Believe it when nearly all files are gone.")

    def handle(self, *args: Any, no_probe: bool, rematch: bool, json: bool, sure: bool, **options: Any) -> None:
        try:
            scan = library_scan(is_probing=not no_probe, is_rematching=rematch, is_sure=sure)
        except DomainError as error:
            raise CommandError(f"{error.code}: {error} {error.extra.get('path', '')}".strip()) from error
        except ScanLost as error:
            raise CommandError("another scan took over") from error
        self.stdout.write(_line(scan) if json else _words(scan))


def _told(scan: LibraryScan) -> dict[str, Any]:
    counts = {name: getattr(scan, name) for name in _COUNTS}
    return {"scan": str(scan.pk), "state": scan.state, **counts, "seconds": round(scan.seconds, 3)}


def _line(scan: LibraryScan) -> str:
    return json.dumps(_told(scan))


def _words(scan: LibraryScan) -> str:
    told = _told(scan)
    begin = "Another scan runs: " if scan.state == ScanState.RUNNING else ""
    return begin + ", ".join(f"{name.replace('_', ' ')} {told[name]}" for name in (*_COUNTS, "seconds"))
