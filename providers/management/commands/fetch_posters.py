"""`manage.py fetch_posters`: fetch and store posters that the site has no copy of, here and now."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from providers.services.posters import BATCH, posters_due, posters_fetch


class Command(BaseCommand):
    """Prints what came of it. Started again, it goes on where it was stopped."""

    help = "Fetch posters that are missing, what airs and is popular first, and store them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=BATCH, help="at most so many posters (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EGRESS_ENABLED:
            raise CommandError(_("Outgoing requests are switched off (EGRESS_ENABLED)."))
        if options["limit"] < 1:
            raise CommandError(_("The limit must be at least 1."))
        fetched = posters_fetch(anime_ids=posters_due(limit=options["limit"]))
        for name, count in sorted(fetched.counts.items()):
            self.stdout.write(f"{name}: {count}")
        if fetched.left:
            raise CommandError(
                _("%(count)d are left: their hosts want to be left alone for %(seconds)d seconds.")
                % {"count": len(fetched.left), "seconds": fetched.delay}
            )
