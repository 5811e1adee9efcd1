"""`manage.py refresh_metadata`: ask the metadata services about the anime that are due, here and now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.facade import anime_ids_by_external
from providers.metadata.clients import clients_enabled
from providers.services.refresh import anime_ids_due, anime_refresh


class Command(BaseCommand):
    """Prints how many anime were asked about and what came of it. Started again, it goes on where it was stopped."""

    help = "Ask the enabled metadata services about anime that are due and merge what they say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, help="at most so many anime (default: what one run may ask for)")
        parser.add_argument("--mal-id", type=int, action="append", default=[], help="only this anime; may be repeated")
        parser.add_argument("--now", action="store_true", help="ask even about what is not due")

    def handle(self, *args: Any, **options: Any) -> None:
        if not clients_enabled():
            raise CommandError(_("No metadata service is switched on."))
        limit = options["limit"]
        if limit is not None and limit < 1:
            raise CommandError(_("The limit must be at least 1."))
        chosen = options["mal_id"]
        anime_ids = _ids_of(chosen)[:limit] if chosen else anime_ids_due(limit=limit)
        refreshed = anime_refresh(
            anime_ids=anime_ids,
            started_at=timezone.now(),
            is_forced=options["now"],
            keep=lambda done, counts: self.stdout.write(f"{done} / {len(anime_ids)}"),
        )
        for name, count in sorted(refreshed.counts.items()):
            self.stdout.write(f"{name}: {count}")
        if refreshed.delay:
            raise CommandError(
                _("The services want to be left alone for %(seconds)d seconds.") % {"seconds": refreshed.delay}
            )


def _ids_of(mal_ids: list[int]) -> list[int]:
    found = anime_ids_by_external(("mal", str(mal_id)) for mal_id in mal_ids)
    missing = [mal_id for mal_id in mal_ids if ("mal", str(mal_id)) not in found]
    if missing:
        raise CommandError(_("No anime has the MAL id %s.") % missing[0])
    return list(dict.fromkeys(min(found["mal", str(mal_id)]) for mal_id in mal_ids))
